"""A sheet of paper becomes a debrief in one go: the one that was planned for that day, or one of its own."""

from datetime import time

from django.db import transaction
from django.utils import timezone

from cycles.refusals import Refused
from debriefs.plans.when import moment
from debriefs.record import actions
from debriefs.record.models import Contribution, Debrief

NOON = time(12)
HAS_NOTES = "You have notes for this debrief already. Open them and add what is on the paper."


@transaction.atomic
def enter_sheet(*, team, cycle, on, said, words, questions, by, client_id=None):
    """Keep it as shared notes of whoever types it in. Sent twice, it is one."""
    actions.one_at_a_time(team)
    sent = actions.own_id(client_id, by)
    if before := Debrief.objects.filter(client_id=sent).first():
        return before
    debrief = _planned_on(team, cycle, on) or actions.plan_debrief(
        team=team, cycle=cycle, at=min(moment(on, NOON), timezone.now()), by=by, client_id=client_id
    )
    notes = Contribution.objects.filter(debrief=debrief, author=by, deleted_at=None).first()
    if notes and (notes.shared_at or notes.draft) and notes.client_id != sent:
        raise Refused(HAS_NOTES)
    actions.share_notes(debrief=debrief, words=words, typed=said, questions=questions, revision=0, by=by)
    if notes is None:  # the same sheet sent again is known by it
        Contribution.objects.filter(debrief=debrief, author=by, deleted_at=None).update(client_id=sent)
    return debrief


def _planned_on(team, cycle, on):
    rows = Debrief.objects.filter(team=team, cycle=cycle, kind=Debrief.Kind.REGULAR, planned_for__date=on)
    return rows.exclude(state=Debrief.State.WRITTEN_UP).order_by("planned_for").first()
