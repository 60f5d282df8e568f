"""How far an experiment may go and still be safe to fail, and what happens when someone says it went further."""

from django.db import transaction
from django.utils import timezone

from cycles.experiments.actions import State, lock, move
from cycles.experiments.models import Crossing, Limit
from cycles.refusals import Refused
from cycles.sent import make_once


@transaction.atomic
def set_limit(*, experiment, text, by, client_id=None):
    row = lock(experiment)
    if row.has_ended:
        raise Refused("It has ended. What it taught stays here.")
    limit, _ = make_once(Limit, client_id, experiment=row, text=text, by=by)
    return limit


@transaction.atomic
def lift_limit(*, limit, because, by):
    """It no longer holds. It stays on the page with who lifted it and why; pressing twice lifts it once."""
    row = Limit.objects.select_for_update(of=("self",)).get(pk=limit.pk)
    if row.lifted_on:
        return row
    if not because.strip():
        raise Refused("Say why it may go. It is how others learn from it.", "because")
    row.lifted_on, row.lifted_because, row.lifted_by = timezone.localdate(), because, by
    row.save(update_fields=["lifted_on", "lifted_because", "lifted_by"])
    return row


@transaction.atomic
def say_crossed(*, limit, by, words="", client_id=None):
    """Anyone who sees it may say so, and nobody has to agree first: it pauses there and then.

    Gives the crossing, and whether this is what paused it.
    """
    row = lock(limit.experiment)
    if before := Crossing.objects.filter(client_id=client_id, limit=limit).first():
        return before, False
    if not row.is_going:
        raise Refused("It is not running, so it can’t be paused. Call a hot debrief if something can’t wait.")
    if Limit.objects.get(pk=limit.pk).lifted_on:
        raise Refused("This limit was lifted meanwhile. Choose one that holds, or call a hot debrief.")
    crossing, _ = make_once(Crossing, client_id, limit=limit, words=words, by=by)
    is_new = row.state != State.PAUSED
    if is_new:
        move(row, State.PAUSED, f"A limit was crossed: {limit.text}", by)
    return crossing, is_new


@transaction.atomic
def resume(*, experiment, made_safe, by):
    """Go on, saying what was made safe. Pressing twice goes on once."""
    row = lock(experiment)
    if row.state == State.RUNNING:
        return row
    if row.state != State.PAUSED:
        raise Refused("It is not paused.")
    if not made_safe.strip():
        raise Refused("Say what you made safe. It is what lets people trust it again.", "made_safe")
    return move(row, State.RUNNING, made_safe, by)
