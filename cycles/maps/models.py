"""A system map: who and what makes an outcome, how they are tied, and the steps that help or are waste.

Nothing on a map is lost. Each row holds what stands now; its versions say what stood on any day.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from cycles.maps.prompts import Prompt
from cycles.people.models import Agency
from cycles.sent import Sent
from cycles.stack.models import OfCycle, OfCycleQuerySet


class OnMapQuerySet(OfCycleQuerySet):
    def standing(self):
        """What is on the map now."""
        return self.filter(removed_on=None)


class OnMap(OfCycle):
    """What may be added to a map, changed and taken off, and put back."""

    added_on = models.DateField(default=timezone.localdate)
    removed_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Dated(models.Model):
    """How something on a map stood from a day on, until the next version of it. Never changed."""

    from_on = models.DateField(default=timezone.localdate)
    is_here = models.BooleanField(default=True, help_text="False from the day it was taken off the map")
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["from_on", "pk"]


class ElementWords(models.Model):
    """The words of an actor or a factor, on its row and on each of its versions."""

    class Effect(models.TextChoices):
        UNSURE = "", "Not sure yet"
        HELPS = "helps", "Helps"
        HINDERS = "hinders", "Gets in the way"
        BOTH = "both", "Does both"

    name = models.CharField(max_length=80)
    effect = models.CharField(max_length=8, choices=Effect, default=Effect.UNSURE, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True


class SystemElement(OnMap, ElementWords):
    """An actor, who shapes an outcome, or a factor, a condition that shapes it (DOMAIN.md 2, 9)."""

    WORDS = ("name", "effect", "agency", "note")

    class Kind(models.TextChoices):
        ACTOR = "actor", "Actor"
        FACTOR = "factor", "Factor"

    kind = models.CharField(max_length=6, choices=Kind)
    prompt = models.CharField(max_length=24, choices=Prompt, default=Prompt.OWN, blank=True)

    objects = OnMapQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                "cycle", "kind", Lower("name"), condition=Q(removed_on=None), name="element_once_on_a_map"
            ),
            models.CheckConstraint(
                condition=Q(prompt="")
                | Q(prompt__startswith="actor.", kind="actor")
                | Q(prompt__startswith="factor.", kind="factor"),
                name="element_prompt_of_its_kind",
            ),
        ]

    def __str__(self):
        return self.name


class ElementVersion(Dated, ElementWords):
    of = models.ForeignKey(SystemElement, on_delete=models.CASCADE, related_name="versions")

    class Meta(Dated.Meta):
        triggers = [pgtrigger.Protect(name="element_version_stays", operation=pgtrigger.Update)]


class TieWords(models.Model):
    """What a tie does and how we know, on its row and on each of its versions."""

    class Effect(models.TextChoices):
        HELPS = "helps", "Helps"
        HINDERS = "hinders", "Gets in the way"
        COULD = "could_help", "Could help"

    class Basis(models.TextChoices):
        UNSAID = "", "Not said yet"
        SEEN = "seen", "We have seen it"
        ASSUMED = "assumed", "We assume it"

    effect = models.CharField(max_length=10, choices=Effect)
    basis = models.CharField("how do we know?", max_length=8, choices=Basis, default=Basis.UNSAID, blank=True)
    said_by = models.CharField("who said so?", max_length=120, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True


class ElementTie(OnMap, TieWords):
    """One element helps another, hinders it or could help, and how we know. An experiment may try to change it."""

    WORDS = ("effect", "basis", "said_by", "note")

    source = models.ForeignKey(SystemElement, on_delete=models.CASCADE, related_name="ties_out")
    target = models.ForeignKey(SystemElement, on_delete=models.CASCADE, related_name="ties_in")

    objects = OnMapQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("source", "target", condition=Q(removed_on=None), name="tie_once_each_way"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="tie_joins_two"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="tie_stays_on_one_map",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT count(*) FROM cycles_systemelement
                        WHERE id IN (NEW.source_id, NEW.target_id) AND cycle_id = NEW.cycle_id) <> 2 THEN
                        RAISE EXCEPTION 'a tie joins two elements of its own map' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        verb = {"helps": "helps", "hinders": "gets in the way of"}.get(self.effect, "could help")
        return f"{self.source} {verb} {self.target}"


class TieVersion(Dated, TieWords):
    of = models.ForeignKey(ElementTie, on_delete=models.CASCADE, related_name="versions")

    class Meta(Dated.Meta):
        triggers = [pgtrigger.Protect(name="tie_version_stays", operation=pgtrigger.Update)]


class StepWords(models.Model):
    """What is done at a step and whether it is any use to the person, on its row and on each of its versions."""

    class Value(models.TextChoices):
        UNSURE = "", "Not sure yet"
        VALUE = "value", "Value: it helps the person"
        WASTE = "waste", "Waste: it does not"

    activity = models.CharField(max_length=160)
    value = models.CharField(max_length=8, choices=Value, default=Value.UNSURE, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True


class MapStep(OnMap, StepWords, Sent):
    """One step of the work as it really goes, from asking for help to the end of it (DOMAIN.md 58)."""

    WORDS = ("activity", "value", "note")

    order = models.PositiveSmallIntegerField()

    objects = OnMapQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self):
        return self.activity


class StepVersion(Dated, StepWords):
    of = models.ForeignKey(MapStep, on_delete=models.CASCADE, related_name="versions")

    class Meta(Dated.Meta):
        triggers = [pgtrigger.Protect(name="step_version_stays", operation=pgtrigger.Update)]


class MapFeedback(OfCycle, Sent):
    """What someone who saw the picture says of it, in their words, and what was done with that (DOMAIN.md 9)."""

    element = models.ForeignKey(SystemElement, on_delete=models.CASCADE, null=True, blank=True, related_name="feedback")
    text = models.TextField(max_length=2000)
    said_by = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(max_length=2000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="", replied_by=None, replied_at=None)
                | ~Q(reply="") & Q(replied_by__isnull=False, replied_at__isnull=False),
                name="map_feedback_reply_says_who_and_when",
            )
        ]

    def __str__(self):
        return self.text
