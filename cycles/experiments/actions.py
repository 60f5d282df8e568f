"""What may happen to an experiment. Nobody approves one: two ticks start it, and every ending is learning."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.experiments.models import Experiment
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack.purposes import purpose_now

State = Experiment.State
CARD = (
    "title",
    "question",
    "people",
    "actions",
    "data_plan",
    "sense_plan",
    "safe_to_fail",
    "protection",
    "end_point",
    "contact",
    "tie",
)
# idea → running ⇄ making sense → embedded / adapted / stopped (DOMAIN.md 3.4); an idea may also be let go.
# A crossed limit pauses it; it goes on again through `limits.resume`, with what was made safe.
MAY_BECOME = {
    State.IDEA: {State.STOPPED},  # `start` alone sets it going
    State.RUNNING: {State.RUNNING, State.MAKING_SENSE, *Experiment.ENDINGS},
    State.MAKING_SENSE: {State.RUNNING, State.MAKING_SENSE, *Experiment.ENDINGS},
    State.PAUSED: set(Experiment.ENDINGS),
}


def lock(experiment):
    return Experiment.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=experiment.pk)


def _save(row, *fields):
    row.version = F("version") + 1
    row.save(update_fields=[*fields, "version", "updated_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def design_experiment(*, cycle, by, client_id=None, **card):
    """Write the card. Only the title and the question are needed; it serves the purpose in force unless it says another."""
    card["serves"] = card.get("serves") or purpose_now(cycle)
    experiment, is_new = make_once(Experiment, client_id, cycle=cycle, **card)
    if is_new:
        experiment.moves.create(from_state=State.IDEA, to_state=State.IDEA, because="Designed", by=by)
    return experiment


@transaction.atomic
def edit_card(*, experiment, version, by, **card):
    row = lock(experiment)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    for name, value in card.items():
        setattr(row, name, value)
    return _save(row, *card)


@transaction.atomic
def start(*, experiment, legal_ok, safe_ok, by):
    """Two ticks, by whoever runs it, and nobody's leave. Pressing twice starts it once."""
    row = lock(experiment)
    if row.state == State.RUNNING:
        return row
    if row.state != State.IDEA:
        raise Refused("It has been started already.")
    if not legal_ok:
        raise Refused("Say that it is legal. If you are not sure, ask first.", "legal_ok")
    if not safe_ok:
        raise Refused("Say that it does no harm. If you are not sure, make it smaller.", "safe_ok")
    row.legal_ok = row.safe_ok = True
    row.started_on = timezone.localdate()
    return move(row, State.RUNNING, "It is legal, and it does no harm.", by, "legal_ok", "safe_ok", "started_on")


def move(row, state, because, by, *fields):
    row.moves.create(from_state=row.state, to_state=state, because=because, by=by)
    row.state = state
    return _save(row, "state", *fields)


@transaction.atomic
def decide_next(*, experiment, state, because, by, learned=""):
    """Keep going, make sense, change it, embed it or stop, each with a because.

    Changing it ends this one and gives back a child with the same card, which needs its own two ticks.
    """
    row = lock(experiment)
    if row.has_ended:
        raise Refused("It has ended already. What it taught stays here.")
    if state not in MAY_BECOME[row.state]:
        paused = row.state == State.PAUSED
        raise Refused("Say what you made safe first." if paused else "Start it first, or let it go.", "state")
    if not because.strip():
        raise Refused("Say why. It is how others learn from it.", "because")
    changed = []
    if learned.strip():
        row.learned = f"{row.learned}\n\n{learned}".strip()
        changed.append("learned")
    if state in Experiment.ENDINGS:
        row.ended_on = timezone.localdate()
        changed.append("ended_on")
    row = move(row, state, because, by, *changed)
    return _child_of(row, by) if state == State.ADAPTED else row


def _child_of(row, by):
    card = {name: getattr(row, name) for name in CARD}
    child = Experiment.objects.create(cycle=row.cycle, parent=row, serves=purpose_now(row.cycle), **card)
    child.moves.create(from_state=State.IDEA, to_state=State.IDEA, because="Grew out of the one before", by=by)
    for limit in row.limits.that_hold():
        child.limits.create(text=limit.text, by=by)
    return child
