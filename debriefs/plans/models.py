"""When a team talks, and who writes it down."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from cycles.people.models import Team
from cycles.stack.models import LearningCycle


class DebriefPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(team__in=user.rights.teams)

    def running(self):
        return self.filter(is_active=True)


class DebriefPlan(models.Model):
    """A team's own rhythm. Times are the wall clock of Europe/London, kept through both clock changes."""

    class Cadence(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKDAYS = "weekdays", "Every weekday"
        CHOSEN = "chosen", "On chosen days"
        WEEKLY = "weekly", "Every week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Every month"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="debrief_plans")
    cycle = models.ForeignKey(LearningCycle, on_delete=models.PROTECT, related_name="debrief_plans")
    cadence = models.CharField(max_length=12, choices=Cadence, default=Cadence.WEEKDAYS)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, help_text="0 is Monday")
    starts_on = models.DateField(default=timezone.localdate)
    time = models.TimeField()
    minutes = models.PositiveSmallIntegerField("how long, in minutes", default=20)
    remind_before = models.PositiveSmallIntegerField(
        "remind people this many minutes before", default=30, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    where = models.CharField(max_length=120, blank=True)
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_active = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = DebriefPlanQuerySet.as_manager()

    class Meta:
        ordering = ["team", "pk"]
