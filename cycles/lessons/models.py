"""Lessons: noticed, offered, taken up or declined with a reason, embedded on a date; each step a dated move."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.sent import Sent
from cycles.stack.models import LearningCycle, OfCycle, OfCycleQuerySet, Scale


class Reach(models.TextChoices):
    """How far a lesson has risen (DOMAIN.md 56): one level at a time, with a why."""

    PERSON = "person", "One person"
    TEAM = "team", "Worker team"
    ORGANISATION = "organisation", "Organisation"
    ACROSS = "across", "Across organisations"
    PLACE = "place", "Place"
    BEYOND = "beyond", "Beyond the place"


REACH_OF_SCALE = {
    Scale.PERSON: Reach.PERSON,
    Scale.TEAM: Reach.TEAM,
    Scale.ORGANISATION: Reach.ORGANISATION,
    Scale.PLACE: Reach.PLACE,
    Scale.COUNTRY: Reach.BEYOND,
}


class LessonQuerySet(OfCycleQuerySet):
    def visible_to(self, user):
        """With its cycle; once offered, by those of a cycle it was offered to, if they may change that one.

        A lesson of a life never opens that way: what was passed on is read from the offer, which holds no life.
        """
        offered = Offer.objects.filter(lesson=models.OuterRef("pk")).to_cycles_of(user).standing()
        return self.filter(
            Q(cycle__in=LearningCycle.objects.visible_to(user))
            | (~Q(cycle__scale=Scale.PERSON) & Q(models.Exists(offered)))
        )

    def shared(self):
        """All but those of a single life: what lists and figures may draw on."""
        return self.exclude(cycle__scale=Scale.PERSON)


class Lesson(OfCycle, Sent):
    class Pillar(models.TextChoices):
        UNSAID = "", "Not said"
        HUMAN = "human", "Human"
        LEARNING = "learning", "Learning"
        SYSTEM = "system", "System"

    class Kind(models.TextChoices):
        LESSON = "lesson", "Lesson"
        PATTERN = "pattern", "Pattern"
        METHOD = "method", "Method"
        SYSTEM = "system", "System"

    class Hear(models.TextChoices):
        """Which way it goes: beside at one scale, up to a larger one, down to a smaller one (DOMAIN.md 53)."""

        US = "own", "Just us"
        ACROSS = "horizontal", "Other teams"
        UP = "vertical", "Leaders"
        DOWN = "down", "Those below us"

    class State(models.TextChoices):
        NOTICED = "noticed", "Noticed"
        OFFERED = "offered", "Offered"
        TAKEN_UP = "taken_up", "Taken up"
        DECLINED = "declined", "Declined"
        EMBEDDED = "embedded", "Embedded"

    text = models.TextField(max_length=4000)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LESSON)
    pillar = models.CharField(max_length=8, choices=Pillar, default=Pillar.UNSAID, blank=True)
    direction = models.CharField("who else should hear it?", max_length=10, choices=Hear, default=Hear.US)
    level = models.CharField("how far has it risen?", max_length=12, choices=Reach, default=Reach.TEAM)
    change_wanted = models.TextField("what should change because of it?", max_length=2000, blank=True)
    is_leverage = models.BooleanField("a point of leverage", default=False)
    leverage_note = models.TextField("who could push here, and how?", max_length=1000, blank=True)
    # Where it stands, said by its offers: kept by the actions, so that lists can ask (cycles/lessons/standing.py).
    state = models.CharField(max_length=8, choices=State, default=State.NOTICED)
    embedded_on = models.DateField(null=True, blank=True, help_text="The first day it was normal anywhere")
    noticed_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    experiment = models.ForeignKey(
        "cycles.Experiment", on_delete=models.SET_NULL, null=True, blank=True, related_name="lessons"
    )
    came_by = models.ForeignKey(
        "cycles.Offer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="grew",
        help_text="The offer that this cycle took up and made its own",
    )
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-noticed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="embedded", embedded_on__isnull=False) | ~Q(state="embedded") & Q(embedded_on=None),
                name="lesson_embedded_on_a_date",
            ),
            models.CheckConstraint(
                condition=Q(is_leverage=True) | Q(leverage_note=""), name="lesson_leverage_note_only_with_flag"
            ),
            models.UniqueConstraint("came_by", name="lesson_once_from_an_offer"),
        ]
        indexes = [models.Index(fields=["cycle", "-noticed_on", "-id"], name="lesson_of_cycle")]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:lesson", args=[self.pk])


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both ends: whoever may change the cycle it went to, and whoever sees both cycles. Taken back: who offered it.

        The first read the words as passed, and never the life behind them.
        """
        seen, rights = LearningCycle.objects.visible_to(user), user.rights
        at_target = Q(to__team__in=rights.teams) | Q(to__place__in=rights.stewards)
        at_home = Q(lesson__cycle__team__in=rights.teams) | Q(lesson__cycle__place__in=rights.stewards)
        both = Q(lesson__cycle__in=seen) & Q(to__in=seen)
        return self.filter(
            (~Q(state=Offer.State.TAKEN_BACK) & (at_target | both)) | (Q(lesson__cycle__in=seen) & at_home)
        )

    def to_cycles_of(self, user):
        """To cycles that this person may change: its team, and the place's stewards."""
        return self.filter(Q(to__team__in=user.rights.teams) | Q(to__place__in=user.rights.stewards))

    def standing(self):
        return self.exclude(state=Offer.State.TAKEN_BACK)

    def waiting(self):
        return self.filter(state=Offer.State.WAITING)

    def passed(self):
        """To another cycle; what a cycle made normal for itself was passed to nobody."""
        return self.exclude(direction=Lesson.Hear.US)


class Offer(Sent):
    """A lesson on its way into one cycle: the words as passed, why, and what that cycle did with it.

    A cycle that makes its own lesson normal has a row too, with direction "own": it targets own or other cycle
    (DOMAIN.md 12). `by`, `on` and the like are empty for what was offered before moves were kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a reply"
        TAKEN_UP = "taken_up", "Taken up"
        DECLINED = "declined", "Declined"
        EMBEDDED = "embedded", "Embedded"
        TAKEN_BACK = "taken_back", "Taken back"

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="offers")
    to = models.ForeignKey(LearningCycle, on_delete=models.PROTECT, related_name="lessons_in")
    direction = models.CharField(max_length=10, choices=Lesson.Hear)
    text = models.TextField("the words that go with it", max_length=4000)
    why = models.TextField("why them?", max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(default=timezone.localdate, null=True, blank=True)
    reply = models.TextField(max_length=4000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_on = models.DateField(null=True, blank=True)
    embedded_on = models.DateField("normal there since", null=True, blank=True)
    embedded_words = models.TextField("what became normal", max_length=4000, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                "lesson", "to", condition=~Q(state="taken_back"), name="lesson_offered_once_to_each_cycle"
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reply=""), name="offer_declined_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state="embedded", embedded_on__isnull=False)
                | ~Q(state="embedded") & Q(embedded_on=None, embedded_words=""),
                name="offer_embedded_on_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "taken_back"]) | Q(reply="", replied_by=None, replied_on=None),
                name="offer_waiting_has_no_reply",
            ),
        ]
        indexes = [models.Index(fields=["to", "-id"], name="offer_to_cycle")]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("cycles:offer", args=[self.pk])


class LessonMove(Sent):
    """One thing that happened to a lesson: dated, with who and why. Never changed; it is undone by a further move."""

    class What(models.TextChoices):
        NOTICED = "noticed", "Noticed"
        KEPT_BEFORE = "kept_before", "Where it stood before moves were kept"
        OFFERED = "offered", "Offered"
        TAKEN_BACK = "taken_back", "Offer taken back"
        TAKEN_UP = "taken_up", "Taken up"
        DECLINED = "declined", "Declined"
        RECONSIDERED = "reconsidered", "Looked at again"
        EMBEDDED = "embedded", "Normal from then on"
        LAPSED = "lapsed", "No longer normal"
        RAISED = "raised", "Raised a level"
        LOWERED = "lowered", "Brought back a level"
        REWORDED = "reworded", "Said anew"

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="moves")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="moves")
    what = models.CharField(max_length=12, choices=What)
    from_level = models.CharField(max_length=12, choices=Reach, blank=True)
    to_level = models.CharField(max_length=12, choices=Reach, blank=True)
    words = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["raised", "lowered"]) & ~Q(from_level="") & ~Q(to_level="") & ~Q(words="")
                | ~Q(what__in=["raised", "lowered"]) & Q(from_level="", to_level=""),
                name="lesson_level_moves_with_a_why",
            ),
            models.CheckConstraint(
                condition=~Q(what__in=["declined", "reconsidered", "lapsed"]) | ~Q(words=""),
                name="lesson_no_and_undoing_say_why",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(what="kept_before"), name="lesson_move_by_someone"
            ),
        ]
        triggers = [pgtrigger.Protect(name="lesson_move_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return self.get_what_display()
