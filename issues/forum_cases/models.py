"""A person's case before a forum: with consent, with who brought it staying, and a plan made together (DOMAIN.md 49)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cycles.lives.models import Case
from cycles.people.models import Agency, Placed, Team
from cycles.sent import Sent
from issues.meetings.models import Seat


class Reason(models.TextChoices):
    """Why it is brought; choose any. No diagnosis is asked for."""

    HAND_OFFS = "hand_offs", "Passed on again and again"
    DEATH = "death", "Risk of death"
    HARM_TO_OTHERS = "harm_to_others", "Risk to staff or others, violence or hate crime"
    SELF = "self", "Suicide, self-harm, overdose or blood-borne virus"
    DRINK_DRUGS = "drink_drugs", "Drink and drugs"
    SELF_NEGLECT = "self_neglect", "Self-neglect"
    HEALTH = "health", "Mental or sexual health"
    CAPACITY = "capacity", "A question of capacity, or of the Mental Health Act"
    HOME = "home", "Tenancy, rent, eviction, or no home"
    WEIGHT = "weight", "Very low weight"
    SEX_WORK = "sex_work", "Sex work"
    LONG_ILLNESS = "long_illness", "Brain injury or long illness"
    TRAUMA = "trauma", "Trauma"
    END_OF_LIFE = "end_of_life", "End of life"


# The usual risks, and how the source marks each; a place may name others.
USUAL_RISKS = [
    ("Suicide", "++"),
    ("Self-harm", "++"),
    ("Overdose", "++"),
    ("Liver", "++"),
    ("Violence", "++"),
    ("Infection", "+"),
    ("Neglect", "+"),
    ("Anorexia", ""),
]


class ForumCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The case's own people; and, while consent stands, the forum's members at a meeting it was brought to."""
        seated = Seat.objects.filter(
            user=user, meeting__team__in=user.rights.teams, meeting__items__forum_case=OuterRef("pk")
        )
        return self.filter(self._own(user) | Q(consent_withdrawn_on=None) & Exists(seated))

    def of(self, user):
        return self.filter(self._own(user))

    @staticmethod
    def _own(user):
        """Whoever brought it stays with it, also where someone else is the worker now."""
        return Q(case__in=Case.objects.of(user)) | Q(brought_by=user, case__cycle__team__in=user.rights.teams)

    def agreed(self):
        return self.filter(consent_withdrawn_on=None)


class ForumCase(Placed, Sent):
    class State(models.TextChoices):
        BROUGHT = "brought", "Brought"
        LIVE = "live", "Plan is live"
        EASED = "eased", "Eased"
        LOST = "lost", "Lost touch"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="forum_cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="forum_cases")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    brought_on = models.DateField(default=timezone.localdate)
    reasons = models.JSONField(default=list)
    why = models.TextField("why you bring it", max_length=4000)
    blocked_by = models.TextField("what blocks", max_length=4000)
    hand_offs = models.TextField("hand-offs so far", max_length=4000, blank=True)
    invited = models.CharField("who else comes to the talk", max_length=300, blank=True)
    consent_on = models.DateField("agreed on")
    consent_words = models.TextField("what they agreed to", max_length=2000)
    consent_withdrawn_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.BROUGHT)
    state_words = models.TextField(max_length=2000, blank=True)
    is_avoidable = models.BooleanField("it could have been avoided if services had joined up", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = ForumCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_on", "-pk"]
        constraints = [
            # One whose consent was taken back is over: a later yes brings it anew.
            models.UniqueConstraint(
                "case",
                "team",
                condition=Q(state__in=["brought", "live"], consent_withdrawn_on=None),
                name="forum_case_open_once",
            ),
            models.CheckConstraint(condition=~Q(consent_words=""), name="forum_case_with_consent"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="bringer_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("brought_by", "agency", "case"),
            )
        ]

    def __str__(self):
        return f"{self.case.alias} at {self.team}"

    def get_absolute_url(self):
        return reverse("issues:forum_case", args=[self.pk])

    @property
    def is_open(self):
        return self.state in (self.State.BROUGHT, self.State.LIVE)

    @property
    def has_consent(self):
        return self.consent_withdrawn_on is None

    @property
    def reason_words(self):
        return [Reason(reason).label for reason in self.reasons if reason in Reason.values]

    @property
    def bringer(self):
        return f"{self.brought_by}, {self.agency}" if self.agency else str(self.brought_by)


class OfForumCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(forum_case__in=ForumCase.objects.visible_to(user))


class PlanVersion(Sent):
    """The joint plan as it stood from a day on. A new one is added; none is changed."""

    forum_case = models.ForeignKey(ForumCase, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("the plan", max_length=8000)
    changed = models.TextField("what changed, and why", max_length=2000, blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)
    at = models.DateTimeField(default=timezone.now)

    objects = OfForumCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("forum_case", "number", name="plan_version_once")]
        triggers = [pgtrigger.Protect(name="plan_version_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return f"Plan {self.number}"


class Mark(models.TextChoices):
    """As the sources mark a risk. It is a word between people, never a score: nothing is added up."""

    HIGH = "++", "++ high"
    SOME = "+", "+ some"
    NONE = "-", "− none"
    UNSAID = "", "Not said"


class RiskMark(models.Model):
    """How one risk was marked on a day; the newest of each is how it stands now."""

    forum_case = models.ForeignKey(ForumCase, on_delete=models.CASCADE, related_name="risks")
    name = models.CharField(max_length=60)
    before = models.CharField(max_length=2, choices=Mark, blank=True)
    now = models.CharField(max_length=2, choices=Mark, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)

    objects = OfForumCaseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="risk_mark_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return f"{self.name}: {self.before or 'not said'}, now {self.now or 'not said'}"


class ForumStep(models.Model):
    """What happened to it at the forum, in the order it happened."""

    class What(models.TextChoices):
        BROUGHT = "brought", "Brought, with consent"
        PLANNED = "planned", "Plan made"
        RISKS = "risks", "Risks marked"
        STATE = "state", "How it goes"
        WITHDRAWN = "withdrawn", "Consent taken back"
        PATTERN = "pattern", "What is behind it was sent on"

    forum_case = models.ForeignKey(ForumCase, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=9, choices=What)
    words = models.TextField(max_length=4000, blank=True)
    issue = models.ForeignKey("issues.Issue", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.get_what_display()
