"""A hot debrief after it was called: someone joins, or it becomes a planned one. It is never overdue."""

from datetime import time, timedelta

from django.db import transaction
from django.utils import timezone

from cycles.people.models import User
from cycles.refusals import Refused
from debriefs.plans.when import moment
from debriefs.record.models import Debrief

WINDOW = timedelta(hours=24)
SATURDAY = 5
NINE = time(9)


def told_of(team, today):
    """Everyone of the team, its operational leads among them."""
    members = team.memberships.active(today)
    return User.objects.filter(memberships__in=members, is_active=True).distinct()


def waits(debrief, now):
    """Nobody has joined yet, and there is time."""
    return debrief.state == Debrief.State.HELD and debrief.open_until is not None and debrief.open_until > now


def _lock(debrief):
    row = Debrief.objects.select_for_update(of=("self",)).select_related("team").get(pk=debrief.pk)
    if row.kind != Debrief.Kind.HOT or row.state not in (Debrief.State.HELD, Debrief.State.PLANNED):
        raise Refused("This one is settled already.")
    return row


@transaction.atomic
def join(*, debrief, by):
    """Someone can talk, or has: from now on it is no longer open. Twice is once."""
    row = _lock(debrief)
    row.present.add(by)
    row.state, row.held_on, row.open_until = Debrief.State.HELD, row.held_on or timezone.localdate(), None
    row.save(update_fields=["state", "held_on", "open_until"])
    return row


@transaction.atomic
def plan_instead(*, debrief, by=None, now=None):
    """Nobody can in time: it takes its place among the planned ones, with the words it was called with."""
    now = now or timezone.now()
    row = _lock(debrief)
    if not row.open_until:
        return row
    row.state, row.held_on, row.open_until = Debrief.State.PLANNED, None, None
    row.planned_for = next_time(row.team, now)
    row.save(update_fields=["state", "held_on", "open_until", "planned_for"])
    return row


def plan_the_unanswered(now):
    """Called over and over; each window ends once."""
    over = Debrief.objects.filter(kind=Debrief.Kind.HOT, state=Debrief.State.HELD, open_until__lte=now)
    for debrief in over:
        plan_instead(debrief=debrief, now=now)


def next_time(team, now):
    """With the team's next planned debrief; without one, at nine on the next weekday."""
    coming = Debrief.objects.to_come(now).filter(team=team, kind=Debrief.Kind.REGULAR)
    if first := coming.order_by("planned_for").first():
        return first.planned_for
    day = timezone.localdate(now) + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return moment(day, NINE)
