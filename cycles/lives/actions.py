"""What may happen to a person's page. No eligibility, no score, and nothing is closed without the person's words."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.lives.models import Case, CasePerson, Contact, Spend
from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.audit import note, note_each
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack import actions as cycles
from cycles.stack.models import LearningCycle, Scale

State = Case.State


def _lock(case):
    return Case.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=case.pk)


def _save(row, *fields):
    row.version = F("version") + 1
    row.save(update_fields=[*fields, "version", "updated_at"])
    row.refresh_from_db()
    return row


def note_read(*, case, by, act="case_read"):
    """Every reading is kept, for the person's protection: ids only. No screen counts them."""
    note(act, by=by, place=case.cycle.place, on=case)


def note_reads(*, cases, by):
    """The same, where a page shows something of several lives."""
    note_each("case_read", by=by, rows=[(case.cycle.place_id, case) for case in cases])


@transaction.atomic
def open_case(*, team, alias, by, what_matters="", client_id=None):
    """Open someone's page with the name they chose and a few words; nothing else is asked.

    Their own Learning Cycle at person scale is made with it. Its title holds no name.
    """
    cycle, is_new = make_once(
        LearningCycle,
        client_id,
        place=team.place,
        team=team,
        title="One person’s life",
        purpose=what_matters or "What matters to them, in their own words",
        scale=Scale.PERSON,
    )
    if not is_new:
        return cycle.case
    cycle.purposes.create(purpose=cycle.purpose, by=by)
    return Case.objects.create(cycle=cycle, alias=alias, what_matters=what_matters, worker=by)


@transaction.atomic
def open_for_a_reason(*, case, reason, by):
    """Let someone of the team read this page until the end of today, and tell its worker who and why."""
    row = _lock(case)
    now = timezone.now()
    if before := row.openings.filter(by=by, until_at__gt=now).first():
        return before
    if not reason.strip():
        raise Refused("Say why you need to read this page.", "reason")
    opening = row.openings.create(by=by, reason=reason, until_at=end_of_day(now))
    note_read(case=row, by=by, act="case_opened")
    tell(
        users=[row.worker],
        place=row.cycle.place,
        kind=Notice.Kind.CASE_READ,
        subject_ref=opening.pk,
        key=f"case-read-{opening.pk}",
    )
    return opening


def end_of_day(now):
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


@transaction.atomic
def edit_case(*, case, version, by, **words):
    row = _lock(case)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    for name, value in words.items():
        setattr(row, name, value)
    return _save(row, *words)


@transaction.atomic
def set_step(*, case, version, step, by):
    """Where the two of them are in the six steps. It goes back as easily as forward."""
    row = _lock(case)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    row.step = step
    return _save(row, "step")


# ------------------------------------------------------------------ who reads it


@transaction.atomic
def add_reader(*, case, user, by):
    row = _lock(case)
    if user.pk == row.worker_id or row.people.filter(user=user, until_on=None).exists():
        raise Refused("They can read it already.", "user")
    if not colleagues_of(row).filter(pk=user.pk).exists():
        raise Refused("Choose someone of your team.", "user")
    return row.people.create(user=user, added_by=by)


def remove_reader(*, reader, by):
    """From this moment they no longer see it."""
    CasePerson.objects.filter(pk=reader.pk, until_on=None).update(until_on=timezone.localdate())


def colleagues_of(case):
    """Active people of the team that the life belongs to."""
    current = case.cycle.team.memberships.active(timezone.localdate())
    return User.objects.filter(pk__in=current.values("user"), is_active=True).order_by("name")


# ------------------------------------------------------- pause, close, open again


def _move(row, state, what, words, by, *fields):
    row.moves.create(what=what, words=words, by=by)
    row.state = state
    return _save(row, "state", *fields)


@transaction.atomic
def pause_case(*, case, words, by):
    row = _lock(case)
    if row.state != State.OPEN:
        raise Refused("It is not open now, so it can’t be paused.")
    cycles.pause(cycle=row.cycle, by=by)
    return _move(row, State.PAUSED, "paused", words, by)


@transaction.atomic
def resume_case(*, case, by):
    """Go on where they left off. Pressing twice does it once."""
    row = _lock(case)
    if row.state == State.OPEN:
        return row
    if row.state == State.CLOSED:
        raise Refused("It was closed by agreement. Open it again first.")
    cycles.go_live(cycle=row.cycle, by=by)
    return _move(row, State.OPEN, "resumed", "", by)


@transaction.atomic
def close_case(*, case, agreed_close_words, by):
    """Close by agreement only: the person's own words say so."""
    row = _lock(case)
    if row.state == State.CLOSED:
        raise Refused("It is closed already.")
    if not agreed_close_words.strip():
        raise Refused("Write what you agreed, in their words. Without that it stays open.", "agreed_close_words")
    row.agreed_close_words, row.closed_on = agreed_close_words, timezone.localdate()
    cycles.end_with_life(cycle=row.cycle, agreed=agreed_close_words, by=by)
    return _move(row, State.CLOSED, "closed", agreed_close_words, by, "agreed_close_words", "closed_on")


@transaction.atomic
def reopen_case(*, case, by, worker=None, why=""):
    """Someone who comes back finds the same worker; another one needs a reason. What was agreed stays in the moves."""
    row = _lock(case)
    if row.state != State.CLOSED:
        raise Refused("It is open already.")
    worker = worker or row.worker
    _check_worker(row, worker, why)
    row.worker, row.closed_on, row.agreed_close_words = worker, None, ""
    cycles.return_with_life(cycle=row.cycle, by=by)
    return _move(row, State.OPEN, "reopened", why, by, "worker", "closed_on", "agreed_close_words")


@transaction.atomic
def hand_over(*, case, worker, why, by):
    """Another worker keeps hold from now, for a reason; the one before can still be added as a reader."""
    row = _lock(case)
    if worker.pk == row.worker_id:
        raise Refused("They are alongside already.", "worker")
    _check_worker(row, worker, why)
    row.people.filter(user=worker, until_on=None).update(until_on=timezone.localdate())
    row.worker = worker
    return _move(row, row.state, "handed_over", why, by, "worker")


def _check_worker(row, worker, why):
    if worker.pk == row.worker_id:
        return
    if not why.strip():
        raise Refused("Say why it is someone else. People should not have to start again.", "why")
    if not colleagues_of(row).filter(pk=worker.pk).exists():
        raise Refused("Choose someone of your team.", "worker")


# ------------------------------------------------------------ what happened, money


def add_contact(*, case, by, client_id=None, **what):
    """What a body did, on a day. Before or since follows from the day."""
    contact, _ = make_once(Contact, client_id, case=case, phase=phase_of(case, what["on"]), by=by, **what)
    return contact


def phase_of(case, on):
    if on < case.opened_on:
        return Contact.Phase.BEFORE
    return Contact.Phase.AFTER if case.closed_on and on > case.closed_on else Contact.Phase.DURING


def add_spend(*, case, by, client_id=None, **what):
    spend, _ = make_once(Spend, client_id, case=case, by=by, **what)
    return spend
