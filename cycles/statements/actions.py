"""What may happen to what we think we learned. Nothing is overwritten: each step keeps how it stood and why."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.statements.models import Evidence, Statement, StatementStep

State, What = Statement.State, StatementStep.What
Side, Kind = Evidence.Side, Evidence.Kind


def _lock(statement):
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)


def _step(row, what, *, by, why="", evidence=None):
    row.steps.create(what=what, text=row.text, sure=row.sure, why=why, evidence=evidence, by=by)
    Statement.objects.filter(pk=row.pk).update(
        text=row.text,
        sure=row.sure,
        would_change=row.would_change,
        state=row.state,
        experiment=row.experiment,
        version=F("version") + 1,
    )
    row.refresh_from_db()
    return row


@transaction.atomic
def say(*, cycle, text, by, sure="", would_change="", experiment=None, client_id=None):
    """Put down what we think we learned. Evidence comes beside it, for and against."""
    statement, is_new = make_once(
        Statement,
        client_id,
        cycle=cycle,
        text=text,
        sure=sure,
        would_change=would_change,
        experiment=experiment,
        by=by,
    )
    if is_new:
        statement.steps.create(what=What.SAID, text=text, sure=sure, by=by)
    return statement


@transaction.atomic
def say_anew(*, statement, version, by, why="", **words):
    """Other words, or another sureness. How it was said before stays, with who said it."""
    row = _lock(statement)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    for name, value in words.items():
        setattr(row, name, value)
    return _step(row, What.REWORDED, by=by, why=why)


@transaction.atomic
def add_evidence(*, statement, side, by, text="", reading=None, story=None, lesson=None, reopens=False, client_id=None):
    """One thing that speaks for or against it: a reading, a story, a lesson, or our own words."""
    row = _lock(statement)
    things = {"reading": reading, "story": story, "lesson": lesson}
    given = [name for name, thing in things.items() if thing is not None]
    if len(given) > 1:
        raise Refused("Choose one thing at a time. You can add the other next.", given[1])
    if not given and not text.strip():
        raise Refused("Say what speaks for or against it, or choose something that does.", "text")
    evidence, is_new = make_once(
        Evidence,
        client_id,
        statement=row,
        side=side,
        kind=given[0] if given else Kind.WORDS,
        text=text,
        by=by,
        **things,
    )
    if is_new and reopens and side == Side.AGAINST:
        _reopen(row, by=by, evidence=evidence)
    return evidence


@transaction.atomic
def add_from_debrief(*, statement, side, team, by, text="", client_id=None):
    """What a team's debrief said of it. Against it, a statement that stands opens again by itself.

    Its words are the team's own: they stay in the evidence, which only the team may read, never in a step.
    """
    row = _lock(statement)
    evidence, is_new = make_once(
        Evidence, client_id, statement=row, side=side, kind=Kind.DEBRIEF, team=team, text=text, by=by
    )
    if is_new and side == Side.AGAINST:
        _reopen(row, by=by, evidence=evidence)
    return evidence


def _reopen(row, *, by, why="", evidence=None):
    if row.state == State.STANDING:
        row.state = State.REOPENED
        _step(row, What.REOPENED, by=by, why=why, evidence=evidence)
    return row


@transaction.atomic
def reopen(*, statement, why, by):
    """Anyone of the cycle may ask to think again. Twice is once."""
    row = _lock(statement)
    if not why.strip():
        raise Refused("Say what made you think again.", "why")
    if row.state == State.SET_ASIDE:
        row.state = State.STANDING
    return _reopen(row, by=by, why=why)


@transaction.atomic
def settle(*, statement, state, why, by):
    """After a talk it stands as it is, or is set aside. Both are learning."""
    row = _lock(statement)
    if state not in (State.STANDING, State.SET_ASIDE):
        raise Refused("Choose one.", "state")
    if row.state == state:
        return row
    if not why.strip():
        raise Refused("Say why. It is how others learn from it.", "why")
    row.state = state
    return _step(row, What.STANDS if state == State.STANDING else What.SET_ASIDE, by=by, why=why)


@transaction.atomic
def take_back(*, evidence):
    """Put on the wrong side, or not so after all. It leaves the page; a step that named it stays."""
    row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if row.taken_back_on is None:
        row.taken_back_on = timezone.localdate()
        row.save(update_fields=["taken_back_on"])
    return row
