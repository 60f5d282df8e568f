"""One's own words: to read, to copy and to throw away, also where the form itself is no longer one's own."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from cycles.drafts.actions import delete_draft, rescue
from cycles.drafts.keeping import whole, words_of
from cycles.drafts.models import FormDraft
from cycles.drafts.pages import MANY
from cycles.drafts.reading import said_in
from hls.limits import limited

GONE = "Your draft is gone."
OUT_OF_REACH = "You can’t send this any more: it belongs to a team, a cycle or a life that you are no longer part of."


def own_words(request, pk):
    """The draft of one form. Deleting it is the only thing that this page changes."""
    mine = FormDraft.objects.visible_to(request.user).with_open(request.user).filter(has_words=True)
    draft = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        delete_draft(draft=draft, by=request.user)
        messages.success(request, GONE)
        return redirect("today")
    return words_page(
        request,
        title=draft.called,
        said=said_in(draft.draft),
        saved_at=draft.saved_at,
        action=reverse("cycles:own_words", args=[draft.pk]),
        go_on=draft.page if draft.is_open else "",
    )


def words_page(request, *, why=OUT_OF_REACH, keeps="", **shown):
    return TemplateResponse(request, "parts/own_words.html", shown | {"why": why, "keeps": keeps})


@require_POST
@limited("rescue", 60, 60)
def keep_rescued(request):
    """A device that still holds words of a form that answers 403 or 404 sends them here, to their author alone."""
    words = words_of(request.POST, is_many=MANY.__contains__)
    rescue(
        address=str(words.pop("rescued_from", ""))[:300],
        words=words,
        revision=whole(request.POST.get("revision")),
        writer=request.POST.get("writer", "")[:40],
        seq=whole(request.POST.get("seq")),
        by=request.user,
    )
    return JsonResponse({"state": "saved"}, headers={"X-Kept": "1"})
