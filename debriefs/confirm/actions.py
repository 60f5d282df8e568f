"""A look at how a team lives its guides is a debrief of its own kind, called now or planned; there is one of each."""

from datetime import timedelta

from django.db import transaction

from cycles.guides.actions import confirm_guides
from debriefs.record.actions import one_at_a_time
from debriefs.record.models import Debrief

NEAR = timedelta(hours=12)  # a look this near a planned one is that one


@transaction.atomic
def keep_look(*, team, said, by, client_id=None, planned=0):
    """Keep what was said, as the debrief that was planned for it or a new one. `planned` is that debrief's id."""
    one_at_a_time(team)
    look = confirm_guides(team=team, said=said, by=by, client_id=client_id)
    if Debrief.objects.filter(confirmation=look).exists():
        return look
    debrief = _planned(team, planned, look) or Debrief(
        place=team.place, team=team, kind=Debrief.Kind.CONFIRMATION, planned_for=look.at, called_by=by
    )
    debrief.confirmation, debrief.held_on = look, look.on
    debrief.state, debrief.written_up_at, debrief.written_up_by = Debrief.State.WRITTEN_UP, look.at, by
    debrief.save()
    debrief.present.add(by)
    return look


def _planned(team, asked, look):
    waiting = Debrief.objects.filter(
        team=team,
        kind=Debrief.Kind.CONFIRMATION,
        confirmation=None,
        state__in=[Debrief.State.PLANNED, Debrief.State.MISSED],
    )
    near = waiting.filter(planned_for__range=(look.at - NEAR, look.at + NEAR)).order_by("planned_for")
    return waiting.filter(pk=asked).first() or near.first()
