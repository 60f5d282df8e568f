"""What may happen to a meeting: planned, put in order, begun, talked through one thing at a time, ended for good."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from cycles.people.models import Team
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from hls.sealed import LOCKED
from issues.meetings import telling
from issues.meetings.models import AgendaItem, Correction, ItemKind, Meeting, Paper, Rhythm, Seat, StandingItem

NOT_BEGUN = "The meeting has not begun. Begin it first."
HELD = "This meeting was held. Its minutes stand; add a correction instead."


def _lock(meeting):
    return Meeting.objects.select_for_update(of=("self",)).select_related("team", "place").get(pk=meeting.pk)


# ------------------------------------------------------------------ how a group meets


@transaction.atomic
def set_rhythm(*, team, version, by, cadence_note, **words):
    """How often a group meets, when and where; the words about it are the group's own."""
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    row = Rhythm.objects.filter(team=team).first() or Rhythm(team=team, version=0)
    is_so = row.pk and all(getattr(row, name) == value for name, value in words.items())
    if is_so and team.cadence_note == cadence_note:
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    for name, value in words.items():
        setattr(row, name, value)
    row.by, row.version = by, row.version + 1
    row.save()
    Team.objects.filter(pk=team.pk).update(cadence_note=cadence_note)
    return row


def add_standing(*, team, by, client_id=None, **words):
    last = StandingItem.objects.filter(team=team).aggregate(last=Max("position"))["last"] or 0
    item, _ = make_once(StandingItem, client_id, team=team, by=by, position=last + 1, **words)
    return item


@transaction.atomic
def move_standing(*, item, way, by):
    Team.objects.select_for_update(of=("self",)).get(pk=item.team_id)
    _swap(list(StandingItem.objects.filter(team=item.team_id)), item.pk, way)


def drop_standing(*, item, by):
    item.delete()


def _swap(rows, pk, way):
    """Put one row before or after its neighbour, and number all of them anew."""
    at = next((at for at, row in enumerate(rows) if row.pk == pk), None)
    to = None if at is None else at + (-1 if way == "up" else 1)
    if to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    _number(rows)


def _number(rows):
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


# ------------------------------------------------------------------ planning


@dataclass
class Waiting:
    """One thing that waits for a group and may go on its agenda."""

    kind: str
    title: str
    length: int = 10
    issue: Any = None
    forum_case: Any = None
    subject_ref: int | None = None
    from_item: object = None
    why: str = ""  # why it waits, for whoever puts the agenda together
    key: str = field(init=False)

    def __post_init__(self):
        about = self.issue or self.forum_case
        self.key = f"{self.kind}-{about.pk if about else self.subject_ref or self.title}"


@transaction.atomic
def plan(*, team, on, by, client_id=None, **words):
    """A meeting with its seats: the group's members of today. They are looked at anew when it begins."""
    try:
        with transaction.atomic():
            meeting, is_new = make_once(Meeting, client_id, team=team, place_id=team.place_id, on=on, by=by, **words)
    except IntegrityError as no:
        raise Refused("This group has a meeting on that day already. Choose another day.", "on") from no
    if is_new:
        meeting.refresh_from_db(fields=["on", "begins_at"])  # as days and hours, however they were handed in
        seat_members(meeting)
        _say_when(team)
        telling.called(meeting, by)
    return meeting


@transaction.atomic
def change(*, meeting, version, by, **words):
    row = _lock(meeting)
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if row.state != Meeting.State.PLANNED:
        raise Refused("It has begun, so its day stands.")
    is_moved = any(getattr(row, name) != words.get(name, getattr(row, name)) for name in telling.WHEN)
    for name, value in words.items():
        setattr(row, name, value)
    row.version = F("version") + 1
    try:
        with transaction.atomic():
            row.save(update_fields=[*words, "version"])
    except IntegrityError as no:
        raise Refused("This group has a meeting on that day already. Choose another day.", "on") from no
    row.refresh_from_db()
    _say_when(row.team)
    if is_moved:
        telling.moved(row, by)
    return row


@transaction.atomic
def call_off(*, meeting, why, by):
    row = _lock(meeting)
    if row.state == Meeting.State.OFF:
        if row.off_why == why:
            return row
        raise Refused(f"It was called off already: “{row.off_why}”", "off_why")
    if row.state != Meeting.State.PLANNED:
        raise Refused("It has begun. End it instead.")
    row.state, row.off_why, row.version = Meeting.State.OFF, why, row.version + 1
    row.save(update_fields=["state", "off_why", "version"])
    _say_when(row.team)
    telling.moved(row, by)
    return row


def _say_when(team):
    """Other pages say when a group meets next."""
    coming = Meeting.objects.filter(team=team, on__gte=timezone.localdate()).coming().order_by("on").first()
    Team.objects.filter(pk=team.pk).update(next_meeting_on=coming.on if coming else None)


def seat_members(meeting):
    """Who is a member by now has a seat; one who left before it began has none."""
    members = telling.members_of(meeting.team)
    Seat.objects.filter(meeting=meeting).exclude(user__in=members).delete()
    Seat.objects.bulk_create([Seat(meeting=meeting, user=user) for user in members], ignore_conflicts=True)


def next_day(team, today):
    """The day the group would meet next by its rhythm, after the last that was planned."""
    rhythm = Rhythm.objects.filter(team=team).first()
    last = Meeting.objects.filter(team=team).exclude(state=Meeting.State.OFF).order_by("-on").first()
    if not rhythm or not rhythm.days or not last:
        return team.next_meeting_on if team.next_meeting_on and team.next_meeting_on >= today else None
    day = last.on + timedelta(days=rhythm.days)
    while day < today:
        day += timedelta(days=rhythm.days)
    return day


# ------------------------------------------------------------------ the agenda


@transaction.atomic
def put(*, meeting, things, by):
    """Put what waits on the agenda, each once, in the order given; what is there already stays where it is."""
    row = _lock(meeting)
    if not row.is_open:
        raise Refused(HELD)
    there = list(row.items.all())
    taken = {key_of(item) for item in there}
    position, brought = max((item.position for item in there), default=0), []
    for thing in things:
        if thing.key in taken:
            continue
        position += 1
        taken.add(thing.key)
        row.items.create(
            kind=thing.kind,
            title=thing.title[:300],
            length=thing.length,
            position=position,
            issue=thing.issue,
            forum_case=thing.forum_case,
            subject_ref=thing.subject_ref,
            from_item=thing.from_item,
            by=by,
        )
        if thing.forum_case is not None:
            brought.append(thing.forum_case)
    telling.bringers(row, brought, by)
    return row


def key_of(item):
    return f"{item.kind}-{item.issue_id or item.forum_case_id or item.subject_ref or item.title}"


@transaction.atomic
def add_topic(*, meeting, by, client_id=None, **words):
    row = _lock(meeting)
    if not row.is_open:
        raise Refused(HELD)
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    item, _ = make_once(AgendaItem, client_id, meeting=row, kind=ItemKind.TOPIC, position=last + 1, by=by, **words)
    return item


@transaction.atomic
def move_item(*, item, way, by):
    meeting = _lock(item.meeting)
    if not meeting.is_open:
        raise Refused(HELD)
    _swap(list(meeting.items.all()), item.pk, way)


@transaction.atomic
def put_in_order(*, meeting, order, by):
    """The order as it was dragged; refused where someone added or took off something meanwhile."""
    row = _lock(meeting)
    if not row.is_open:
        raise Refused(HELD)
    items = {item.pk: item for item in row.items.all()}
    if sorted(order) != sorted(items):
        raise ChangedMeanwhile("The agenda changed while you moved it. Here it is as it stands.", row)
    _number([items[pk] for pk in order])


@transaction.atomic
def take_off(*, item, by):
    """What was talked about stays; anything else may wait for another day."""
    meeting = _lock(item.meeting)
    if not meeting.is_open:
        raise Refused(HELD)
    row = AgendaItem.objects.filter(pk=item.pk).first()
    if row is None:
        return
    if row.is_settled:
        raise Refused("It has been talked about, so it stays in the minutes.")
    row.delete()


# ------------------------------------------------------------------ in the meeting


@transaction.atomic
def begin(*, meeting, by):
    """From now on it is held: whoever is a member today has a seat, and today is its day, whatever was planned."""
    row = _lock(meeting)
    if row.state == Meeting.State.LIVE:
        return row
    if row.state != Meeting.State.PLANNED:
        raise Refused("This meeting is over.")
    if Meeting.objects.filter(team=row.team, state=Meeting.State.LIVE).exists():
        raise Refused("Another meeting of this group is going on. End that one first.")
    seat_members(row)
    today = timezone.localdate()
    if not Meeting.objects.filter(team=row.team, on=today).exclude(state=Meeting.State.OFF).exists():
        row.on = today  # put off by word of mouth, or brought forward: the minutes carry the day it was
    row.state, row.started_at, row.version = Meeting.State.LIVE, timezone.now(), row.version + 1
    row.save(update_fields=["on", "state", "started_at", "version"])
    _say_when(row.team)
    return row


def insist_live(meeting):
    """What comes of a meeting is written while it goes on; whoever ends it waits for what is being kept."""
    row = _lock(meeting)
    if row.state != Meeting.State.LIVE:
        raise Refused(NOT_BEGUN if row.state == Meeting.State.PLANNED else HELD)


@transaction.atomic
def settle(*, item, outcome, words, by, version=None, sealed=None):
    """Say what came of one thing. `version` is the item's own that the writer saw; None does not ask."""
    insist_live(item.meeting)
    row = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    note = {} if sealed is None else {"sealed": sealed.strip() or None}
    if (row.outcome, row.words) == (outcome, words) and all(row.sealed == said for said in note.values()):
        return row
    if version is not None and row.version != version:
        raise ChangedMeanwhile(current=row)
    if outcome == AgendaItem.Outcome.DEFERRED and not words.strip():
        raise Refused("Say why it is put off. It comes back on the next agenda.", "words")
    row.outcome, row.words, row.settled_at = outcome, words, timezone.now()
    row.version += 1
    for name, said in note.items():
        setattr(row, name, said)
    try:
        row.save(update_fields=["outcome", "words", *note, "settled_at", "version"])
    except LOCKED as no:
        raise Refused("This installation can’t seal a note. Leave it out, and tell whoever runs it.", "sealed") from no
    return row


@transaction.atomic
def end(*, meeting, by, minutes_of, was_there=(), also_there="", version=None):
    """End it for good. `minutes_of(row)` gives the minutes as they stand; from now on nobody rewrites them."""
    row = _lock(meeting)
    there = {user.pk for user in was_there}
    if row.state == Meeting.State.HELD:
        seated = set(row.seats.filter(was_there=True).values_list("user_id", flat=True))
        if (row.also_there, seated) == (also_there, there):
            return row
        raise ChangedMeanwhile("Someone ended it a moment ago. What is missing is added as a correction.", row)
    if row.state != Meeting.State.LIVE:
        raise Refused(NOT_BEGUN)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(current=row)
    for seat in row.seats.all():
        seat.was_there = seat.user_id in there
        seat.save(update_fields=["was_there"])
    row.also_there, row.ended_at = also_there, timezone.now()
    row.minutes = minutes_of(row)
    row.state, row.version = Meeting.State.HELD, row.version + 1
    row.save(update_fields=["state", "also_there", "ended_at", "minutes", "version"])
    Paper.objects.get_or_create(meeting=row)
    _say_when(row.team)
    telling.minutes(row, by)
    return row


@transaction.atomic
def correct(*, meeting, text, by, client_id=None):
    """What was wrong is put right beside the minutes, never in them."""
    row = _lock(meeting)
    if row.state != Meeting.State.HELD:
        raise Refused("The meeting is not over yet. Change what was written instead.")
    correction, is_new = make_once(Correction, client_id, meeting=row, text=text, by=by)
    if is_new:
        Paper.objects.update_or_create(meeting=row, defaults={"wanted": row.corrections.count() + 1, "tries": 0})
    return correction
