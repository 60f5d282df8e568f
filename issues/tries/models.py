"""What an issue led people to try. A complex one is not fixed by a plan: it is explored (DOMAIN.md 3)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from cycles.experiments.models import Experiment
from issues.log.models import Issue, OfIssueQuerySet


class Try(models.Model):
    """An experiment that an issue started. Seen by those who see both."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="tries")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="tries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tries"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint("issue", "experiment", name="try_once")]

    def __str__(self):
        return f"{self.issue_id} led to {self.experiment_id}"
