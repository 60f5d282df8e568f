"""Groups meet: when, with what before them, who was there, and the minutes (DOMAIN.md 29, 48, 64, 76)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed, Team
from cycles.sent import Sent
from hls.sealed import LOCKED, SealedText
from issues.log.models import Issue

# The frozen words are in the meeting's own minutes; its items stand still with them. A note may be sealed anew.
ITEM_STANDS = """
IF (TG_OP = 'INSERT' OR (to_jsonb(NEW) - 'sealed') IS DISTINCT FROM (to_jsonb(OLD) - 'sealed'))
AND (SELECT state FROM issues_meeting WHERE id = NEW.meeting_id) = 'held'
THEN RAISE EXCEPTION 'the minutes of a meeting that was held are never rewritten'; END IF;
RETURN NEW;"""


class Every(models.TextChoices):
    WEEK = "week", "Every week"
    FORTNIGHT = "fortnight", "Every two weeks"
    FOUR_WEEKS = "four_weeks", "Every four weeks"
    QUARTER = "quarter", "Every twelve weeks"
    ASKED = "asked", "When someone asks"


class Rhythm(models.Model):
    """How often a group meets, so that its next meeting can be offered."""

    DAYS = {Every.WEEK: 7, Every.FORTNIGHT: 14, Every.FOUR_WEEKS: 28, Every.QUARTER: 84}

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="rhythm")
    every = models.CharField(max_length=10, choices=Every, default=Every.ASKED)
    begins_at = models.TimeField(null=True, blank=True)
    length = models.PositiveSmallIntegerField("how many minutes", default=60)
    where = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self):
        return f"{self.team}, {self.get_every_display().lower()}"

    @property
    def days(self):
        return self.DAYS.get(self.every)


class ItemKind(models.TextChoices):
    CHANGED = "changed", "What changed since last time"
    STORY = "story", "A story"
    ISSUE = "issue", "An issue"
    CASE = "case", "A person’s case"
    PROMISE = "promise", "A promise that is due"
    PLEDGE = "pledge", "What members said they would fix"
    ADVICE = "advice", "A recommendation to commissioners"
    SUMMARY = "summary", "A summary"
    TOPIC = "topic", "Something to talk about"
    REFLECT = "reflect", "Time to reflect"


class StandingItem(Sent):
    """What is on every agenda of a group, in its order."""

    KINDS = [(k.value, k.label) for k in (ItemKind.CHANGED, ItemKind.STORY, ItemKind.TOPIC, ItemKind.REFLECT)]

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="standing_items")
    kind = models.CharField(max_length=8, choices=KINDS, default=ItemKind.TOPIC)
    text = models.CharField(max_length=200)
    length = models.PositiveSmallIntegerField("how many minutes", default=10)
    position = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The group's members, and the stewards of its place."""
        return self.filter(Q(team__in=user.rights.teams) | Q(place__in=user.rights.stewards))

    def coming(self):
        return self.exclude(state__in=[Meeting.State.HELD, Meeting.State.OFF])

    def held(self):
        return self.filter(state=Meeting.State.HELD)


class Meeting(Placed, Sent):
    """One meeting of one group. Once held its minutes stand; what was wrong in them is put right beside them."""

    class Kind(models.TextChoices):
        FORMAL = "formal", "A meeting: what waits, what we decide"
        LEARNING = "learning", "A learning session: walk through stories together"

    class State(models.TextChoices):
        PLANNED = "planned", "Coming"
        LIVE = "live", "Going on now"
        HELD = "held", "Held"
        OFF = "off", "Called off"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FORMAL)
    on = models.DateField()
    begins_at = models.TimeField(null=True, blank=True)
    length = models.PositiveSmallIntegerField("how many minutes", default=60)
    where = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    also_there = models.CharField("who else was there", max_length=300, blank=True)
    off_why = models.CharField("why it was called off", max_length=500, blank=True)
    minutes = models.JSONField(default=dict, blank=True, help_text="As they stood when the meeting ended")
    # When its agenda was last sent to the members, and what it was then (issues/meetings/sending.py).
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_as = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["team", "-on", "-id"], name="meeting_of_team")]
        constraints = [
            models.UniqueConstraint("team", "on", condition=~Q(state="off"), name="meeting_one_a_day"),
            models.UniqueConstraint("team", condition=Q(state="live"), name="meeting_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at__isnull=False) | ~Q(state="held") & Q(ended_at=None),
                name="meeting_held_has_ended",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="minutes_stand", operation=pgtrigger.Update, condition=pgtrigger.Condition("OLD.state = 'held'")
            )
        ]

    def __str__(self):
        return f"{self.team}, {self.on:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def is_open(self):
        return self.state in (self.State.PLANNED, self.State.LIVE)


class Seat(models.Model):
    """A member of a group at one meeting: who a case that is brought to it is shown to."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    was_there = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("meeting", "user", name="seat_once")]
        indexes = [models.Index(fields=["user", "meeting"], name="seats_of_person")]

    def __str__(self):
        return f"meeting {self.meeting_id}, user {self.user_id}"


class AgendaItems(models.Manager):
    """Sealed notes are opened one by one: a key that is lost must not close the whole agenda."""

    def get_queryset(self):
        return super().get_queryset().defer("sealed")


class AgendaItem(Sent):
    """One thing before a meeting, and what came of it there."""

    class Outcome(models.TextChoices):
        OPEN = "", "Not talked about yet"
        TALKED = "talked", "Talked about"
        DECIDED = "decided", "Decided"
        DEFERRED = "deferred", "Put off, because…"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=8, choices=ItemKind)
    title = models.CharField(max_length=300)
    length = models.PositiveSmallIntegerField("how many minutes", default=10)
    position = models.PositiveSmallIntegerField()
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="agenda_items")
    forum_case = models.ForeignKey(
        "issues.ForumCase", on_delete=models.CASCADE, null=True, blank=True, related_name="agenda_items"
    )
    subject_ref = models.BigIntegerField(
        null=True, blank=True, help_text="A promise or a summary, by number alone: they live on a floor above"
    )
    from_item = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="carried_to")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN, blank=True)
    words = models.TextField("what was said", max_length=4000, blank=True)
    sealed = SealedText(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AgendaItems()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("meeting", "issue", name="agenda_issue_once"),
            models.UniqueConstraint("meeting", "forum_case", name="agenda_case_once"),
            models.UniqueConstraint("meeting", "kind", "subject_ref", name="agenda_subject_once"),
            models.CheckConstraint(
                condition=Q(kind="issue", issue__isnull=False)
                | Q(kind="case", forum_case__isnull=False)
                | Q(kind__in=["promise", "summary"], subject_ref__isnull=False)
                | ~Q(kind__in=["issue", "case", "promise", "summary"]) & Q(issue=None, forum_case=None),
                name="agenda_item_names_its_subject",
            ),
            models.CheckConstraint(condition=~Q(outcome="deferred") | ~Q(words=""), name="agenda_put_off_with_why"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | ~Q(outcome="") & Q(settled_at__isnull=False),
                name="agenda_settled_at_a_moment",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stands_with_its_meeting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ITEM_STANDS,
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("meetings:live", args=[self.meeting_id, self.pk])

    @property
    def note(self):
        """The sealed note, or that it can't be opened; for those it is shown to."""
        try:
            return self.sealed or ""
        except LOCKED:
            return "This note is sealed with a key that is not here."

    @property
    def is_settled(self):
        return self.outcome != self.Outcome.OPEN


class Correction(Sent):
    """What was wrong in the minutes, said beside them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [pgtrigger.Protect(name="correction_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return self.text


class Paper(models.Model):
    """The minutes as a PDF, drawn by a worker; drawn anew when a correction came."""

    MOST_TRIES = 4

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="paper")
    wanted = models.PositiveIntegerField(default=1, help_text="One more with each correction")
    drawn = models.PositiveIntegerField(default=0)
    pdf = models.BinaryField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self):
        return f"minutes of meeting {self.meeting_id}"

    @property
    def is_ready(self):
        return self.drawn == self.wanted and self.pages > 0
