"""Saying that it was seen, and asking four weeks later whether it is better in the work."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import Place, User
from cycles.refusals import Refused
from issues.log.actions import _lock, _step, reopen_issue
from issues.log.models import Better, Issue, IssueStep, Response, Sighting
from issues.patterns.under import evidence_of
from issues.talk.company import sat_where_it_was_seen

AFTER = timedelta(weeks=4)
WINDOW = timedelta(weeks=2)  # what came due in an outage is still asked; what is long past is left in peace
NO_BETTER = "Someone who saw it says that it is no better in the work."


@transaction.atomic
def received(*, issue, by, team=None, words=""):
    """Tell those who raised it that someone who can act has seen it: once for each body, and once for each answer."""
    row = _lock(issue)
    before = row.steps.filter(what=IssueStep.What.RECEIVED, team=team, **({"words": words} if words else {})).first()
    return before or _step(row, IssueStep.What.RECEIVED, by=by, team=team, words=words)


# --------------------------------------------------------------- is it better in the work?


def ask_better(today):
    """Ask each person who saw it, or sat in a debrief that did, once for each time something was put in place.

    Answers how many were asked.
    """
    return sum(_ask(issue, since, today) for issue, since in _due(today))


def _due(today):
    """What was put in place four weeks ago: a system change, or a countermeasure that was enough to close it."""
    window = (today - AFTER - WINDOW, today - AFTER)
    placed = Response.objects.filter(
        kind=Response.Kind.SYSTEM_CHANGE, state=Response.State.IN_PLACE, in_place_on__range=window
    )
    yield from ((row.issue, row.in_place_on) for row in placed.select_related("issue").defer("issue__search"))
    enough = Issue.objects.filter(
        status=Issue.Status.CLOSED, closed_how=Issue.ClosedHow.IN_PLACE, closed_on__range=window
    ).exclude(system_change_state=Response.State.IN_PLACE)
    yield from ((issue, issue.closed_on) for issue in enough.defer("search"))


def ask_where_late(*, issue, since):
    """What is put down as in place so long ago that the four weeks are well over: nobody was asked yet, so now."""
    today = timezone.localdate()
    return _ask(issue, since, today) if since < today - AFTER - WINDOW else 0


@transaction.atomic
def _ask(issue, since, today):
    saw = Sighting.objects.filter(issue__in=evidence_of(issue)).order_by().values("by")
    first, *others = sat_where_it_was_seen(issue)
    unwatched = issue.watches.filter(is_on=False).order_by().values("user")
    there = User.objects.filter(pk__in=first.union(*others)).exclude(pk__in=unwatched).values("pk")
    asked = Better.objects.filter(issue=issue, since=since).values("user")
    users = User.objects.filter(pk__in=saw.union(there), is_active=True).exclude(pk__in=asked).order_by("pk")
    asks = [Better(issue=issue, user=user, since=since, asked_on=today) for user in users]
    made = Better.objects.bulk_create(asks, ignore_conflicts=True) and Better.objects.filter(
        issue=issue, since=since, user__in=[ask.user_id for ask in asks]
    ).select_related("user")
    for ask in made:
        tell(
            users=[ask.user],
            place=Place(pk=issue.place_id),
            kind=Notice.Kind.ISSUE_BETTER,
            subject_ref=ask.pk,
            key=f"issue-better-{ask.pk}",
        )
    return len(made)


@transaction.atomic
def answer_better(*, ask, answer, words="", by):
    """Yes, partly or no, once. A "no" opens the issue again with the words given."""
    _lock(ask.issue)
    row = Better.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    if row.answered_at:
        if row.answer == answer and (row.words == words or not words):
            return row
        raise Refused("You have answered this already. Write on the issue if something is different now.")
    row.answer, row.words, row.answered_at = answer, words, timezone.now()
    row.save(update_fields=["answer", "words", "answered_at"])
    Notice.objects.filter(kind=Notice.Kind.ISSUE_BETTER, subject_ref=row.pk, user=by, seen_at=None).update(
        seen_at=row.answered_at
    )
    if answer == Better.Answer.NO:
        _no_better(ask.issue, words.strip() or NO_BETTER, by)
    return row


def _no_better(issue, words, by):
    issue.refresh_from_db(fields=["status", "held_by", "place"])
    if issue.is_open:
        step = _step(issue, IssueStep.What.NOT_BETTER, by=by, words=words, team=issue.held_by)
    else:
        reopen_issue(issue=issue, why=words, by=by)
        step = issue.steps.filter(what=IssueStep.What.REOPENED).last()
    _tell_holder(step, issue, by)


def _tell_holder(step, issue, by):
    """Those who can act, beside those who follow it; the key is the step's, so nobody hears of it twice."""
    members = issue.held_by.memberships.active(timezone.localdate())
    tell(
        users=User.objects.filter(memberships__in=members, is_active=True).exclude(pk=by.pk),
        place=issue.place,
        kind=Notice.Kind.ISSUE_STEP,
        subject_ref=step.pk,
        key=f"issue-step-{step.pk}",
    )
