"""Whose turn it is to record. The rota deals a turn to each planned debrief; people swap turns between them."""

from django.db import transaction

from cycles.refusals import Refused
from debriefs.record.models import Debrief


def next_turn(order, last, here):
    """The next person of the rota after `last` who is in the team that day; None when nobody of it is."""
    start = order.index(last) + 1 if last in order else 0
    return next((user for user in order[start:] + order[:start] if user in here), None)


def deal(debriefs, order, last, here_on):
    """Give each debrief, in order of time, the rota's turn. `here_on(debrief)` answers who is in the team then."""
    for debrief in sorted(debriefs, key=lambda one: one.planned_for):
        last = next_turn(order, last, here_on(debrief)) or last
        debrief.recorder_id = debrief.rota_recorder_id = last
    return debriefs


@transaction.atomic
def take_turn(*, debrief, user, by):
    """`user` records this one; whoever had it gets that person's next turn of the same plan, where there is one.

    Answers the debrief given in return, or None. The rota itself goes on as if nobody had swapped.
    Raises Refused once the debrief is written up or did not happen.
    """
    locked = Debrief.objects.select_for_update(of=("self",))
    row = locked.get(pk=debrief.pk)
    if row.state not in (Debrief.State.PLANNED, Debrief.State.HELD):
        raise Refused("It is too late to swap: this debrief is closed.")
    if row.recorder_id == user.pk:
        return None
    later = locked.filter(
        plan=row.plan, recorder=user, state=Debrief.State.PLANNED, planned_for__gt=row.planned_for
    ).order_by("planned_for")
    given = later.first() if row.plan_id and row.recorder_id else None
    if given:
        given.recorder_id = row.recorder_id
        given.save(update_fields=["recorder"])
    row.recorder = user
    row.save(update_fields=["recorder"])
    return given
