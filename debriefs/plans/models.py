"""When a team talks, and who writes it down."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.people.models import Team
from cycles.stack.models import LearningCycle


class DebriefPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(team__in=user.rights.teams)

    def running(self, today):
        """Not paused, or paused until a day that has come."""
        return self.filter(Q(is_active=True) | Q(paused_until__lte=today))


class DebriefPlan(models.Model):
    """A team's own rhythm. Times are the wall clock of Europe/London, kept through both clock changes."""

    class Cadence(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKDAYS = "weekdays", "Every weekday"
        CHOSEN = "chosen", "On chosen days"
        WEEKLY = "weekly", "Every week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Every month"

    class Holidays(models.TextChoices):
        """Whose bank holidays a team keeps; the values are the subdivisions of ISO 3166-2:GB."""

        NONE = "", "None: we meet on bank holidays too"
        ENGLAND = "ENG", "England"
        WALES = "WLS", "Wales"
        SCOTLAND = "SCT", "Scotland"
        NORTHERN_IRELAND = "NIR", "Northern Ireland"

    class Kind(models.TextChoices):
        REGULAR = "regular", "A debrief"
        CONFIRMATION = "confirmation", "A look at how we live our guides"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="debrief_plans")
    cycle = models.ForeignKey(LearningCycle, on_delete=models.PROTECT, related_name="debrief_plans")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REGULAR)
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
    holidays = models.CharField(max_length=3, choices=Holidays, default=Holidays.NONE, blank=True)
    days_off = ArrayField(models.DateField(), default=list, blank=True, help_text="Other days without a debrief")
    is_active = models.BooleanField(default=True)
    paused_until = models.DateField(null=True, blank=True, help_text="The day a paused plan goes on by itself")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = DebriefPlanQuerySet.as_manager()

    class Meta:
        ordering = ["team", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(paused_until=None), name="plan_that_runs_is_not_paused"
            )
        ]

    def rests(self, today):
        return not self.is_active and (self.paused_until is None or today < self.paused_until)


class PlanPhase(models.Model):
    """A later rhythm agreed in advance: daily for six weeks, then weekly. It counts from its own first day."""

    plan = models.ForeignKey(DebriefPlan, on_delete=models.CASCADE, related_name="phases")
    from_on = models.DateField()
    cadence = models.CharField(max_length=12, choices=DebriefPlan.Cadence)

    class Meta:
        ordering = ["from_on"]
        constraints = [models.UniqueConstraint("plan", "from_on", name="plan_phase_once_a_day")]


class RotaTurn(models.Model):
    """One person's place in the order in which a team takes turns to record."""

    plan = models.ForeignKey(DebriefPlan, on_delete=models.CASCADE, related_name="rota")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint("plan", "user", name="rota_turn_once")]
