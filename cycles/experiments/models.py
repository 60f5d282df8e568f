"""Experiments: something tried in order to answer a question."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.sent import Sent
from cycles.stack.models import LearningCycle, OfCycle, OfCycleQuerySet, PurposeVersion, Scale


class ExperimentQuerySet(OfCycleQuerySet):
    def going(self):
        """Begun and not ended; one that a crossed limit paused is still going on for those in it."""
        return self.filter(state__in=Experiment.GOING)

    def in_order(self):
        """What is going on first, then ideas, then what has ended."""
        going, idea = models.When(state__in=Experiment.GOING, then=0), models.When(state="idea", then=1)
        return self.order_by(models.Case(going, idea, default=2), "-opened_on", "-pk")

    def shared(self):
        """All but those of a single life: what portfolios, lists and pickers may draw on."""
        return self.exclude(cycle__scale=Scale.PERSON)


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
        PAUSED = "paused", "Paused"
        MAKING_SENSE = "making_sense", "Making sense"
        EMBEDDED = "embedded", "Embedded"
        ADAPTED = "adapted", "Adapted"
        STOPPED = "stopped", "Stopped"

    GOING = (State.RUNNING, State.PAUSED, State.MAKING_SENSE)
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
    serves = models.ForeignKey(
        PurposeVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="experiments",
        verbose_name="which purpose does it serve?",
    )
    tie = models.ForeignKey(
        "cycles.ElementTie",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="experiments",
        verbose_name="what on the map does it try to change?",
    )
    legal_ok = models.BooleanField("it is legal", default=False)
    safe_ok = models.BooleanField("it is harmless", default=False)
    learned = models.TextField("what we learned", max_length=8000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.IDEA)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField(default=timezone.localdate)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

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
                | Q(state__in=["idea", "running", "paused", "making_sense"], ended_on=None),
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

    @property
    def is_going(self):
        return self.state in self.GOING


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


class OfExperimentQuerySet(models.QuerySet):
    """What hangs from an experiment is seen by whoever sees the experiment."""

    def visible_to(self, user):
        return self.filter(experiment__cycle__in=LearningCycle.objects.visible_to(user))


class LimitQuerySet(OfExperimentQuerySet):
    def that_hold(self):
        return self.filter(lifted_on=None)


class Limit(Sent):
    """How far it may go and still be safe to fail. Anyone who sees it may say that it was crossed."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="limits")
    text = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_on = models.DateField(default=timezone.localdate)
    lifted_on = models.DateField(null=True, blank=True)
    lifted_because = models.TextField(max_length=2000, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LimitQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_because="", lifted_by=None)
                | Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="limit_lifted_says_when_who_and_why",
            )
        ]

    def __str__(self):
        return self.text


class Crossing(Sent):
    """Someone says that a limit was crossed. It is never argued away: what was made safe stands beside it."""

    limit = models.ForeignKey(Limit, on_delete=models.CASCADE, related_name="crossings")
    words = models.TextField("what happened?", max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="crossing_append_only", operation=pgtrigger.Update)]

    def __str__(self):
        return self.words or str(self.limit)


class TakenIn(models.Model):
    """A life that the bubble took in (DOMAIN.md 57). The life's own people see whose; others a count, never under five."""

    class Came(models.TextChoices):
        UNSAID = "", "Not said"
        RANDOM = "random", "Picked at random"
        NEXT = "next", "The next one to come"
        ASKED = "asked", "They asked to"

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="taken_in")
    case = models.ForeignKey("cycles.Case", on_delete=models.CASCADE, related_name="experiments")
    came = models.CharField("how did they come?", max_length=6, choices=Came, default=Came.UNSAID, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)

    objects = OfExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.UniqueConstraint("experiment", "case", name="taken_in_once")]

    def __str__(self):
        return f"{self.experiment_id} took in {self.case_id}"
