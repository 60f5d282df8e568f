"""The link from an answer in a debrief to a guide that helped, or that stood in the way."""

from django.db import models
from django.utils import timezone

from cycles.guides.models import Guide
from debriefs.record.models import DebriefAnswer


class GuideTagQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A debrief is its team's own, and so are its words; how many debriefs spoke of a guide is not secret."""
        return self.filter(answer__in=DebriefAnswer.objects.visible_to(user))


class GuideTag(models.Model):
    """“This principle helped”, “this rule blocked”. It has no author: only debriefs are ever counted."""

    class How(models.TextChoices):
        HELPED = "helped", "Helped"
        BLOCKED = "blocked", "Blocked"

    answer = models.ForeignKey(DebriefAnswer, on_delete=models.CASCADE, related_name="guide_tags")
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="tags")
    how = models.CharField(max_length=8, choices=How)
    at = models.DateTimeField(default=timezone.now)

    objects = GuideTagQuerySet.as_manager()

    class Meta:
        ordering = ["guide__kind", "guide__order", "guide", "how"]
        constraints = [models.UniqueConstraint("answer", "guide", "how", name="guide_tag_once")]

    def __str__(self):
        return f"{self.get_how_display()}: {self.guide}"
