"""Guides: rules are binary and few, principles are open to talk (DOMAIN.md 19)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.sent import Sent
from cycles.stack.models import OfCycle, OfCycleQuerySet


class GuideQuerySet(OfCycleQuerySet):
    def in_force(self, today):
        return self.filter(active_from__lte=today).filter(Q(retired_on=None) | Q(retired_on__gt=today))


class Guide(OfCycle, Sent):
    class Kind(models.TextChoices):
        RULE = "rule", "Rule"
        PRINCIPLE = "principle", "Principle"
        BEHAVIOUR = "behaviour", "Behaviour"
        COMMITMENT = "commitment", "Commitment"

    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300)
    party = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active_from = models.DateField(default=timezone.localdate)
    retired_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "order", "pk"]

    def __str__(self):
        return self.text
