"""What may happen to a Learning Cycle. Each action writes the history it makes, in one transaction."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack.models import CycleLink, LearningCycle, PastLink, Scale, Stage, StageNote
from cycles.stack.purposes import purpose_now

Status = LearningCycle.Status
# draft → live ⇄ paused → ended (DOMAIN.md 3.4)
MAY_BECOME = {
    Status.DRAFT: {Status.LIVE},
    Status.LIVE: {Status.PAUSED, Status.ENDED},
    Status.PAUSED: {Status.LIVE, Status.ENDED},
    Status.ENDED: set(),
}
SCALES = list(Scale.values)
SAY_WHY = "Say why. One line is fine."


def _lock(cycle):
    return LearningCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)


def _lock_as_seen(cycle, version):
    row = _lock(cycle)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    return row


def _save(row, *fields):
    row.version = F("version") + 1
    row.save(update_fields=[*fields, "version", "updated_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def open_cycle(*, team, title, purpose, by, client_id=None, old_purpose="", steward=None, is_draft=False, **about):
    """Start a cycle of a team with a purpose. `about` may hold scale, theme and domain.

    A person's own cycle is made by `lives.actions.open_case`, so that it never exists without its life.
    """
    if about.get("scale") == Scale.PERSON:
        raise Refused("A person’s own cycle starts on the People page.", "scale")
    cycle, is_new = make_once(
        LearningCycle,
        client_id,
        place=team.place,
        team=team,
        title=title,
        purpose=purpose,
        old_purpose=old_purpose,
        steward=steward,
        status=Status.DRAFT if is_draft else Status.LIVE,
        **about,
    )
    if is_new:
        cycle.purposes.create(purpose=purpose, old_purpose=old_purpose, by=by)
    return cycle


@transaction.atomic
def state_purpose(*, cycle, version, purpose, old_purpose, why, by):
    """Say the purpose anew. How it was said before stays, with who said it and why."""
    row = _lock_as_seen(cycle, version)
    if (row.purpose, row.old_purpose) == (purpose, old_purpose):
        return row
    if not why.strip():
        raise Refused(SAY_WHY, "why")
    number = purpose_now(row).number + 1
    row.purposes.create(number=number, purpose=purpose, old_purpose=old_purpose, why=why, by=by)
    row.purpose, row.old_purpose = purpose, old_purpose
    return _save(row, "purpose", "old_purpose")


@transaction.atomic
def edit_cycle(*, cycle, version, by, **changes):
    """Change its title, theme, scale, domain or steward."""
    row = _lock_as_seen(cycle, version)
    if Scale.PERSON in (row.scale, changes.get("scale", row.scale)) and changes.get("scale", row.scale) != row.scale:
        raise Refused("A person’s own cycle starts on the People page.", "scale")
    for name, value in changes.items():
        setattr(row, name, value)
    return _save(row, *changes)


@transaction.atomic
def move_stage(*, cycle, to_stage, why, by):
    """Go to any stage, forward or back. Coming from the last to the first is the next time round."""
    row = _lock(cycle)
    if row.status == Status.ENDED:
        raise Refused("This cycle has ended. Open a new one to go on learning.")
    if row.stage == to_stage:
        raise Refused("It is at that stage already. Choose another.", "to_stage")
    if not why.strip():
        raise Refused(SAY_WHY, "why")
    row.stage_moves.create(from_stage=row.stage, to_stage=to_stage, why=why, by=by)
    if (row.stage, to_stage) == (Stage.EMBED, Stage.PURPOSE):
        row.turn += 1
    row.stage = to_stage
    return _save(row, "stage", "turn")


def note_stage(*, cycle, stage, text, by, client_id=None):
    """Where a stage has got to, without moving. It stands before the note of before and deletes nothing."""
    if cycle.status == Status.ENDED:
        raise Refused("This cycle has ended. Open a new one to go on learning.")
    note, _ = make_once(StageNote, client_id, cycle=cycle, stage=stage, text=text, by=by)
    return note


def _become(row, status):
    if status not in MAY_BECOME[row.status]:
        raise Refused(f"It is {row.get_status_display().lower()}, so that can’t be done now.")
    row.status = status


@transaction.atomic
def go_live(*, cycle, by):
    """A draft begins, or a paused cycle goes on. Pressing twice does it once."""
    row = _lock(cycle)
    if row.status == Status.LIVE:
        return row
    _become(row, Status.LIVE)
    return _save(row, "status")


@transaction.atomic
def pause(*, cycle, by):
    row = _lock(cycle)
    if row.status == Status.PAUSED:
        return row
    _become(row, Status.PAUSED)
    return _save(row, "status")


@transaction.atomic
def end_cycle(*, cycle, embedded_words, stopped_reason, by):
    """End it, saying what became normal and why it stopped."""
    row = _lock(cycle)
    for name, words, ask in (
        ("embedded_words", embedded_words, "Say what became normal, even if it is “nothing yet”."),
        ("stopped_reason", stopped_reason, "Say why it stops here."),
    ):
        if not words.strip():
            raise Refused(ask, name)
    _become(row, Status.ENDED)
    return _end(row, embedded_words, stopped_reason)


def _end(row, embedded_words, stopped_reason):
    row.status, row.ended_on = Status.ENDED, timezone.localdate()
    row.embedded_words, row.stopped_reason = embedded_words, stopped_reason
    return _save(row, "status", "embedded_words", "stopped_reason", "ended_on")


# ------------------------------------------- a life's own cycle goes as the life goes


@transaction.atomic
def end_with_life(*, cycle, agreed, by):
    """The life was closed by agreement, and its words are why this learning stops here."""
    row = _lock(cycle)
    return row if row.status == Status.ENDED else _end(row, "", agreed)


@transaction.atomic
def return_with_life(*, cycle, by):
    """Who comes back goes on learning where they left off. What was agreed stays in the life's own moves."""
    row = _lock(cycle)
    row.status, row.ended_on, row.embedded_words, row.stopped_reason = Status.LIVE, None, "", ""
    return _save(row, "status", "embedded_words", "stopped_reason", "ended_on")


# ------------------------------------------------------------------ joined to others


@transaction.atomic
def link_cycles(*, cycle, other, why, by):
    """Ask another cycle to be joined, saying why: beside at one scale, else with the larger scale above.

    A life is never linked: that would show that it is there.
    """
    if not why.strip():
        raise Refused("Say why. What can each learn from the other?", "why")
    pair = {row.pk: row for row in LearningCycle.objects.select_for_update().filter(pk__in=[cycle.pk, other.pk])}
    if len(pair) < 2:
        raise Refused("Choose another cycle.", "other")
    below, above = sorted((pair[cycle.pk], pair[other.pk]), key=lambda row: SCALES.index(row.scale))
    if below.scale == Scale.PERSON or below.place_id != above.place_id:
        raise Refused("Choose another cycle.", "other")
    if CycleLink.objects.filter(Q(source=below, target=above) | Q(source=above, target=below)).exists():
        raise Refused("These two are joined already.", "other")
    if below.scale == above.scale:
        below, above = pair[cycle.pk], pair[other.pk]
    direction = CycleLink.Direction.HORIZONTAL if below.scale == above.scale else CycleLink.Direction.VERTICAL
    link = CycleLink.objects.create(
        source=below, target=above, direction=direction, is_from_target=above.pk == cycle.pk, why=why, by=by
    )
    _tell(link.asked, Notice.Kind.LINK_ASKED, f"link-{link.pk}", by)
    return link


def _tell(cycle, kind, key, by):
    """Its team and its steward, but not who did it. They read it on the page of its links."""
    team = User.objects.filter(memberships__in=cycle.team.memberships.active(timezone.localdate()), is_active=True)
    told = {user for user in [*team, cycle.steward] if user and user.is_active and user.pk != by.pk}
    tell(users=told, place=cycle.place, kind=kind, subject_ref=cycle.pk, key=key)


def _lock_link(link):
    found = CycleLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if found is None:
        raise Refused("They are no longer joined.")
    return found


@transaction.atomic
def reply_to_link(*, link, reply, by):
    """What the cycle that was asked says to being joined, once."""
    row = _lock_link(link)
    if row.reply and row.reply != reply:
        raise Refused(f"Someone of your team answered already: “{row.reply}”", "reply")
    if not row.reply:
        row.reply, row.replied_by, row.replied_at = reply, by, timezone.now()
        row.save(update_fields=["reply", "replied_by", "replied_at"])
        _tell(row.asking, Notice.Kind.LINK_ANSWERED, f"link-answer-{row.pk}", by)
    return row


@transaction.atomic
def part_cycles(*, link, because, by):
    """End a link, with its because. Neither team reads the other's from now; what was said is kept."""
    if not because.strip():
        raise Refused("Say why it ends. One line is fine.", "because")
    row = _lock_link(link)
    past = PastLink.objects.create(
        source_id=row.source_id,
        target_id=row.target_id,
        direction=row.direction,
        why=row.why,
        reply=row.reply,
        began_at=row.at,
        because=because,
        by=by,
    )
    row.delete()
    return past
