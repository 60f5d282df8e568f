"""Experiments: something tried in order to answer a question."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.sent import Sent
from cycles.stack.models import OfCycle, OfCycleQuerySet


class ExperimentQuerySet(OfCycleQuerySet):
    def going(self):
        return self.filter(state__in=["running", "making_sense"])

    def in_order(self):
        """What is going on first, then ideas, then what has ended."""
        going, idea = models.When(state__in=["running", "making_sense"], then=0), models.When(state="idea", then=1)
        return self.order_by(models.Case(going, idea, default=2), "-opened_on", "-pk")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["cycle", "state", "legal_ok", "safe_ok", "end_point", "contact"],
    model_name="ExperimentEvent",
)
class Experiment(OfCycle, Sent):
    """The design card. Two ticks start it, and nobody's approval (DOMAIN.md 10, 18, 47)."""

    class EndPoint(models.TextChoices):
        UNSURE = "", "Not sure yet"
        KNOWN = "known", "We know where it ends"
        UNKNOWN = "unknown", "We do not know where it ends"

    class Contact(models.TextChoices):
        UNSURE = "", "Not sure yet"
        DIRECT = "direct", "Direct, with people"
        INDIRECT = "indirect", "Indirect, in the background"

    class State(models.TextChoices):
        IDEA = "idea", "Idea"
        RUNNING = "running", "Running"
        MAKING_SENSE = "making_sense", "Making sense"
        EMBEDDED = "embedded", "Embedded"
        ADAPTED = "adapted", "Adapted"
        STOPPED = "stopped", "Stopped"

    ENDINGS = (State.EMBEDDED, State.ADAPTED, State.STOPPED)
    KINDS = {
        ("known", "indirect"): "Training",
        ("known", "direct"): "Project",
        ("unknown", "indirect"): "Enquiry",
        ("unknown", "direct"): "Prototype",
    }

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    title = models.CharField(max_length=160)
    question = models.TextField("what do you want to find out?", max_length=2000)
    actions = models.TextField("what will you try?", max_length=4000, blank=True)
    people = models.TextField("who must help design it?", max_length=2000, blank=True)
    data_plan = models.TextField("what will you gather?", max_length=4000, blank=True)
    sense_plan = models.TextField("how, and with whom, will you make sense of it?", max_length=4000, blank=True)
    safe_to_fail = models.TextField("what keeps failure small?", max_length=4000, blank=True)
    protection = models.TextField("what guards this space, now?", max_length=4000, blank=True)
    end_point = models.CharField(max_length=8, choices=EndPoint, default=EndPoint.UNSURE, blank=True)
    contact = models.CharField(max_length=8, choices=Contact, default=Contact.UNSURE, blank=True)
    legal_ok = models.BooleanField("it is legal", default=False)
    safe_ok = models.BooleanField("it is harmless", default=False)
    learned = models.TextField("what we learned", max_length=8000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.IDEA)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField(default=timezone.localdate)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="idea") | Q(state="stopped") | Q(legal_ok=True, safe_ok=True),
                name="experiment_runs_on_two_ticks",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["embedded", "adapted", "stopped"], ended_on__isnull=False)
                | Q(state__in=["idea", "running", "making_sense"], ended_on=None),
                name="experiment_ended_says_when",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("cycles:experiment", args=[self.pk])

    @property
    def kind(self):
        """Training, project, enquiry or prototype, from the two answers; empty while either is not known."""
        return self.KINDS.get((self.end_point, self.contact), "")

    @property
    def has_ended(self):
        return self.state in self.ENDINGS


class ExperimentMove(models.Model):
    """A change of state with its because. All endings count as learning."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=12, choices=Experiment.State)
    to_state = models.CharField(max_length=12, choices=Experiment.State)
    because = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.from_state} to {self.to_state}"
