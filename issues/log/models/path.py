"""Where an issue has been: each move between levels, owners and groups, and each step that was told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.people.models import Team
from issues.log.models.issue import Issue, Level, OfIssueQuerySet, OwnerTier
from issues.log.waiting import MOVE_TRIGGERS


class IssueMove(models.Model):
    """A change of level, owner or holder, with its reason: the escalation history.

    An offer to another group waits until that group answers; the old holder keeps the issue until then.
    """

    class State(models.TextChoices):
        DONE = "done", "Done"  # level and owner: at once
        OFFERED = "offered", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        HANDED_BACK = "handed_back", "Handed back"
        WITHDRAWN = "withdrawn", "Taken back"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(max_length=12, choices=State)
    from_level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    to_level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    from_owner = models.CharField(max_length=6, choices=OwnerTier, blank=True)
    to_owner = models.CharField(max_length=6, choices=OwnerTier, blank=True)
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="moves_in")
    why = models.TextField("what stopped us changing it here?", max_length=4000)
    asks = models.TextField("what are you asking them to decide?", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    # For an answer, or for the decision of the group that took it on; kept by the database (issues/log/waiting.py).
    waits = models.BooleanField(default=False, editable=False)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("issue", condition=Q(state="offered"), name="issue_one_offer_at_a_time"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "offered"], answered_at=None, answered_by=None)
                | Q(
                    state__in=["accepted", "handed_back", "withdrawn"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="issue_move_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_back") | ~Q(answer=""), name="issue_handed_back_with_why"
            ),
        ]
        indexes = [
            models.Index(fields=["to_team", "at"], condition=Q(state="offered"), name="issue_offers_waiting"),
            models.Index(fields=["at", "id"], include=["to_team"], condition=Q(waits=True), name="issue_moves_waiting"),
        ]
        triggers = MOVE_TRIGGERS


class IssueStep(models.Model):
    """The issue's path: each thing that happened, and the line written back to those who raised it.

    Kept by the action that made it happen. Raisers are told of every step once (a Notice each).
    """

    class What(models.TextChoices):
        RAISED = "raised", "Raised"
        SEEN = "seen", "Seen again"
        LEVEL = "level", "Level or owner set"
        OFFERED = "offered", "Raised to a group"
        ACCEPTED = "accepted", "Taken on"
        HANDED_BACK = "handed_back", "Handed back"
        WITHDRAWN = "withdrawn", "Offer taken back"
        COUNTERMEASURE = "countermeasure", "Countermeasure (now)"
        SYSTEM_CHANGE = "system_change", "System change"
        DECIDED = "decided", "Decided"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Open again"
        EDITED = "edited", "Reworded"
        ASKED = "asked", "A question came back"
        REPLIED = "replied", "Question answered"
        SPLIT = "split", "A part was split off"
        PLEDGED = "pledged", "A member fixes something now"
        PLEDGE_TOLD = "pledge_told", "What became of a pledge"
        RECOMMENDED = "recommended", "Recommended to commissioners"
        ADVISED = "advised", "Commissioners answered"
        RECEIVED = "received", "Seen by those who can act"
        GATHERED = "gathered", "Gathered under a pattern"
        UNGATHERED = "ungathered", "Taken out of a pattern"
        LOOKED_AT = "looked_at", "Countermeasure looked at"
        NOT_BETTER = "not_better", "No better in the work"
        SHOWN_OUTSIDE = "shown_outside", "Shown to a body outside"
        SAID_OUTSIDE = "said_outside", "A reply from outside"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=14, choices=What)
    words = models.TextField(max_length=4000, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    move = models.ForeignKey(IssueMove, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, blank=True, help_text="The response's state after this step")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["issue", "at"], name="issue_step_of_issue")]
