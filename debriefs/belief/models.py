"""A check of belief in three taps: how answers lie, and that a person gave one, never which."""

from django.conf import settings
from django.db import models

from debriefs.record.models import Debrief, OfDebriefQuerySet


class About(models.TextChoices):
    MISSION = "mission", "the mission"
    EXPERIMENT = "experiment", "what we are trying"
    PART = "part", "my own part in it"


class Belief(models.IntegerChoices):
    NOT_NOW = 1, "Not now"
    A_LITTLE = 2, "A little"
    HALF = 3, "Half and half"
    MOSTLY = 4, "Mostly"
    FULLY = 5, "Fully"


class BeliefSpread(models.Model):
    """How many gave one answer. No row is a person's; the five of a question are made and written together."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="belief_spread")
    about = models.CharField(max_length=10, choices=About)
    belief = models.PositiveSmallIntegerField(choices=Belief)
    count = models.PositiveIntegerField(default=0)

    objects = OfDebriefQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("debrief", "about", "belief", name="belief_spread_once")]


class BeliefGiven(models.Model):
    """That someone answered, so that each counts once."""

    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About)

    class Meta:
        constraints = [models.UniqueConstraint("debrief", "user", "about", name="belief_given_once")]
