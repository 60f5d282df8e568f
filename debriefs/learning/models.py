"""The thread from what a debrief said to the statement it speaks for or against."""

from django.db import models
from django.utils import timezone

from cycles.questions.models import Question
from cycles.statements.models import Evidence
from debriefs.record.models import Contribution, Debrief, DebriefAnswer, OfDebriefQuerySet


class SpokeTo(models.Model):
    """Which answer gave a piece of evidence. From notes not yet shared it is the prompt; the answer comes with sharing."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="spoke_to")
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, null=True, blank=True, related_name="spoke_to"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(DebriefAnswer, on_delete=models.CASCADE, null=True, blank=True, related_name="spoke_to")
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="spoke_to")
    at = models.DateTimeField(default=timezone.now)

    objects = OfDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"Debrief {self.debrief_id} spoke to evidence {self.evidence_id}"
