"""What may happen to a case before a forum. Whoever brought it stays; consent taken back hides it at once."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cycles.people import audit
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from issues.forum_cases import telling
from issues.forum_cases.models import ForumCase, ForumStep, Mark, PlanVersion
from issues.forum_cases.permissions import is_own
from issues.log.actions import escalate, raise_issue

What = ForumStep.What


def _lock(forum_case):
    return ForumCase.objects.select_for_update(of=("self",)).select_related("case", "team").get(pk=forum_case.pk)


def _open(row):
    if not row.has_consent:
        raise Refused("Consent was taken back, so nothing more is written here.")
    if not row.is_open:
        raise Refused("This case is no longer before the forum. Bring it again.")


@transaction.atomic
def bring(*, case, team, by, consent_given, client_id=None, **words):
    """Bring a case to a forum, once at a time. Without the person's yes it is not brought at all."""
    if not consent_given:
        raise Refused("Ask them first. A case is only brought when the person says yes.", "consent_given")
    try:
        with transaction.atomic():
            row, is_new = make_once(
                ForumCase, client_id, case=case, team=team, place_id=team.place_id, brought_by=by, **words
            )
    except IntegrityError as no:
        raise Refused("It is before this forum already. Open it there.", "team") from no
    if is_new:
        row.steps.create(what=What.BROUGHT, by=by)
        telling.brought(row, by)
    return row


@transaction.atomic
def change(*, forum_case, version, by, **words):
    row = _lock(forum_case)
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    _open(row)
    for name, value in words.items():
        setattr(row, name, value)
    row.version = F("version") + 1
    row.save(update_fields=[*words, "version"])
    row.refresh_from_db()
    return row


@transaction.atomic
def write_plan(*, forum_case, text, by, changed="", look_again_on=None, number=0, client_id=None):
    """A new version of the joint plan; the ones before it stay. `number` is the newest that the writer saw."""
    row = _lock(forum_case)
    if client_id and (before := PlanVersion.objects.filter(client_id=client_id, forum_case=row, by=by).first()):
        return before
    _open(row)
    last = row.plans.first()
    is_at = last.number if last else 0
    if last and is_at != number:
        if (last.text, last.by_id) == (text, by.pk):
            return last
        last.version = last.number  # what the form asks for when it lays both texts side by side
        raise ChangedMeanwhile("Someone wrote a new plan while you were writing. Theirs is beside yours.", last)
    if last and not changed.strip():
        raise Refused("Say what changed since the last plan, and why.", "changed")
    taken = PlanVersion.objects.filter(client_id=client_id).exists()
    plan = row.plans.create(
        number=is_at + 1,
        text=text,
        changed=changed,
        look_again_on=look_again_on,
        by=by,
        client_id=uuid.uuid4() if taken or client_id is None else client_id,
    )
    if row.state == ForumCase.State.BROUGHT:
        row.state = ForumCase.State.LIVE
        row.version = F("version") + 1
        row.save(update_fields=["state", "version"])
    row.steps.create(what=What.PLANNED, words=f"Plan {plan.number}", by=by)
    telling.planned(row, plan, by)
    return plan


@transaction.atomic
def mark_risks(*, forum_case, marks, by, seen):
    """Each risk before and now: {name: (before, now)}. `seen` is the newest mark the writer saw, 0 for none.

    Only what differs is written, so that each mark keeps its day.
    """
    row = _lock(forum_case)
    _open(row)
    now = {name: (mark.before, mark.now) for name, mark in risks_of(row).items()}
    fresh = {name: pair for name, pair in marks.items() if now.get(name, ("", "")) != pair}
    if not fresh:
        return row
    newest = row.risks.order_by("-pk").values_list("pk", flat=True).first() or 0
    if newest != seen:
        raise ChangedMeanwhile("Someone marked risks while you did. Theirs stand above; yours are still here.", row)
    for name, (before, mark) in fresh.items():
        row.risks.create(name=name, before=before, now=mark, by=by)
    row.steps.create(what=What.RISKS, words=", ".join(fresh), by=by)
    return row


def risks_of(forum_case):
    """The newest mark of each risk, in the order they were first named."""
    found = {}
    for mark in forum_case.risks.all():
        found[mark.name] = mark
    return found


@transaction.atomic
def say_how_it_goes(*, forum_case, state, words, is_avoidable, version, by):
    """Eased, lost touch, or still going. Nobody is handed on by it: those alongside stay alongside."""
    row = _lock(forum_case)
    if (row.state, row.state_words, row.is_avoidable) == (state, words, is_avoidable):
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if not row.has_consent:
        raise Refused("Consent was taken back, so nothing more is written here.")
    row.state, row.state_words, row.is_avoidable, row.version = state, words, is_avoidable, F("version") + 1
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "state_words", "is_avoidable", "version"])
    except IntegrityError as no:
        raise Refused("It was brought again since. Go on there.") from no
    row.refresh_from_db()
    row.steps.create(what=What.STATE, words=f"{row.get_state_display()}. {words}", by=by)
    return row


@transaction.atomic
def take_back_consent(*, forum_case, by):
    """From this moment the forum sees nothing of it: not the page, the plan, the risks, nor who it was."""
    row = _lock(forum_case)
    if row.has_consent:
        row.consent_withdrawn_on, row.version = timezone.localdate(), F("version") + 1
        row.save(update_fields=["consent_withdrawn_on", "version"])
        row.steps.create(what=What.WITHDRAWN, by=by)
        row.refresh_from_db()
    return row


@transaction.atomic
def send_pattern(*, forum_case, cycle, to_team, description, why, by, level=None, client_id=None):
    """What is behind several cases becomes an issue before the group that can change it; no life goes with it."""
    row = _lock(forum_case)
    if not row.has_consent:
        raise Refused("Consent was taken back, so nothing goes on from here.")
    issue = raise_issue(cycle=cycle, description=description, by=by, level=level, client_id=client_id)
    if not issue.moves.exists():
        escalate(
            issue=issue,
            to_team=to_team,
            why=why,
            asks="What would have to change so that nobody falls into this gap?",
            by=by,
        )
        row.steps.create(what=What.PATTERN, words=f"{issue.ref}, to {to_team}", issue=issue, by=by)
    return issue


def note_read(forum_case, by):
    """Each reading by someone who is not the case's own is kept, for the person's sake (DOMAIN.md, privacy)."""
    if not is_own(by, forum_case):
        audit.note("read a forum case", by=by, place=forum_case.place, on=forum_case)


def mark_words(mark):
    return Mark(mark).label
