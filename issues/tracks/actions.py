"""A look at what is done now: is it working, and what it takes to keep going."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cycles.notices.actions import untell
from cycles.refusals import Refused
from cycles.sent import make_once
from issues.log.actions import _lock, _step
from issues.log.models import Issue, IssueStep, Response, Upkeep

SOON = timedelta(minutes=15)


@transaction.atomic
def look_at(
    *, issue, by, working="", hours=None, pounds=None, words="", on=None, review_on=None, client_id=None, day_shown=None
):
    """Add one dated look at the countermeasure, and say when it is looked at again. Sent twice, it is one.

    Hours and pounds are what it took since the look before, of everyone together. `day_shown` is the next day as its
    writer found it: left so, a day that somebody else chose meanwhile stands.
    """
    row = _lock(issue)
    response = row.responses.filter(kind=Response.Kind.COUNTERMEASURE).first()
    if response is None:
        raise Refused("There is no countermeasure yet. Say first what gets round it.")
    if not (working or words or hours is not None or pounds is not None):
        raise Refused("Say whether it works, or what it took. One of them is enough.", "working")
    said = {"on": on or timezone.localdate(), "working": working, "hours": hours, "pounds": pounds, "words": words}
    # Back brings the page up with a new id: the same look by the same person took its hours once. Another hour of the
    # same day, put down later, is another.
    again = Q(**said, at__gte=timezone.now() - SOON)
    if before := response.upkeep.filter(Q(client_id=client_id) | again, by=by).first():
        return before
    if not row.is_open:
        raise Refused("It is closed. Open it again first.")
    look, is_new = make_once(
        Upkeep,
        client_id,
        response=response,
        by=by,
        **said,
    )
    if not is_new:
        return look
    is_left = day_shown is not None and day_shown == (review_on.isoformat() if review_on else "")
    if is_left and response.review_on and response.review_on > timezone.localdate():
        review_on = response.review_on
    changed = bool(working) and working != response.working
    latest = response.upkeep.exclude(working="").order_by("-on", "-pk").first()
    Response.objects.filter(pk=response.pk).update(
        working=latest.working if latest else "", review_on=review_on, version=response.version + 1
    )
    Issue.objects.filter(pk=row.pk).update(review_on=review_on)
    untell(f"issue_review-{response.pk}-")
    _step(
        row,
        IssueStep.What.LOOKED_AT,
        by=by,
        words=words,
        team=row.held_by,
        state=working,
        tell_raisers=changed,
    )
    return look
