"""Guides: rules are binary and few, principles are open to talk (DOMAIN.md 19). And laws that leave no room."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed, Team
from cycles.questions.models import Question
from cycles.sent import Sent
from cycles.stack.models import LearningCycle, Scale


class GuideQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its cycle; a team's own with its team, and by the stewards of the place."""
        rights = user.rights
        return self.filter(
            Q(cycle__in=LearningCycle.objects.visible_to(user))
            | Q(team__in=rights.teams)
            | Q(team__place__in=rights.stewards)
        )

    def in_force(self, today):
        return self.filter(state=Guide.State.ADOPTED, active_from__lte=today)

    def in_order(self):
        """Rules first, for they are few; then principles, behaviours and commitments."""
        ranks = [models.When(kind=kind, then=rank) for rank, kind in enumerate(Guide.Kind.values)]
        return self.order_by(models.Case(*ranks), "order", "pk")

    def for_cycle(self, cycle):
        """What those who work in a cycle go by: its own guides and those of its team."""
        return self.filter(Q(cycle=cycle.pk) | Q(team=cycle.team_id))

    def of_team(self, team):
        """What a team goes by: its own guides and those of its cycles; a person's own cycle has none."""
        return self.filter(Q(team=team) | Q(cycle__team=team) & ~Q(cycle__scale=Scale.PERSON))


class Guide(Sent):
    """Hangs on a cycle or on a team. Anyone who sees it may propose one; its people say yes or no, with why."""

    class Kind(models.TextChoices):
        RULE = "rule", "Rule"
        PRINCIPLE = "principle", "Principle"
        BEHAVIOUR = "behaviour", "Behaviour"
        COMMITMENT = "commitment", "Commitment"

    class Party(models.TextChoices):
        """The three of the promise (DOMAIN.md 69); most guides are everyone's."""

        EVERYONE = "", "Everyone here"
        POWER = "power", "People with power"
        WORKERS = "workers", "Workers"
        CITIZENS = "citizens", "Citizens"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "In force"
        NOT_ADOPTED = "not_adopted", "Not taken on"
        RETIRED = "retired", "Retired"

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, null=True, blank=True, related_name="guides")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="guides")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300)
    party = models.CharField("whose is it?", max_length=80, choices=Party, default=Party.EVERYONE, blank=True)
    origin = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State, default=State.ADOPTED)
    active_from = models.DateField(null=True, blank=True, default=timezone.localdate)
    retired_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_demo = models.BooleanField(default=False)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cycle__isnull=False, team=None) | Q(cycle=None, team__isnull=False),
                name="guide_of_a_cycle_or_a_team",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "not_adopted"], active_from=None, retired_on=None)
                | Q(state="adopted", active_from__isnull=False, retired_on=None)
                | Q(state="retired", active_from__isnull=False, retired_on__isnull=False),
                name="guide_state_and_days_agree",
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:guide", args=[self.pk])

    @property
    def home(self):
        """The cycle or the team it hangs on."""
        return self.cycle or self.team


class GuideStep(models.Model):
    """One thing that happened to a guide: dated, with who and why. Never changed."""

    class What(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Taken on"
        NOT_ADOPTED = "not_adopted", "Not taken on"
        RETIRED = "retired", "Retired"

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=12, choices=What)
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["proposed", "adopted"]) | ~Q(words=""), name="guide_no_and_retiring_say_why"
            )
        ]
        triggers = [pgtrigger.Protect(name="guide_step_never_changed", operation=pgtrigger.Update)]


class OfTeamQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A team's look at itself is its own, like a debrief."""
        return self.filter(team__in=user.rights.teams)


class Confirmation(Sent):
    """A team's regular look at its guides: are we living them? By example, with no score (DOMAIN.md 28, 64)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="confirmations")
    on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)

    objects = OfTeamQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]

    def get_absolute_url(self):
        return reverse("cycles:confirmation", args=[self.pk])


class ConfirmationAnswer(models.Model):
    """What was said about one guide to one of the three prompts. Never changed: the next look says it anew."""

    confirmation = models.ForeignKey(Confirmation, on_delete=models.CASCADE, related_name="answers")
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="confirmed")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["question__order", "pk"]
        constraints = [
            models.UniqueConstraint("confirmation", "guide", "question", name="confirmation_answer_once"),
            models.CheckConstraint(condition=~Q(text=""), name="confirmation_answer_says_something"),
        ]
        triggers = [pgtrigger.Protect(name="confirmation_answer_never_changed", operation=pgtrigger.Update)]


class LawQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its cycle; one of the whole place by everyone in it."""
        return self.filter(
            Q(cycle__in=LearningCycle.objects.visible_to(user)) | Q(cycle=None, place__in=user.rights.places)
        )


class Law(Placed, Sent):
    """A law with no room in it, what it demands, and how it was lawfully met all the same."""

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, null=True, blank=True, related_name="laws")
    name = models.CharField(max_length=200)
    demands = models.TextField("what it demands", max_length=4000)
    met = models.TextField("how it was lawfully met", max_length=4000)
    source = models.CharField("where it is written", max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = LawQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cycles:law", args=[self.pk])


class LawVersion(models.Model):
    """How a law was told before, and who changed it."""

    law = models.ForeignKey(Law, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=200)
    demands = models.TextField(max_length=4000)
    met = models.TextField(max_length=4000)
    source = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="law_version_never_changed", operation=pgtrigger.Update)]
