"""What people say of an issue: who saw it, how it was worded, whether something fits and whether it is better."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.lives.models import Case
from cycles.people.models import Team
from issues.log.models.issue import Issue, OfIssueQuerySet
from issues.log.order import SIGHTING_TRIGGERS


class DescriptionVersion(models.Model):
    """How an issue was described before an edit."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="descriptions")
    description = models.TextField(max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]


class Sighting(models.Model):
    """A team saw this issue in the work. The words stay the team's own until a quote is released on purpose."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="sightings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sightings")
    on = models.DateField(default=timezone.localdate)
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=4000, blank=True)
    quote = models.TextField("a quote to share, with names taken out", max_length=1000, blank=True)
    quote_released_on = models.DateField(null=True, blank=True)
    occasion_ref = models.BigIntegerField(
        null=True, blank=True, help_text="The debrief it was seen in, by number alone: the log knows no debriefs"
    )
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["by", "-on"], name="sighting_of_person"),
            models.Index(fields=["by", "issue"], name="sighting_of_person_in"),
            models.Index(fields=["-quote_released_on", "-id"], condition=~Q(quote=""), name="sighting_quotes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="") | Q(quote_released_on__isnull=False), name="sighting_quote_released_on_a_day"
            )
        ]
        triggers = SIGHTING_TRIGGERS


class FitAnswer(models.Model):
    """ "Does this fix it?", asked of those who raised it: the latest answer of each person."""

    class Fits(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="fit_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fits = models.CharField(max_length=6, choices=Fits)
    words = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("issue", "by", name="fit_answer_once")]


class BetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Each is one person's own, for as long as they may see the issue."""
        return self.filter(user=user, issue__in=Issue.objects.visible_to(user))

    def waiting(self):
        return self.filter(answered_at=None)


class Better(models.Model):
    """ "Is it better in the work?", asked once of each who saw it, four weeks after something was in place."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="better")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(help_text="The day since which it is in place")
    asked_on = models.DateField(default=timezone.localdate)
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    words = models.TextField("what is still in the way?", max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = BetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("issue", "user", "since", name="better_asked_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="better_answered_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-asked_on"], condition=Q(answered_at=None), name="better_waiting_for"),
        ]
