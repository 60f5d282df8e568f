"""One issue: what is done now and for good, where it was seen, where it has been, and what may be done next."""

from functools import cache
from types import SimpleNamespace

from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from cycles.prepared import Given, Prepared, asking, someone
from hls.htmx import htmx_partial
from issues.barriers.seen import answers_of
from issues.between.on_issue import between
from issues.dossiers.permissions import can_write
from issues.log import path, permissions
from issues.log.models import (
    Better,
    DescriptionVersion,
    FitAnswer,
    IssueMove,
    IssueStep,
    Response,
    ResponseVersion,
    Sighting,
    ref_of,
)
from issues.log.seen import Seen
from issues.log.views.asking import find_issue
from issues.patterns.models import PatternVersion
from issues.receipts.line import SEEN, marks_html, receipt
from issues.talk.on_issue import on_issue as talk_on_issue
from issues.tracks.price import Price, with_totals
from issues.tries.on_issue import on_issue

SIGHTINGS_SHOWN = 12
STEPS_MOST = 300


@htmx_partial("talk")
@require_safe
def issue_page(request, ref):
    issue = find_issue(request, ref, "cycle", "team", "held_by", "owner_agency", with_seen=True)
    if issue.is_pattern:
        return redirect(issue)
    user = request.user
    steps = _steps(issue)
    parts = _parts()
    responses = {response.kind: response for response in parts.responses.rows(issue=issue.pk)}
    offer = next((s.move for s in reversed(steps) if s.move and s.move.state == IssueMove.State.OFFERED), None)
    if offer:
        offer.issue = issue
    fit = [FitAnswer(issue=issue, **said) for said in issue.fit_said or []]
    now = responses.get(Response.Kind.COUNTERMEASURE)
    sightings = _sightings(issue, user)
    context = {
        "issue": issue,
        "now": now,
        "price": Price.of(now) if now else None,
        "review_passed": bool(now and now.review_on and now.review_on <= timezone.localdate()),
        "receipt": marks_html(receipt(issue, steps, lies_under=bool(issue.lies_under))),
        "can_receive": issue.is_open and _can_receive(user, issue, offer, steps),
        "lies_under": _lies_under(issue),
        "new": responses.get(Response.Kind.SYSTEM_CHANGE),
        "seen": Seen.of(issue.seen),
        "sightings": sightings,
        "path": path.stays(issue, steps),
        "history_count": len(steps),
        "readers": issue.readers,
        "fit": _counted([(answer.fits, answer.words) for answer in fit], FIT_WORDS),
        "better": better_words(issue),
        "my_fit": next((answer for answer in fit if answer.by_id == user.pk), None),
        "asks_fit": issue.has_own and _may_fix(issue, responses),
        "can_open_cycle": user.rights.in_team(issue.cycle.team_id) or issue.place_id in user.rights.stewards,
        "offer": offer,
        "can_change": permissions.can_change(user, issue),
        "can_answer": offer is not None and permissions.can_answer(user, offer),
        "can_decide": offer is None and issue.is_open and permissions.can_decide(user, issue.held_by),
        "can_withdraw": offer is not None and permissions.can_withdraw(user, offer),
        "can_see_too": permissions.can_see_too(user, issue),
        "is_inside": permissions.sees_raiser(user, issue),
        "said": answers_of(user, issue) if issue.is_barrier else [],
        **on_issue(user, issue),
        **between(user, issue, offer),
        "has_dossier": issue.has_dossier,
        "can_write_dossier": can_write(user, issue),
        **talk_on_issue(user, issue, path.talk(steps)),
    }
    return TemplateResponse(request, "issues/issue.html", context)


def _can_receive(user, issue, offer, steps):
    """Until someone who can act has said or done anything."""
    acts = user.rights.in_team(offer.to_team_id) if offer else permissions.can_decide(user, issue.held_by)
    return (acts or issue.place_id in user.rights.stewards) and not any(step.what in SEEN for step in steps)


def _lies_under(issue):
    """The pattern over it, where the reader may see that too, and how long it has been where it is."""
    if not issue.lies_under:
        return None
    told = dict(issue.lies_under)
    ref = ref_of(told.pop("number"))
    return told | {"ref": ref, "held_since": parse_date(told["held_since"])}


def _steps(issue):
    return _parts().steps.rows(issue=issue.pk)[::-1]


@cache
def _parts():
    """What the page reads of one issue; the SQL of each is put together once."""
    issue, user = Given("issue"), someone()
    steps = IssueStep.objects.filter(issue=issue).select_related("team", "move__from_team", "move__to_team")
    sightings = Sighting.objects.filter(_worth_showing(user), issue=issue).select_related("team")
    return SimpleNamespace(
        steps=Prepared(steps.order_by("-at", "-pk")[:STEPS_MOST]),
        responses=Prepared(with_totals(Response.objects.filter(issue=issue).select_related("owner"))),
        sightings=Prepared(sightings.order_by("-on", "-pk")[:SIGHTINGS_SHOWN]),
    )


def _sightings(issue, user):
    """The newest, each with the words this reader may see: the team's own within the team, else a released quote."""
    rows = _parts().sightings.rows(**asking(user), issue=issue.pk)
    return [
        {
            "row": row,
            "words": row.words if user.rights.in_team(row.team_id) else row.quote,
            "is_own": row.by_id == user.pk,
            "is_teams": user.rights.in_team(row.team_id),
            "debrief": row.occasion_ref if user.rights.in_team(row.team_id) else None,
        }
        for row in rows
    ]


def _worth_showing(user):
    return ~Q(quote="") | Q(team__in=user.rights.teams)


def _may_fix(issue, responses):
    """Those who saw it are asked once there is something that might fix it."""
    return not issue.is_open or any(r.state == Response.State.IN_PLACE for r in responses.values())


FIT_WORDS = (
    (FitAnswer.Fits.YES, "it fixes it"),
    (FitAnswer.Fits.PARTLY, "it helps in part"),
    (FitAnswer.Fits.NO, "it does not fix it"),
)
BETTER_WORDS = (
    (Better.Answer.YES, "it is better"),
    (Better.Answer.PARTLY, "it is better in part"),
    (Better.Answer.NO, "it is no better"),
)


def better_words(issue):
    """The words of a “no” stand on the issue's path already."""
    said = [(one["answer"], one["words"]) for one in issue.better_said or []]
    return _counted([(answer, "" if answer == Better.Answer.NO else words) for answer, words in said], BETTER_WORDS)


def _counted(answers, phrases):
    """“2 say it fixes it, 1 says partly”: how many said what, never who."""
    return [
        {
            "words": words,
            "n": sum(given == answer for given, _ in answers),
            "said": [said for given, said in answers if given == answer and said],
        }
        for answer, words in phrases
        if any(given == answer for given, _ in answers)
    ]


@require_safe
def history(request, ref):
    """Every step, and within the team every earlier wording: a name that was taken out must stay out for others.

    No names of people for anyone: who reworded what is not a thing to watch.
    """
    issue = find_issue(request, ref, "team")
    is_inside = permissions.sees_raiser(request.user, issue)
    shown = path.SAID | ({IssueStep.What.COUNTERMEASURE, IssueStep.What.SYSTEM_CHANGE} if is_inside else set())
    versions = ResponseVersion.objects.filter(response__issue=issue).select_related("response").order_by("-at", "-pk")
    context = {
        "issue": issue,
        "is_inside": is_inside,
        "steps": [
            {"at": step.at, "line": path.history_line(step), "words": step.words if step.what in shown else ""}
            for step in reversed(_steps(issue))
        ],
        "descriptions": DescriptionVersion.objects.filter(issue=issue) if is_inside else [],
        "versions": versions if is_inside else [],
        "underneath": PatternVersion.objects.filter(pattern__issue=issue) if is_inside and issue.is_pattern else [],
    }
    return TemplateResponse(request, "issues/history.html", context)
