"""A measure is a question; a reading is one dated answer. There is no target field, and there won't be one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cycles.experiments.models import Experiment
from cycles.sent import Sent
from cycles.stack.models import OfCycle, PurposeVersion


class Measure(OfCycle, Sent):
    class Lens(models.TextChoices):
        """In this order: does it help, how hard was it to do right, can it last (DOMAIN.md 21)."""

        EFFECTIVE = "effective", "Effective"
        EFFICIENT = "efficient", "Efficient"
        SUSTAINABLE = "sustainable", "Sustainable"

    class Theme(models.TextChoices):
        UNSAID = "", "Not said"
        IMPACT = "impact", "Impact on citizens"
        EFFICIENCY = "efficiency", "Efficiency"
        COST = "cost", "Cost"
        MORALE = "morale", "Morale"

    class Audience(models.TextChoices):
        TEAM = "team", "Team: leads the work"
        LEADERS = "leaders", "Leaders: look back"

    experiment = models.ForeignKey(
        Experiment, on_delete=models.SET_NULL, null=True, blank=True, related_name="measures"
    )
    serves = models.ForeignKey(
        PurposeVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="which purpose does it serve?",
    )
    question = models.CharField(max_length=300)
    lens = models.CharField(max_length=12, choices=Lens, default=Lens.EFFECTIVE)
    theme = models.CharField(max_length=12, choices=Theme, default=Theme.UNSAID, blank=True)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.TEAM)
    unit = models.CharField("what the number counts", max_length=60, blank=True)
    low_words = models.CharField("the low end, in words", max_length=40, blank=True)
    high_words = models.CharField("the high end, in words", max_length=40, blank=True)
    asked_in_debriefs = models.BooleanField("ask it in debriefs, very hard to very easy", default=False)
    opened_on = models.DateField(default=timezone.localdate)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = [
            models.Case(models.When(lens="effective", then=0), models.When(lens="efficient", then=1), default=2),
            "pk",
        ]
        constraints = [models.CheckConstraint(condition=~Q(question=""), name="measure_is_a_question")]

    def __str__(self):
        return self.question

    def get_absolute_url(self):
        return reverse("cycles:measure", args=[self.pk])


class ReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(measure__in=Measure.objects.visible_to(user))

    def that_stand(self):
        """Without those that a later one corrected."""
        return self.filter(corrected_by=None)


class Reading(Sent):
    """Append only: a wrong one is corrected by another that points at it."""

    class Phase(models.TextChoices):
        UNSAID = "", "Not said"
        BEFORE = "before", "Before"
        DURING = "during", "Since"
        AFTER = "after", "After"

    class Origin(models.TextChoices):
        SOURCE = "source", "As reported"
        DERIVED = "derived", "Worked out"
        DEMO = "demo", "Demo"

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    n = models.PositiveIntegerField("how many people or answers", null=True, blank=True)
    phase = models.CharField(max_length=8, choices=Phase, default=Phase.UNSAID, blank=True)
    source = models.CharField("where it comes from", max_length=200, blank=True)
    is_upper_bound = models.BooleanField("“up to”", default=False)
    caveat = models.CharField("what to mind", max_length=300, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.SOURCE)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["period_start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="reading_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(words=""), name="reading_has_a_value_or_words"
            ),
        ]
        triggers = [pgtrigger.Protect(name="reading_append_only", operation=pgtrigger.Update)]
