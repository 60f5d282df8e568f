"""Give one answer, and read how they lie once that can point to nobody."""

from django.db import transaction
from django.db.models import F

from cycles.refusals import Refused
from debriefs.belief.models import About, Belief, BeliefGiven, BeliefSpread
from debriefs.record.models import Debrief
from hls.look.words import FEW


def is_open(debrief):
    """Until it is written up. The spread is shown only then, so nobody can watch it change with each answer."""
    return debrief.state in (Debrief.State.PLANNED, Debrief.State.HELD)


@transaction.atomic
def give(*, debrief, about, belief, by):
    """Counts once a person and question; a second answer changes nothing, as nobody knows what the first one was.

    Raises Refused once the debrief is closed.
    """
    if not is_open(Debrief.objects.select_for_update(of=("self",)).get(pk=debrief.pk)):
        raise Refused("This debrief is closed, so the check is over.")
    _, is_first = BeliefGiven.objects.get_or_create(debrief=debrief, user=by, about=about)
    if is_first:
        row, _ = BeliefSpread.objects.get_or_create(debrief=debrief, about=about, belief=belief)
        BeliefSpread.objects.filter(pk=row.pk).update(count=F("count") + 1)


def given_by(debrief, user):
    return set(BeliefGiven.objects.filter(debrief=debrief, user=user).values_list("about", flat=True))


def spread(debrief, user):
    """How the answers lie, for the team, when the debrief is closed and five or more answered all that is shown.

    [(what it is about, [(belief's words, count)])], no mean and no mark; [] while it would point at someone.
    """
    if is_open(debrief):
        return []
    rows = BeliefSpread.objects.visible_to(user).filter(debrief=debrief)
    counts = {(row.about, row.belief): row.count for row in rows}
    shown = []
    for about in About:
        lie = [(belief.label, counts.get((about.value, belief.value), 0)) for belief in Belief]
        if sum(count for _, count in lie) >= FEW:
            shown.append((about.label, lie))
    return shown
