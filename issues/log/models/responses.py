"""What is done about an issue, now and for good, and what keeping it up takes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cycles.people.models import Team
from cycles.sent import Sent
from issues.log.models.issue import Issue, IssueAccess, OfIssueQuerySet
from issues.log.order import RESPONSE_TRIGGERS


class ResponseQuerySet(OfIssueQuerySet):
    def to_look_at(self, today):
        """Countermeasures of open issues that were to be looked at again by now."""
        # The issue's own copy of the day has an index of those that are open.
        passed = self.filter(issue__status=Issue.Status.OPEN, issue__review_on__lte=today)
        reads = IssueAccess.objects.filter(issue=OuterRef("issue"), team=OuterRef("owner"))
        return passed.filter(kind=Response.Kind.COUNTERMEASURE, review_on__isnull=False).annotate(
            is_owners_to_read=Exists(reads)
        )


class Response(models.Model):
    """What is done about an issue: one current row of each kind; earlier words stay in ResponseVersion."""

    class Kind(models.TextChoices):
        COUNTERMEASURE = "countermeasure", "Countermeasure (now)"
        SYSTEM_CHANGE = "system_change", "System change (new normal)"

    class State(models.TextChoices):
        TRYING = "trying", "Being tried"  # countermeasure
        IN_PLACE = "in_place", "In place"  # both; for a system change: the new normal
        NOT_NEEDED = "not_needed", "No longer needed"  # countermeasure
        WORKING_OUT = "working_out", "Being worked out"  # system change
        WITH_GROUP = "with_group", "With a group"  # system change: someone who can act has it in hand
        AGREED = "agreed", "Agreed"  # system change, not begun

    class Working(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    STATES_OF = {
        Kind.COUNTERMEASURE: (State.TRYING, State.IN_PLACE, State.NOT_NEEDED),
        Kind.SYSTEM_CHANGE: (State.WORKING_OUT, State.WITH_GROUP, State.AGREED, State.IN_PLACE),
    }

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="responses")
    kind = models.CharField(max_length=14, choices=Kind)
    text = models.TextField(max_length=4000)
    leaves_behind = models.TextField(
        "what it leaves behind", max_length=2000, blank=True, help_text="So that a way round is not taken for a fix"
    )
    state = models.CharField(max_length=12, choices=State)
    starts_on = models.DateField(null=True, blank=True)
    in_place_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The team or group that keeps it going, or works it out: never one person",
    )
    review_on = models.DateField("look at it again on", null=True, blank=True)
    working = models.CharField(
        "is it working?",
        max_length=6,
        choices=Working,
        blank=True,
        db_default="",
        editable=False,
        help_text="As the latest look at it says",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("issue", "kind", name="response_one_of_each_kind"),
            models.CheckConstraint(
                condition=Q(kind="countermeasure", state__in=["trying", "in_place", "not_needed"])
                | Q(kind="system_change", state__in=["working_out", "with_group", "agreed", "in_place"]),
                name="response_state_fits_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_place") | Q(in_place_on__isnull=False), name="response_in_place_since_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="with_group") | Q(owner__isnull=False), name="response_with_a_named_group"
            ),
        ]
        indexes = [
            # Four weeks after it is in place, those who saw the issue are asked whether it is better.
            models.Index(
                fields=["in_place_on", "issue"],
                condition=Q(kind="system_change", state="in_place"),
                name="response_new_normals",
            )
        ]
        triggers = RESPONSE_TRIGGERS

    def __str__(self):
        return self.text

    @property
    def kept_by(self):
        """Who looks at it again, of what `to_look_at` found: the team that raised it where no other can read it."""
        return self.owner if self.is_owners_to_read else self.issue.team


class ResponseVersion(models.Model):
    """Words and state as they stood: ordinary rows, so that erasure can reach them."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(max_length=4000)
    leaves_behind = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=Response.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]


class Upkeep(Sent):
    """One look at a countermeasure: is it working, and what it took. Together: the price of not fixing the system.

    Never a target and never of one worker: the hours and pounds of all who kept it going.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="upkeep")
    on = models.DateField(default=timezone.localdate)
    working = models.CharField("is it working?", max_length=6, choices=Response.Working, blank=True)
    hours = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    pounds = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["response", "on", "id"], name="upkeep_of_response")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(hours=None) | Q(hours__gte=0)) & (Q(pounds=None) | Q(pounds__gte=0)),
                name="upkeep_not_below_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(working="", hours=None, pounds=None, words=""), name="upkeep_says_something"
            ),
        ]
        triggers = [pgtrigger.Protect(name="upkeep_never_changed", operation=pgtrigger.Update)]
