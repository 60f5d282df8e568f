"""Between bodies, while an issue climbs: a question that goes back to those who raised it, and a part split off."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.people.models import Team
from cycles.sent import Sent
from issues.log.models import Issue, OfIssueQuerySet


class IssueQuestion(Sent):
    """A group asks the team that raised it. The issue stays where it is until they have answered."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="questions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("what do you need to know?", max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "issue", "team", condition=Q(answered_at=None), name="issue_question_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="issue_question_answered_by_someone",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return self.issue.get_absolute_url()

    @property
    def is_open(self):
        return self.answered_at is None


class Split(models.Model):
    """The part of an issue that can be fixed now, as an issue of its own."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="splits")
    part = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="split_from")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(issue=models.F("part")), name="split_is_not_itself")]

    def __str__(self):
        return f"{self.part_id} from {self.issue_id}"
