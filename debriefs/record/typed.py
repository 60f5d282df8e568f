"""What the page of notes, and a device that kept some, ask by themselves: nobody presses a button for these."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cycles.drafts.keeping import whole
from cycles.questions.wording import in_words_of
from cycles.refusals import Refused
from debriefs.record import drafts
from debriefs.record.models import Debrief
from debriefs.record.notes import PROMPTS, Notes, name_of, times_shown, words_of
from debriefs.record.write import find_to_write, ours, seen_before
from hls.limits import limited


@require_POST
def save_draft(request, pk):
    """What the page sends by itself as someone types; the device sends kept words here too, and reads JSON."""
    debrief = find_to_write(request, pk)
    told = {"debrief": debrief, "revision": 0, "saved_at": None, "times": {}}
    try:
        notes, clashed = drafts.save_notes(
            debrief=debrief,
            words=words_of(request.POST),
            revision=whole(request.POST.get("revision")),
            by=request.user,
            writer=request.POST.get("writer", "")[:40],
            seq=whole(request.POST.get("seq")),
        )
        told |= {"revision": notes.revision, "saved_at": notes.saved_at, "state": "saved", "times": times_shown(notes)}
        if clashed:
            # The page stays at what it began from: with the newest revision, its next save would win unseen.
            told |= {"revision": whole(request.POST.get("revision")), "state": "clash"}
    except Refused:
        told["state"] = "shared"
    if request.accepts("text/html"):
        return ours(request, "debriefs/kept.html", told)
    return JsonResponse({"state": told["state"], "revision": told["revision"]}, headers={"X-Kept": "1"})


@require_POST
@limited("similar", 240, 60)
def similar_issues(request, pk, name):
    """Issues like the one being described, to pick instead of writing it again. A POST: it carries words."""
    debrief = find_to_write(request, pk)
    words = words_of(request.POST)
    text = words.get(f"{name}-issue-description", "") or words.get(name, "")
    view = Notes(debrief, request.user, None, request.POST)
    alike = seen_before(request.user, debrief, text[:4000])
    form = view.panel("issue", name, similar=alike)
    return TemplateResponse(request, "debriefs/same.html", {"panel": form, "name": name, "debrief": debrief})


@require_safe
def fresh_token(request):
    """For words kept on the device: who is signed in now, and a token that holds."""
    told = {"token": get_token(request), "user": request.user.pk, "at": timezone.now().isoformat()}
    return JsonResponse(told, headers={"X-Kept": "1"})


@require_safe
def blank(request):
    """An empty form that the device keeps for when there is no signal: it says nothing about anyone."""
    place = request.acting.place_id if request.acting else None
    found = in_words_of(place, key__in=PROMPTS[Debrief.Kind.REGULAR])
    return ours(request, "debriefs/blank.html", {"questions": [(name_of(q), q.text) for q in found]})
