"""Give one answer, and read how they lie once that can point to nobody."""

from django.db import transaction
from django.db.models import Case, F, When

from cycles.refusals import Refused
from debriefs.belief.models import About, Belief, BeliefGiven, BeliefSpread
from debriefs.record.models import Debrief
from hls.look.words import FEW


def is_open(debrief):
    """Until it is written up, which nothing undoes. One that did not happen asks nothing until someone writes."""
    return debrief.state in (Debrief.State.PLANNED, Debrief.State.HELD)


def is_over(debrief):
    """Written up: no answer can come any more, so two looks at the spread are the same look."""
    return debrief.state == Debrief.State.WRITTEN_UP


@transaction.atomic
def give(*, debrief, about, belief, by):
    """Counts once a person and question; a second answer changes nothing, as nobody knows what the first one was.

    Raises Refused once the debrief is closed.
    """
    if not is_open(Debrief.objects.select_for_update(of=("self",)).get(pk=debrief.pk)):
        raise Refused("This debrief is closed, so the check is over.")
    _, is_first = BeliefGiven.objects.get_or_create(debrief=debrief, user=by, about=about)
    if is_first:
        _count(debrief, about, belief)


def _count(debrief, about, belief):
    """All five rows are made at once and each answer writes all five.

    So neither their order nor the moment each was last written says which of them the newest answer raised,
    not even to someone who reads the tables.
    """
    rows = BeliefSpread.objects.filter(debrief=debrief, about=about)
    if not rows.exists():
        BeliefSpread.objects.bulk_create(BeliefSpread(debrief=debrief, about=about, belief=each) for each in Belief)
    rows.update(count=F("count") + Case(When(belief=belief, then=1), default=0))


def given_by(debrief, user):
    return set(BeliefGiven.objects.filter(debrief=debrief, user=user).values_list("about", flat=True))


def points_at_nobody(counts):
    """Five or more answers, of which neither all nor all but one are alike.

    So nobody learns another's answer, not even by taking away their own: what is left still differs (ADR 33).
    """
    total = sum(counts)
    return total >= FEW and max(counts) <= total - 2


def spread(debrief, user):
    """How the answers lie, for the team, when the debrief is written up.

    [(what it is about, [(belief's words, count)])], no mean and no mark; [] while it would point at someone.
    """
    if not is_over(debrief):
        return []
    rows = BeliefSpread.objects.visible_to(user).filter(debrief=debrief)
    counts = {(row.about, row.belief): row.count for row in rows}
    shown = []
    for about in About:
        lie = [(belief.label, counts.get((about.value, belief.value), 0)) for belief in Belief]
        if points_at_nobody([count for _, count in lie]):
            shown.append((about.label, lie))
    return shown
