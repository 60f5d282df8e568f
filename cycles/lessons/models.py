"""Lessons: noticed, offered, taken up or declined with a reason, embedded on a date."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.sent import Sent
from cycles.stack.models import LearningCycle, OfCycle, OfCycleQuerySet


class LessonQuerySet(OfCycleQuerySet):
    def visible_to(self, user):
        """With its cycle; once offered, by those of the cycle it was offered to, if they may change that one."""
        rights = user.rights
        offered_here = Q(offered_to__team__in=rights.teams) | Q(offered_to__place__in=rights.stewards)
        return self.filter(Q(cycle__in=LearningCycle.objects.visible_to(user)) | offered_here)


class Lesson(OfCycle, Sent):
    class Pillar(models.TextChoices):
        UNSAID = "", "Not said"
        HUMAN = "human", "Human"
        LEARNING = "learning", "Learning"
        SYSTEM = "system", "System"

    class Kind(models.TextChoices):
        LESSON = "lesson", "Lesson"
        PATTERN = "pattern", "Pattern"
        METHOD = "method", "Method"
        SYSTEM = "system", "System"

    class Hear(models.TextChoices):
        US = "own", "Just us"
        ACROSS = "horizontal", "Other teams"
        UP = "vertical", "Leaders"

    class State(models.TextChoices):
        NOTICED = "noticed", "Noticed"
        OFFERED = "offered", "Offered"
        TAKEN_UP = "taken_up", "Taken up"
        DECLINED = "declined", "Declined"
        EMBEDDED = "embedded", "Embedded"

    text = models.TextField(max_length=4000)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LESSON)
    pillar = models.CharField(max_length=8, choices=Pillar, default=Pillar.UNSAID, blank=True)
    direction = models.CharField("who else should hear it?", max_length=10, choices=Hear, default=Hear.US)
    offered_to = models.ForeignKey(
        LearningCycle, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons_in"
    )
    state = models.CharField(max_length=8, choices=State, default=State.NOTICED)
    reply = models.TextField(max_length=4000, blank=True)
    is_leverage = models.BooleanField("a point of leverage", default=False)
    noticed_on = models.DateField(default=timezone.localdate)
    embedded_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    experiment = models.ForeignKey(
        "cycles.Experiment", on_delete=models.SET_NULL, null=True, blank=True, related_name="lessons"
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="embedded", embedded_on__isnull=False) | ~Q(state="embedded"),
                name="lesson_embedded_on_a_date",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reply=""), name="lesson_declined_with_a_reason"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:lesson", args=[self.pk])
