"""The countermeasure over time: each look at it, and what it took to keep going."""

from django.http import Http404
from django.utils import timezone

from cycles.asking import ask
from issues.log import permissions
from issues.log.models import Response
from issues.log.views.asking import find_issue, insist
from issues.tracks.actions import look_at
from issues.tracks.forms import LookForm
from issues.tracks.price import LOOKS_SHOWN, Price, hours_words, pounds_words, with_totals


def upkeep(request, ref):
    """Everyone who sees the issue reads it; those who may change the issue add to it."""
    issue = find_issue(request, ref, "team", "held_by")
    now = with_totals(issue.responses.filter(kind=Response.Kind.COUNTERMEASURE)).first()
    if now is None:
        raise Http404
    may_add = permissions.can_change(request.user, issue)
    if request.method == "POST":
        insist(may_add)
    return ask(
        request,
        LookForm(request.POST or None, initial=_day(now)),
        lambda said: look_at(issue=issue, by=request.user, **said),
        title="Look at the countermeasure",
        button="Keep this look",
        said="Kept. It stands with the issue, as part of what it takes to live with it.",
        back=issue.get_absolute_url(),
        back_label=issue.ref,
        readers="everyone who can see this issue. Hours and pounds are of everyone together, never of one person.",
        template="issues/tracks/upkeep.html",
        issue=issue,
        now=now,
        price=Price.of(now),
        can_add=may_add and (issue.is_open or request.method == "POST"),  # closed meanwhile: the words come back
        looks=[_look(row) for row in now.upkeep.order_by("-on", "-pk")[:LOOKS_SHOWN]],
    )


def _day(now):
    day = now.review_on if now.review_on and now.review_on > timezone.localdate() else None
    return {"review_on": day, "day_shown": day.isoformat() if day else ""}


def _look(row):
    took = " and ".join(part for part in (hours_words(row.hours), pounds_words(row.pounds)) if part)
    return {"on": row.on, "working": row.get_working_display() if row.working else "", "took": took, "words": row.words}
