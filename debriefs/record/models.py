"""Debriefs: what was said, by whom it was written, and what came of it."""

import uuid
from functools import cache

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.experiments.models import Experiment
from cycles.guides.models import Confirmation
from cycles.lessons.models import Lesson
from cycles.lives.models import Case
from cycles.measures.models import Reading
from cycles.people.models import Placed, Team
from cycles.questions.models import Question
from cycles.stack.models import LearningCycle
from cycles.stories.models import Story
from debriefs.plans.models import DebriefPlan
from issues.log.models import Sighting


class DebriefQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A debrief is its team's own."""
        return self.filter(team__in=user.rights.teams)

    def to_come(self, now):
        return self.filter(state=Debrief.State.PLANNED, planned_for__gte=now)


class Debrief(Placed):
    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        HOT = "hot", "Hot"
        CONFIRMATION = "confirmation", "Living our guides"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        WRITTEN_UP = "written_up", "Written up"
        MISSED = "missed", "Did not happen"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="debriefs")
    cycle = models.ForeignKey(
        LearningCycle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="debriefs",
        help_text="A look at how a team lives its guides may be about none",
    )
    experiment = models.ForeignKey(
        Experiment, on_delete=models.SET_NULL, null=True, blank=True, related_name="debriefs"
    )
    plan = models.ForeignKey(DebriefPlan, on_delete=models.SET_NULL, null=True, blank=True, related_name="debriefs")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REGULAR)
    planned_for = models.DateTimeField()
    open_until = models.DateTimeField(
        null=True, blank=True, help_text="A hot debrief waits this long for someone to join, then it is planned"
    )
    where = models.CharField(max_length=120, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="debriefs_to_record"
    )
    rota_recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose turn it was before anyone swapped",
    )
    present = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="debriefs_joined")
    needed = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", help_text="Whom the caller of a hot debrief needs there"
    )
    confirmation = models.OneToOneField(
        Confirmation, on_delete=models.CASCADE, null=True, blank=True, related_name="debrief"
    )
    cases = models.ManyToManyField(Case, blank=True, related_name="debriefs")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    held_on = models.DateField(null=True, blank=True)
    written_up_at = models.DateTimeField(null=True, blank=True)
    written_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    missed_because = models.TextField("what got in the way", max_length=2000, blank=True)
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_demo = models.BooleanField(default=False)

    objects = DebriefQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_for", "-pk"]
        indexes = [models.Index(fields=["team", "-planned_for", "-id"], name="debrief_of_team")]
        constraints = [
            # One debrief for one meeting of a plan, however often the planning scan runs.
            models.UniqueConstraint("plan", "planned_for", name="debrief_once_for_plan_and_time"),
            models.CheckConstraint(
                condition=Q(state="written_up", written_up_at__isnull=False, written_up_by__isnull=False)
                | ~Q(state="written_up"),
                name="debrief_written_up_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(state="missed") | Q(held_on__isnull=False),
                name="debrief_held_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="confirmation") | Q(cycle__isnull=False, confirmation=None),
                name="debrief_about_a_cycle_or_guides",
            ),
            models.CheckConstraint(
                condition=Q(kind="hot") | Q(open_until=None), name="debrief_only_hot_waits_for_someone"
            ),
        ]

    def __str__(self):
        words = "" if self.kind == Debrief.Kind.CONFIRMATION else " debrief"
        return f"{self.get_kind_display()}{words}, {timezone.localtime(self.planned_for):%-d %B}"

    def get_absolute_url(self):
        return address_of(self.pk)


@cache  # a list shows one in every row
def _address():
    return reverse("debriefs:debrief", args=[0])


def address_of(debrief_id):
    return _address().replace("/0/", f"/{debrief_id}/")


def _whether(condition):
    return models.ExpressionWrapper(condition, output_field=models.BooleanField())


class ContributionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A draft is its author's alone; what is shared is the team's."""
        return self.filter(debrief__team__in=user.rights.teams).filter(Q(author=user) | Q(shared_at__isnull=False))

    def drafts_of(self, user):
        """One's own words, whatever became of the debrief or of one's place in its team."""
        return self.filter(author=user, shared_at=None, deleted_at=None)

    def with_open(self, user):
        """`is_mine`: its debrief is still one's own to see. `is_open`: and the notes can still be shared."""
        mine = Q(debrief__team__in=user.rights.teams)
        is_open = mine & ~Q(debrief__state=Debrief.State.WRITTEN_UP)
        return self.annotate(is_mine=_whether(mine), is_open=_whether(is_open))


class Contribution(models.Model):
    """One author's notes for one debrief: a draft as it is typed, answers once shared.

    `draft` holds the form as typed, by field name; `revision` goes up by one with each save, so that
    two tabs or two devices can never overwrite each other unseen. `client_id` is made on the device:
    sending the same notes twice adds nothing.
    """

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions")
    client_id = models.UUIDField(default=uuid.uuid4, unique=True)
    draft = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["shared_at", "pk"]
        # What someone has not shared yet, among the thousands that they have.
        indexes = [
            models.Index(
                fields=["author", "-saved_at"],
                condition=Q(shared_at=None, deleted_at=None),
                name="contribution_draft_of",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                "debrief", "author", condition=Q(deleted_at=None), name="contribution_one_of_author"
            )
        ]


class OfDebriefQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(debrief__team__in=user.rights.teams)


class DebriefAnswer(models.Model):
    """What one author said to one prompt. Belief is not here: it is kept without an author."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="answers")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=12000)
    at = models.DateTimeField(default=timezone.now)
    search = models.GeneratedField(
        expression=SearchVector("text", config="english"), output_field=SearchVectorField(), db_persist=True
    )

    objects = OfDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["question__order", "pk"]
        indexes = [GinIndex(fields=["search"], name="debrief_answer_search")]


class AnswerVersion(models.Model):
    """The words as they stood before they were put right."""

    answer = models.ForeignKey(DebriefAnswer, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(max_length=12000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]


class Addition(models.Model):
    """Something added after it was written up, dated."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="additions")
    text = models.TextField(max_length=8000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    client_id = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = OfDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class BeliefNote(models.Model):
    """How much the work is believed in, in someone's words: no author, and no time finer than the debrief."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="belief_notes")
    text = models.TextField(max_length=4000)

    objects = OfDebriefQuerySet.as_manager()


MADE = ("sighting", "lesson", "reading", "story", "follow_up")


def _exactly_one(names):
    """A condition: one of these is there, and the others are not."""
    one_of = Q()
    for name in names:
        one_of |= Q(**{f"{other}__isnull": other != name for other in names})
    return one_of


class Produced(models.Model):
    """The thread from an answer (or a draft's prompt) to what was made of it without typing it again.

    `answer` and `words`: the sentence it was made from, as it stood then, where someone picked one.
    """

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="produced")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, null=True, blank=True, related_name="produced"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(DebriefAnswer, on_delete=models.CASCADE, null=True, blank=True, related_name="produced")
    words = models.TextField(max_length=4000, blank=True)
    sighting = models.OneToOneField(Sighting, on_delete=models.CASCADE, null=True, blank=True, related_name="produced")
    # Several debriefs may feed one lesson: "I saw this too".
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, null=True, blank=True, related_name="produced")
    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="produced")
    story = models.OneToOneField(Story, on_delete=models.CASCADE, null=True, blank=True, related_name="produced")
    follow_up = models.OneToOneField(
        "FollowUp", on_delete=models.CASCADE, null=True, blank=True, related_name="produced"
    )
    client_id = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField(default=timezone.now)

    objects = OfDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=_exactly_one(MADE), name="produced_exactly_one"),
            models.UniqueConstraint(
                "debrief",
                "contribution",
                "lesson",
                condition=Q(lesson__isnull=False),
                nulls_distinct=False,
                name="produced_lesson_once_of_notes",
            ),
        ]


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's own; and whoever was asked by name reads that one, though they are in no team of it."""
        return self.filter(
            Q(debrief__team__in=user.rights.teams) | Q(owner=user, debrief__place__in=user.rights.places)
        )

    def to_do(self):
        return self.filter(state=FollowUp.State.TO_DO)


class FollowUp(models.Model):
    """What happens now, for whom."""

    class Audience(models.TextChoices):
        STAFF = "staff", "Staff"
        OP_LEAD = "op_lead", "Op lead"
        LEADERS = "leaders", "Leaders"
        OTHERS = "others", "Others"

    class State(models.TextChoices):
        TO_DO = "to_do", "Not yet"
        DONE = "done", "Done"
        NO_NEED = "no_need", "Not doing"

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="follow_ups")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, choices=State, default=State.TO_DO)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_on = models.DateField(null=True, blank=True)
    because = models.TextField("why it is not being done", max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("by when", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["audience", "pk"]

    @property
    def made_from(self):
        """What it was made of in its debrief, or None where it was written down as a follow-up."""
        return getattr(self, "produced", None)
