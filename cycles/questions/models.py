"""Question sets are data with stable keys; answers are dated and never overwritten."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from cycles.experiments.models import Experiment
from cycles.people.models import Place, PlacedQuerySet, Team
from cycles.sent import Sent
from cycles.stack.models import LearningCycle

# Questions that a set asks besides its own, after them: a hot debrief needs no wording of its own for these.
BORROWED = {"hot": ["debrief.need", "debrief.next"]}


class QuestionQuerySet(models.QuerySet):
    def in_set(self, name, place=None):
        """The active questions of a set in the order they are asked; "measures" holds "measures.effective" too.

        With a `place`, its own questions come after those that every place has.
        """
        own = Q(set=name) | Q(set__startswith=f"{name}.")
        borrowed = Q(key__in=BORROWED.get(name, []))
        own_first = models.Case(models.When(own, then=0), default=1)
        return self.of(place).filter(own | borrowed).filter(is_active=True).order_by(own_first, "order", "pk")

    def of(self, place):
        """What every place asks, and what this one added."""
        return self.filter(Q(place=None) | Q(place=place)) if place else self.filter(place=None)

    def worded(self, place, at=None):
        """Each with `asked`, the words this place uses, and `is_asked`, whether it asks it at all.

        `at` gives the words as they stood at that moment: what an old answer was asked.
        """
        theirs = QuestionWording.objects.filter(question=OuterRef("pk"), place=place).order_by("-pk")
        if at is not None:
            theirs = theirs.filter(at__lte=at)
        return self.annotate(
            asked=Coalesce(NullIf(Subquery(theirs.values("text")[:1]), models.Value("")), F("text")),
            is_asked=Coalesce(Subquery(theirs.values("is_asked")[:1]), F("is_active")),
        )


class Question(models.Model):
    """One prompt of a set (DOMAIN.md 4). The key is fixed; a place may word it in its own way.

    Without a `place` it belongs to everyone and comes from the file; with one, that place added it.
    """

    key = models.CharField(max_length=60, unique=True)
    set = models.CharField(max_length=40, db_index=True)
    scale = models.CharField(max_length=12, blank=True)
    audience = models.CharField(max_length=20, blank=True)
    layer = models.CharField(max_length=20, blank=True, help_text="pragmatic or reflective, in the debrief's sandwich")
    text = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["set", "order"]
        constraints = [
            # So that a key of the file and a key of a place can never meet.
            models.CheckConstraint(
                condition=Q(place=None) & ~Q(key__startswith="own.") | Q(place__isnull=False, key__startswith="own."),
                name="question_of_a_place_has_its_own_key",
            )
        ]

    def __str__(self):
        return self.text


class QuestionWording(models.Model):
    """How a place asks a question from a moment on. The newest counts; the ones before it stay.

    No text: the question's own words. Rows of the file are shared by all places, so a place's way is kept here,
    where loading the file again can't reach it.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wordings")
    text = models.CharField(max_length=300, blank=True)
    is_asked = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index("place", "question", F("id").desc(), name="wording_newest")]
        triggers = [pgtrigger.Protect(name="wording_append_only", operation=pgtrigger.Update)]

    def __str__(self):
        return self.text

    @property
    def version(self):
        """What an editor of the wording began from: none yet is 0."""
        return self.pk or 0


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its cycle or experiment; a team's own are read by the team and the stewards of its place."""
        teams = Team.objects.filter(Q(pk__in=user.rights.teams) | Q(place__in=user.rights.stewards))
        return self.filter(
            Q(cycle__in=LearningCycle.objects.visible_to(user))
            | Q(experiment__in=Experiment.objects.visible_to(user))
            | Q(team__in=teams)
        )

    def newest_first(self):
        return self.order_by("-on", "-pk")

    def by_then(self, on):
        """What had been answered at the end of that day."""
        return self.filter(on__lte=on)


class Answer(Sent):
    """What was said to a question on a day, in the words it was asked in. Answering again is how it is put right."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    asked = models.CharField("the question as it was worded then", max_length=300)
    text = models.TextField(max_length=8000, blank=True)
    is_unknown = models.BooleanField("we don’t know", default=False)
    example = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)
    at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cycle__isnull=False, experiment=None, team=None)
                | Q(cycle=None, experiment__isnull=False, team=None)
                | Q(cycle=None, experiment=None, team__isnull=False),
                name="answer_hangs_on_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(example="") | Q(is_unknown=True), name="answer_says_something"
            ),
        ]
        # The newest answer to each question is one step into one of these, however many there are.
        indexes = [
            models.Index(
                "cycle",
                "question",
                F("on").desc(),
                F("id").desc(),
                condition=Q(cycle__isnull=False),
                name="answer_cycle",
            ),
            models.Index(
                "experiment",
                "question",
                F("on").desc(),
                F("id").desc(),
                condition=Q(experiment__isnull=False),
                name="answer_experiment",
            ),
            models.Index(
                "team", "question", F("on").desc(), F("id").desc(), condition=Q(team__isnull=False), name="answer_team"
            ),
        ]
        triggers = [pgtrigger.Protect(name="answer_append_only", operation=pgtrigger.Update)]

    def __str__(self):
        return self.text or self.get_unknown_display()

    def get_unknown_display(self):
        return "We don’t know" if self.is_unknown else ""

    @property
    def subject(self):
        """What it hangs on."""
        return self.cycle or self.experiment or self.team


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(answer__in=Answer.objects.visible_to(user))


class Remark(Sent):
    """Someone answers back: a citizen who puts the picture right, a joined team that sees it another way."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField(max_length=4000)
    said_by = models.CharField("whose words", max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)
    at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="remark_says_something")]
        triggers = [pgtrigger.Protect(name="remark_append_only", operation=pgtrigger.Update)]

    def __str__(self):
        return self.text


class Rhythm(models.Model):
    """How often a cycle looks at a set again, where it chose another rhythm than the usual one."""

    class Every(models.TextChoices):
        FORTNIGHT = "fortnight", "Every two weeks"
        MONTH = "month", "Each month"
        QUARTER = "quarter", "Each quarter"
        HALF_YEAR = "half_year", "Twice a year"
        NEVER = "never", "Only when we choose to"

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="rhythms")
    set = models.CharField(max_length=40)
    every = models.CharField(max_length=10, choices=Every)

    class Meta:
        constraints = [models.UniqueConstraint("cycle", "set", name="rhythm_once_for_a_set")]

    def __str__(self):
        return self.get_every_display()
