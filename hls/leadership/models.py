"""Summary packs: made for a conversation, frozen on the day they were built."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed, PlacedQuerySet, Team
from cycles.stories.models import Story
from hls.look.words import day


class SummaryQuerySet(PlacedQuerySet):
    def visible_to(self, user):
        return self.filter(place__in=user.rights.sees_overview)

    def due(self, now):
        """Asked for and not in the hands of a living builder."""
        return self.filter(state=Summary.State.ASKED).unclaimed(now)

    def built(self, now):
        """Ready, and not in the hands of someone who makes its PDF again."""
        return self.filter(state=Summary.State.READY).unclaimed(now)

    def unclaimed(self, now):
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))


class Summary(Placed):
    """One pack for one group and period. The PDF is stored whole with its facts, or not at all."""

    class State(models.TextChoices):
        ASKED = "asked", "Being built"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be built"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="summaries")
    period_start = models.DateField()
    period_end = models.DateField()
    key = models.CharField(max_length=80, unique=True, help_text="One pack for one group, period and asking")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    progress = models.CharField(max_length=80, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)
    agenda = models.JSONField(default=dict, blank=True, help_text="The figures and words as they stood")
    stories = models.ManyToManyField(Story, blank=True, related_name="+")
    pdf = models.BinaryField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    discussed_on = models.DateField(null=True, blank=True)
    discussed_words = models.TextField("what was said", max_length=4000, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "summaries"
        ordering = ["-period_end", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", pdf__isnull=False, built_at__isnull=False) | ~Q(state="ready"),
                name="summary_ready_is_whole",
            ),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="summary_period_runs_forward"),
        ]

    def __str__(self):
        return self.key

    def get_absolute_url(self):
        return reverse("summary", args=[self.pk])

    @property
    def period_words(self):
        """The days it is about, as people say them."""
        start, end = self.period_start, self.period_end
        if (start.year, start.month) == (end.year, end.month) and start != end:
            return f"{start.day} to {day(end)}"
        return day(end) if start == end else f"{day(start)} to {day(end)}"


class SummarySchedule(Placed):
    """When a group's pack is built by itself: on this day of each month, for the month before."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="summary_schedule")
    day_of_month = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(day_of_month__gte=1, day_of_month__lte=28), name="schedule_day_exists")
        ]
