"""What a group decides about an issue that was raised to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.people.models import Team
from issues.log.models import Issue, IssueMove, OfIssueQuerySet
from issues.log.waiting import WAITING_OF_DECISION


class Decision(models.Model):
    """An answer from a group that can act, always with words for those who raised it."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Yes, we will change it"
        TRY = "try", "Yes, as an experiment first"
        NOT_NOW = "not_now", "Not now, because…"
        AS_IS = "as_is", "It stays as it is, because…"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="decisions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="decisions")
    move = models.OneToOneField(IssueMove, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome)
    words = models.TextField("what you decided, and why", max_length=4000)
    new_normal = models.TextField("system change (new normal)", max_length=4000, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    review_on = models.DateField("look at it again on", null=True, blank=True)
    decided_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_on", "-pk"]
        indexes = [models.Index(fields=["-decided_on", "-id"], name="decision_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="agreed") | ~Q(new_normal=""), name="decision_agreed_names_new_normal"
            )
        ]
        triggers = WAITING_OF_DECISION
