"""Stories belong to the person who told them: checked by them, shared as far as they say, taken back any time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.lives.models import Case
from cycles.people.models import Placed
from cycles.sent import Sent
from cycles.stack.models import LearningCycle


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """By its reach, once its teller has checked it; before that, the life's people, or whoever wrote it."""
        rights = user.rights
        told = Q(checked_by_teller_on__isnull=False, withdrawn_on=None)
        return self.filter(
            Q(written_by=user, case=None, cycle__team__in=rights.teams)
            | Q(case__in=Case.objects.visible_to(user))
            | told & Q(reach=Story.Reach.TEAM, cycle__team__in=rights.teams)
            | told & Q(reach__in=[Story.Reach.PLACE, Story.Reach.PUBLIC], place__in=rights.places)
        )

    def shared_with_place(self):
        """Fit for overviews and summaries."""
        return self.filter(
            checked_by_teller_on__isnull=False, withdrawn_on=None, reach__in=[Story.Reach.PLACE, Story.Reach.PUBLIC]
        )


class Story(Placed, Sent):
    class Reach(models.TextChoices):
        WORKER = "worker", "Only the worker"
        TEAM = "team", "The team"
        PLACE = "place", "The whole place, leaders too"
        PUBLIC = "public", "Anyone"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="stories")
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="stories")
    title = models.CharField(max_length=160)
    body = models.TextField("the story, as they tell it", max_length=12000)
    told_by = models.CharField("told by (the name they chose)", max_length=60, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField(default=timezone.localdate)
    checked_by_teller_on = models.DateField("checked with the teller on", null=True, blank=True)
    reach = models.CharField("how far it may go", max_length=8, choices=Reach, default=Reach.WORKER)
    withdrawn_on = models.DateField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        ordering = ["-written_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reach="worker") | Q(checked_by_teller_on__isnull=False), name="story_checked_before_shared"
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("cycles:story", args=[self.pk])

    @property
    def is_shared(self):
        return bool(self.checked_by_teller_on and not self.withdrawn_on and self.reach != self.Reach.WORKER)
