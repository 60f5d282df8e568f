"""Governing a cycle: dated reviews, what lies beside each question, what was promised, and the account given."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cycles.lessons.models import Lesson
from cycles.measures.models import Reading
from cycles.people.models import Team
from cycles.questions.models import Answer, Question
from cycles.sent import Sent
from cycles.stack.models import LearningCycle
from cycles.statements.models import Statement
from cycles.stories.models import Story
from issues.log.models import Issue
from issues.meetings.models import AgendaItem


def governed_by(user):
    """The cycles whose governing a person may read: those in sight, and in their place those who see across it.

    Lives are never governed here: they have those alongside.
    """
    seen = LearningCycle.objects.visible_to(user)
    across = Q(place__in=user.rights.sees_overview)
    return LearningCycle.objects.shared().filter(Q(pk__in=seen.values("pk")) | across)


class GoverningQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(cycle__in=governed_by(user))


class ReviewQuerySet(GoverningQuerySet):
    def finished(self):
        return self.filter(state=Review.State.FINISHED)

    def drafts(self):
        return self.filter(state=Review.State.DRAFT)


class Governed(Sent):
    """What hangs from the governing of a cycle."""

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="%(class)ss")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Review(Governed):
    """How well are we learning? Asked on a day, answered together, kept as it was said (DOMAIN.md 17)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being written"
        FINISHED = "finished", "Finished"

    class Change(models.TextChoices):
        MORE_TIME = "more_time", "More time for it"
        PEOPLE = "people", "Different people in it"
        QUESTION = "question", "A different question"
        CONNECT = "connect", "Connect to another cycle"
        SMALLER = "smaller", "Make it smaller"
        END = "end", "End it well"

    held_on = models.DateField(default=timezone.localdate)
    answered_by = models.CharField("who answers together", max_length=300, blank=True)
    who_is_in = models.TextField("who is in this cycle", max_length=4000, blank=True)
    who_is_out = models.TextField("who is left out", max_length=4000, blank=True)
    changes = models.JSONField("what needs to change about how it works", default=list, blank=True)
    who_does = models.TextField("who will do what", max_length=4000, blank=True)
    draft = models.JSONField(default=dict, blank=True, help_text="Answers as typed, by the key of their question")
    answers = models.ManyToManyField(Answer, blank=True, related_name="reviews")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint("cycle", "held_on", name="review_one_a_day"),
            models.UniqueConstraint("cycle", condition=Q(state="draft"), name="review_one_being_written"),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False, finished_by__isnull=False)
                | Q(state="draft", finished_at=None, finished_by=None),
                name="review_finished_by_someone",
            ),
        ]

    def __str__(self):
        return f"Governance review, {self.held_on:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("cycles:review", args=[self.cycle_id, self.held_on.isoformat()])

    @property
    def change_words(self):
        return [self.Change(change).label for change in self.changes if change in self.Change.values]


class ReviewEvidence(models.Model):
    """Something laid beside a question: it keeps its own readers, and its own caveats."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="evidence")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    KINDS = ("lesson", "statement", "reading", "story", "issue")

    class Meta:
        verbose_name_plural = "review evidence"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lesson__isnull=False, statement=None, reading=None, story=None, issue=None)
                | Q(lesson=None, statement__isnull=False, reading=None, story=None, issue=None)
                | Q(lesson=None, statement=None, reading__isnull=False, story=None, issue=None)
                | Q(lesson=None, statement=None, reading=None, story__isnull=False, issue=None)
                | Q(lesson=None, statement=None, reading=None, story=None, issue__isnull=False),
                name="review_evidence_is_one_thing",
            ),
            models.UniqueConstraint(
                "review",
                "question",
                "lesson",
                "statement",
                "reading",
                "story",
                "issue",
                nulls_distinct=False,
                name="review_evidence_once",
            ),
        ]


class Promise(Governed):
    """What a group said it would do, by a day. What became of it is said in words, and no colour judges it."""

    class State(models.TextChoices):
        PROMISED = "promised", "Promised"
        CHANGED = "changed", "Changed"
        KEPT = "kept", "Kept"
        NOT_KEPT = "not_kept", "Not kept"

    OPEN = (State.PROMISED, State.CHANGED)

    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, blank=True, related_name="promises")
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="promises"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="promises")
    text = models.TextField(max_length=2000)
    made_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.PROMISED)
    version = models.PositiveIntegerField(default=1)

    objects = GoverningQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("made_on")), name="promise_due_after_it_is_made"),
            models.CheckConstraint(condition=~Q(text=""), name="promise_says_something"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:promise", args=[self.pk])

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def last_said(self):
        """What was said about it last, and when; of steps that have been read already."""
        return next(reversed(self.steps.all()), None)


class PromiseStep(models.Model):
    """How a promise stood from a moment on: its words and its day, and what was said about it."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=8, choices=Promise.State)
    text = models.TextField(max_length=2000)
    due_on = models.DateField()
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["promised", "kept"]) | ~Q(words=""), name="promise_changed_or_not_kept_says_why"
            )
        ]
        triggers = [pgtrigger.Protect(name="promise_step_never_changed", operation=pgtrigger.Update)]


class Account(Governed):
    """The account given of this learning: on a day, to whom, and what they said back."""

    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, blank=True, related_name="accounts")
    given_on = models.DateField(default=timezone.localdate)
    to_whom = models.CharField(max_length=200)
    told = models.TextField("what you told them, and how", max_length=4000, blank=True)
    said_back = models.TextField("what they said back", max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GoverningQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]

    def __str__(self):
        return f"To {self.to_whom}, {self.given_on:%-d %B %Y}"


class Voice(Governed):
    """Words brought to those who govern, and what they answered: why are we left out, or a way of checking."""

    class Kind(models.TextChoices):
        LEFT_OUT = "left_out", "Why are we left out?"
        CHECKING = "checking", "A way of checking"

    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField(max_length=4000)
    said_by = models.CharField("whose words, as they want to be called", max_length=120, blank=True)
    said_on = models.DateField(default=timezone.localdate)
    answer = models.TextField(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = GoverningQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None, answered_by=None)
                | ~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False),
                name="voice_answered_by_someone",
            )
        ]

    def __str__(self):
        return self.text
