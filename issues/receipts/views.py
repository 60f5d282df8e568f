"""“Is it better in the work?”: asked on Today and in the letter, answered with one tap; and “we have seen it”."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cycles.people.models import Membership, User
from cycles.people.rights import Rights
from hls.limits import ANY, limited
from issues.log.models import Better, Issue, Response
from issues.log.views.asking import SAVED, find_issue, insist, run
from issues.receipts import actions, permissions
from issues.receipts.forms import BetterForm
from issues.receipts.links import read_token

THANKS = {
    Better.Answer.YES: "Thank you. Good to know that it holds.",
    Better.Answer.PARTLY: "Thank you. Those who hold it read that it is better in part.",
    Better.Answer.NO: "Thank you. It is open, with your words, and those who can act are told.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def better(request, pk):
    """Asked of one person, on their own page."""
    asks = Better.objects.visible_to(request.user).select_related("issue__place")
    ask = get_object_or_404(asks, pk=pk)
    status, form = _answered(request, ask, request.user)
    if status == SAVED:
        messages.success(request, THANKS[form.cleaned_data["answer"]])
        return redirect("today")
    return TemplateResponse(request, "issues/receipts/better.html", _page(ask, form), status=status or 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("better-by-link", 60, 600, methods=ANY)
def better_by_link(request, token):
    """The same from the letter. Opening the link changes nothing; a button does. Rights are read as they are now."""
    ask, user = _by_link(token)
    if ask is None:
        return TemplateResponse(request, "issues/receipts/by_link.html", {"is_over": True}, status=404)
    if ask.answered_at and request.method != "POST":
        return TemplateResponse(request, "issues/receipts/by_link.html", {"thanks": THANKS[ask.answer]})
    status, form = _answered(request, ask, user)
    if status == SAVED:
        return TemplateResponse(
            request, "issues/receipts/by_link.html", {"thanks": THANKS[form.cleaned_data["answer"]]}
        )
    return TemplateResponse(request, "issues/receipts/by_link.html", _page(ask, form), status=status or 200)


def _by_link(token):
    """The question and its person, where the person may still read the issue; (None, None) otherwise."""
    ask_pk, user_pk = read_token(token) or (None, None)
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    if user is None:
        return None, None
    rows = Membership.objects.active(timezone.localdate()).filter(user=user).select_related("team", "place")
    user.rights = Rights.from_rows(user, list(rows))
    return Better.objects.visible_to(user).select_related("issue__place").filter(pk=ask_pk).first(), user


def _answered(request, ask, by):
    """(status, form): no status where nothing was sent yet."""
    if request.method != "POST":
        return None, BetterForm(initial={"answer": ask.answer, "words": ask.words})
    form = BetterForm(request.POST)
    return run(form, lambda: actions.answer_better(ask=ask, by=by, **form.cleaned_data)), form


def _page(ask, form):
    new = ask.issue.responses.filter(kind=Response.Kind.SYSTEM_CHANGE, state=Response.State.IN_PLACE).first()
    return {"ask": ask, "issue": ask.issue, "new": new, "form": form}


# --------------------------------------------------------------- we have seen it


@require_POST
def received(request, ref):
    """One press; whoever raised it is told once for each body that says so."""
    issue = find_issue(request, ref, "team", "held_by")
    insist(permissions.can_receive(request.user, issue))
    actions.received(issue=issue, by=request.user, team=permissions.receives_for(request.user, issue))
    messages.success(request, "Those who raised it are told that it was seen.")
    return redirect(issue)


SEEN_AT_ONCE = 50


@require_POST
def received_many(request):
    """The ticked ones of triage. One that has moved out of sight is passed over."""
    ids = [int(pk) for pk in request.POST.getlist("issue") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    place = {m.place_id for m in request.user.rights.memberships} & set(request.user.rights.stewards)
    if not place:
        raise Http404
    found = Issue.objects.visible_to(request.user).filter(pk__in=ids[:SEEN_AT_ONCE], place__in=place)
    issues = list(found.select_related("held_by", "team", "place").defer("search").order_by("pk"))
    for issue in issues:
        actions.received(issue=issue, by=request.user)
    if issues:
        messages.success(request, "Those who raised them are told that they were seen.")
    else:
        messages.error(request, "Tick at least one issue.")
    return redirect("issues:triage")
