"""A way of looking at the log that someone keeps under a name. It holds what was asked, never what was found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed, Team
from cycles.sent import Sent


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those shared with one's team or place. The rows it shows are each reader's own."""
        rights = user.rights
        shared = Q(reach=SavedView.Reach.PLACE) | Q(reach=SavedView.Reach.TEAM, team__in=rights.teams)
        return self.filter(Q(by=user) | shared, place__in=rights.places)


class SavedView(Placed, Sent):
    class Reach(models.TextChoices):
        ME = "me", "Just me"
        TEAM = "team", "My team"
        PLACE = "place", "Everyone in this place"

    name = models.CharField("what do you call it?", max_length=60)
    asked = models.JSONField(default=dict, help_text="The filters and the words searched for, cleaned")
    reach = models.CharField("who may open it?", max_length=5, choices=Reach, default=Reach.ME)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["by", "name"], name="saved_view_of_person"),
            models.Index(fields=["place", "reach", "name"], name="saved_view_shared"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reach="team", team__isnull=False) | ~Q(reach="team") & Q(team=None),
                name="saved_view_team_where_it_is_the_teams",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("issues:view", args=[self.pk])
