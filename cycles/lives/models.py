"""A person's life as a Learning Cycle: what matters, who is alongside, what happened, what it used."""

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.conditions import Condition
from cycles.people.models import Agency
from cycles.prepared import now_for
from cycles.sent import Sent
from cycles.stack.models import LearningCycle


def _of(user):
    """Of one's own teams, as the worker or as one of those added."""
    added = CasePerson.objects.filter(case=models.OuterRef("pk"), user=user, until_on=None)
    return _in_reach_of(user) & (Q(worker=user) | models.Exists(added))


def _opened_for(user):
    opened = CaseOpening.objects.filter(case=models.OuterRef("pk"), by=user, until_at__gt=now_for(user))
    return _in_reach_of(user) & models.Exists(opened)


def _in_reach_of(user):
    return Q(cycle__in=LearningCycle.objects.filter(team__in=user.rights.teams))


_alongside = Condition("cycles.Case", _of)
_open_to = Condition("cycles.Case", lambda user: _of(user) | _opened_for(user))


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The worker and those added; else whoever of the team gave a reason, for that day's opening."""
        return self.filter(_open_to(user))

    def of(self, user):
        """The lives this person is alongside, without those opened for a reason."""
        return self.filter(_alongside(user))

    def in_reach_of(self, user):
        """Lives of the teams this person is in: their page asks for a reason first."""
        return self.filter(cycle__team__in=user.rights.teams)

    def open(self):
        return self.exclude(state=Case.State.CLOSED)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["cycle", "worker", "state", "step"],
    model_name="CaseEvent",
)
class Case(models.Model):
    """One person, by the name they chose. No eligibility, no score, no diagnosis (DOMAIN.md 13, 59, 66, 67)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed by agreement"

    class Step(models.IntegerChoices):
        UNDERSTAND = 1, "Understand me"
        MATTERS = 2, "What matters"
        AGREE = 3, "Agree what to do"
        PULL = 4, "Pull in who can help"
        KEEP = 5, "Keep hold"
        BALANCE = 6, "Until balance"

    cycle = models.OneToOneField(LearningCycle, on_delete=models.CASCADE, related_name="case")
    alias = models.CharField("what they like to be called", max_length=60)
    strengths = models.TextField("what they have and can do", max_length=4000, blank=True)
    what_matters = models.TextField("what matters to them", max_length=4000, blank=True)
    household = models.CharField("who is at home", max_length=200, blank=True)
    recorded_demand = models.TextField("what was written down", max_length=2000, blank=True)
    real_demand = models.TextField("what it was really about", max_length=2000, blank=True)
    is_mismatch = models.BooleanField("those two differ", null=True, blank=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases")
    step = models.PositiveSmallIntegerField(choices=Step, default=Step.UNDERSTAND)
    arrangement = models.TextField("their own pace", max_length=2000, blank=True)
    trajectory = models.TextField("where things were heading", max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    agreed_close_words = models.TextField("what you agreed, in their words", max_length=2000, blank=True)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["alias", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) & ~Q(agreed_close_words="")
                | ~Q(state="closed") & Q(closed_on=None),
                name="case_closed_by_agreement",
            )
        ]

    def __str__(self):
        return self.alias

    def get_absolute_url(self):
        return reverse("cycles:person", args=[self.pk])


class CaseMove(models.Model):
    """Paused, closed by agreement, opened again, handed to another worker: each with its words."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moves")
    what = models.CharField(max_length=20)
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.what


class CasePerson(models.Model):
    """A colleague the worker added."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(default=timezone.localdate)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("case", "user", condition=Q(until_on=None), name="case_person_once")]

    def __str__(self):
        return f"case {self.case_id}, user {self.user_id}"


class CaseOpening(models.Model):
    """Someone of the team opened this life for a reason. The worker is shown each one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="openings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["case", "by", "until_at"], name="case_opening_live")]

    def __str__(self):
        return f"case {self.case_id}, user {self.by_id}"


class OfCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(case__in=Case.objects.visible_to(user))


class Contact(Sent):
    """One touch between a person and a body: what happened, not what a worker did in numbers (DOMAIN.md 30-32)."""

    class Kind(models.TextChoices):
        VISIT = "visit", "Visit"
        CALL = "call", "Call"
        MESSAGE = "message", "Message"
        JOURNAL = "journal", "Journal"
        PULL = "pull", "Pulled in"
        REFERRAL = "referral", "Was referred"
        ASSESSMENT = "assessment", "Was assessed"
        OTHER = "other", "Other"

    class Mode(models.TextChoices):
        UNSAID = "", "Not said"
        SUPPORT = "support", "Support: being alongside"
        INTERVENTION = "intervention", "Intervention: doing to"

    class Phase(models.TextChoices):
        UNSAID = "", "Not said"
        BEFORE = "before", "Before"
        DURING = "during", "Since"
        AFTER = "after", "After"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField(default=timezone.localdate)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.CharField("what happened", max_length=300)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OTHER)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.UNSAID, blank=True)
    phase = models.CharField(max_length=8, choices=Phase, default=Phase.UNSAID, blank=True)
    is_repeat = models.BooleanField("they came back because it was not put right", default=False)
    cost = models.DecimalField(
        "cost (£)", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    cost_source = models.CharField("who worked that out", max_length=160, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]


class Spend(Sent):
    """Money from the case's own purse, in pounds."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="spends")
    on = models.DateField(default=timezone.localdate)
    amount = models.DecimalField("amount (£)", max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    what_for = models.CharField("what for", max_length=300)
    note = models.TextField("why it was right", max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
