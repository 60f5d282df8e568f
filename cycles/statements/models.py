"""What we think we learned: a statement, what speaks for and against it, and how it has stood."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.experiments.models import Experiment
from cycles.lessons.models import Lesson
from cycles.measures.models import Reading
from cycles.people.models import Team
from cycles.sent import Sent
from cycles.stack.models import OfCycle, OfCycleQuerySet
from cycles.stories.models import Story


class Sure(models.TextChoices):
    UNSAID = "", "Not said"
    HUNCH = "hunch", "A hunch"
    FAIRLY = "fairly", "Fairly sure"
    VERY = "very", "Very sure, for now"


class StatementQuerySet(OfCycleQuerySet):
    def held(self):
        """Standing or open again: what new evidence can speak to."""
        return self.exclude(state=Statement.State.SET_ASIDE)

    def in_order(self):
        """Those open again first, for they ask for a talk."""
        again, aside = models.When(state="reopened", then=0), models.When(state="set_aside", then=2)
        return self.order_by(models.Case(again, aside, default=1), "-on", "-pk")


class Statement(OfCycle, Sent):
    """What a cycle thinks it learned, held lightly: how sure, and what would change our minds."""

    class State(models.TextChoices):
        STANDING = "standing", "It stands"
        REOPENED = "reopened", "Open again"
        SET_ASIDE = "set_aside", "Set aside"

    experiment = models.ForeignKey(
        Experiment, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    text = models.TextField(max_length=2000)
    sure = models.CharField("how sure are you?", max_length=6, choices=Sure, default=Sure.UNSAID, blank=True)
    would_change = models.TextField("what would change your minds?", max_length=2000, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.STANDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["cycle", "state"], name="statement_of_cycle")]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:statement", args=[self.pk])


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its statement, and only what the reader may open by its own rule; nothing tells of the rest."""
        return self.filter(statement__in=Statement.objects.visible_to(user)).filter(
            Q(kind="words")
            | Q(kind="debrief", team__in=user.rights.teams)
            | Q(kind="reading", reading__in=Reading.objects.visible_to(user))
            | Q(kind="story", story__in=Story.objects.visible_to(user).filter(withdrawn_on=None))
            | Q(kind="lesson", lesson__in=Lesson.objects.visible_to(user))
        )

    def that_counts(self):
        return self.filter(taken_back_on=None)


class Evidence(Sent):
    """One thing that speaks for or against a statement: own words, or something that keeps its own readers."""

    class Side(models.TextChoices):
        FOR = "for", "For"
        AGAINST = "against", "Against"

    class Kind(models.TextChoices):
        WORDS = "words", "In our own words"
        READING = "reading", "An answer to a measure"
        STORY = "story", "A story"
        LESSON = "lesson", "A lesson"
        DEBRIEF = "debrief", "A debrief"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="evidence")
    side = models.CharField(max_length=7, choices=Side)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.WORDS)
    text = models.TextField(max_length=4000, blank=True)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, null=True, blank=True, related_name="evidence")
    team = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose debrief said it: its words are that team's own. The debriefs keep which one",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)
    taken_back_on = models.DateField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="words", reading=None, story=None, lesson=None, team=None) & ~Q(text="")
                | Q(kind="reading", reading__isnull=False, story=None, lesson=None, team=None)
                | Q(kind="story", reading=None, story__isnull=False, lesson=None, team=None)
                | Q(kind="lesson", reading=None, story=None, lesson__isnull=False, team=None)
                | Q(kind="debrief", reading=None, story=None, lesson=None, team__isnull=False),
                name="evidence_is_one_thing",
            )
        ]

    def __str__(self):
        return self.text or self.get_kind_display()


class StatementStep(models.Model):
    """How a statement stood from a moment on, and why. The words of a debrief are not here: they are the team's own."""

    class What(models.TextChoices):
        SAID = "said", "Said"
        REWORDED = "reworded", "Said anew"
        REOPENED = "reopened", "Opened again"
        STANDS = "stands", "It stands"
        SET_ASIDE = "set_aside", "Set aside"

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=9, choices=What)
    text = models.TextField(max_length=2000)
    sure = models.CharField(max_length=6, choices=Sure, default=Sure.UNSAID, blank=True)
    why = models.TextField(max_length=2000, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.get_what_display()}: {self.text}"
