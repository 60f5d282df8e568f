"""What a member organisation fixes now, and what goes to commissioners because nobody here can (DOMAIN.md 48)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Agency, Placed, Role, Team
from cycles.sent import Sent
from issues.forum_cases.models import ForumCase
from issues.log.models import Issue


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees what it is about."""
        issues = Issue.objects.visible_to(user).filter(pk=OuterRef("issue"))
        cases = ForumCase.objects.visible_to(user).filter(pk=OuterRef("forum_case"))
        return self.filter(Exists(issues) | Exists(cases))

    def open(self):
        return self.filter(state=Pledge.State.PLEDGED)


class Pledge(Placed, Sent):
    """A member organisation of a group says what it will fix itself, by a day. Nobody is marked for it."""

    class State(models.TextChoices):
        PLEDGED = "pledged", "Pledged"
        DONE = "done", "Done"
        NOT_DONE = "not_done", "Not done"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="pledges")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="pledges")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="pledges")
    forum_case = models.ForeignKey(ForumCase, on_delete=models.CASCADE, null=True, blank=True, related_name="pledges")
    text = models.TextField("what will you fix?", max_length=2000)
    made_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.PLEDGED)
    became = models.TextField("what became of it", max_length=2000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issue=None, forum_case__isnull=False) | Q(issue__isnull=False, forum_case=None),
                name="pledge_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="pledged", answered_on=None) | ~Q(state="pledged") & Q(answered_on__isnull=False),
                name="pledge_answered_on_a_day",
            ),
            models.CheckConstraint(condition=~Q(state="not_done") | ~Q(became=""), name="pledge_not_done_says_why"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("issues:pledge", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.PLEDGED


def commissions_in(user):
    """The places where this person is a commissioner."""
    return frozenset(m.place_id for m in user.rights.memberships if m.role == Role.COMMISSIONER)


class RecommendationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The group that sent it, whoever sees its issue, and the commissioners of the place."""
        issues = Issue.objects.visible_to(user).filter(pk=OuterRef("issue"))
        return self.filter(Q(team__in=user.rights.teams) | Q(place__in=commissions_in(user)) | Exists(issues))

    def waiting(self):
        return self.filter(answer="")


class Recommendation(Placed, Sent):
    """What nobody here can change, put to those who commission, and what they answered."""

    class Says(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Yes, in part"
        LATER = "later", "Not now, because…"
        NO = "no", "No, because…"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="recommendations")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="recommendations")
    to = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name="to whom")
    text = models.TextField("what do you recommend?", max_length=4000)
    why = models.TextField("why can nobody here change it?", max_length=4000)
    sent_on = models.DateField(default=timezone.localdate)
    answer_by_on = models.DateField("when do you hope for an answer?", null=True, blank=True)
    says = models.CharField(max_length=6, choices=Says, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", says="", answered_on=None, answered_by=None)
                | ~Q(answer="") & ~Q(says="") & Q(answered_on__isnull=False, answered_by__isnull=False),
                name="recommendation_answered_by_someone",
            )
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("issues:recommendation", args=[self.pk])
