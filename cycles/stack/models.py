"""Learning Cycles, the way each has moved, and the links that join them into a stack."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cycles.conditions import Condition
from cycles.people.models import Placed, Team
from cycles.sent import Sent


class Scale(models.TextChoices):
    PERSON = "person", "Person"
    TEAM = "team", "Team"
    ORGANISATION = "organisation", "Organisation"
    PLACE = "place", "Place"
    COUNTRY = "country", "Country or region"


class Stage(models.TextChoices):
    PURPOSE = "purpose", "Purpose"
    UNDERSTAND = "understand", "Understand"
    CO_DESIGN = "co_design", "Co-design"
    DO = "do", "Do and learn"
    EMBED = "embed", "Embed and influence"


class Domain(models.TextChoices):
    """Cynefin: how cause and effect relate here (DOMAIN.md 3)."""

    UNSURE = "", "Not sure yet"
    SIMPLE = "simple", "Simple"
    COMPLICATED = "complicated", "Complicated"
    COMPLEX = "complex", "Complex"
    CHAOTIC = "chaotic", "Chaotic"


def _shared_with(user):
    rights = user.rights
    linked = CycleLink.objects.filter(
        Q(source=models.OuterRef("pk"), target__team__in=rights.teams)
        | Q(target=models.OuterRef("pk"), source__team__in=rights.teams)
    )
    theirs = Q(team__in=rights.teams) | Q(place__in=rights.stewards) | models.Exists(linked)
    return ~Q(scale=Scale.PERSON) & theirs


def _open_to(user):
    from cycles.lives.models import Case  # lives knows the stack, so the stack asks late

    # A link never opens a life: person-scale cycles are seen by the case's people alone.
    life = Case.objects.visible_to(user).filter(cycle=models.OuterRef("pk"))
    return _shared_with(user) | (Q(scale=Scale.PERSON) & models.Exists(life))


_shared = Condition("cycles.LearningCycle", _shared_with)
_visible = Condition("cycles.LearningCycle", _open_to)


class LearningCycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its team, the place's stewards, and (to read) the teams of linked cycles; a person's by the case rule."""
        return self.filter(_visible(user))

    def shared_with(self, user):
        """`visible_to` without any life, and without the cost of asking about lives."""
        return self.filter(_shared(user))

    def shared(self):
        """All but lives: what lists, pickers and overviews may draw on."""
        return self.exclude(scale=Scale.PERSON)

    def going(self):
        return self.exclude(status=LearningCycle.Status.ENDED)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["place", "team", "steward", "scale", "stage", "status"],
    model_name="LearningCycleEvent",
)
class LearningCycle(Placed, Sent):
    """Purpose, understand, co-design, do and learn, embed and influence, again: at any scale (DOMAIN.md 8)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        PAUSED = "paused", "Paused"
        ENDED = "ended", "Ended"

    title = models.CharField(max_length=160)
    purpose = models.TextField(max_length=2000)
    old_purpose = models.TextField(
        max_length=2000, blank=True, help_text="What the system really worked to before (DOMAIN.md 60)"
    )
    scale = models.CharField(max_length=12, choices=Scale, default=Scale.ORGANISATION)
    theme = models.CharField(max_length=80, blank=True)
    domain = models.CharField(max_length=12, choices=Domain, default=Domain.UNSURE, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cycles")
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="stewarded_cycles"
    )
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.PURPOSE)
    status = models.CharField(max_length=8, choices=Status, default=Status.LIVE)
    turn = models.PositiveSmallIntegerField(default=1, help_text="How often it has come round")
    embedded_words = models.TextField("what was embedded", max_length=4000, blank=True)
    stopped_reason = models.TextField("why it stopped", max_length=4000, blank=True)
    opened_on = models.DateField(default=timezone.localdate)
    ended_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = LearningCycleQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False) & ~Q(stopped_reason="")
                | ~Q(status="ended") & Q(ended_on=None),
                name="cycle_ended_says_when_and_why",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("cycles:cycle", args=[self.pk])


class PurposeVersion(models.Model):
    """A purpose as it stood, who stated it and why. The newest is the cycle's own; every cycle has one.

    Use `stack.purposes.purpose_now(cycle)` for the one that stands.
    """

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="purposes")
    number = models.PositiveSmallIntegerField(default=1, help_text="The first is 1")
    purpose = models.TextField(max_length=2000)
    old_purpose = models.TextField(max_length=2000, blank=True)
    why = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody where a cycle from before versions were kept never said",
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("cycle", "number", name="purpose_numbered_once")]

    def __str__(self):
        return self.purpose


class StageMove(models.Model):
    """Any stage may follow any other: learning goes back as well as forward (DOMAIN.md 8)."""

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="stage_moves")
    from_stage = models.CharField(max_length=12, choices=Stage)
    to_stage = models.CharField(max_length=12, choices=Stage)
    why = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(from_stage=F("to_stage")), name="stage_move_moves")]

    def __str__(self):
        return f"{self.from_stage} to {self.to_stage}"


class StageNote(Sent):
    """Where a stage has got to, said while it lasts or later; a newer one stands before it and deletes nothing."""

    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="stage_notes")
    stage = models.CharField(max_length=12, choices=Stage)
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.text


class CycleLink(models.Model):
    """Two cycles joined: one asks and says why, the other answers. Each team reads the other's while it stands."""

    class Direction(models.TextChoices):
        HORIZONTAL = "horizontal", "Beside"
        VERTICAL = "vertical", "Above"  # the target is at the larger scale

    source = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="links_in")
    direction = models.CharField(max_length=10, choices=Direction)
    is_from_target = models.BooleanField(default=False, help_text="The cycle above asked, so the one below answers")
    why = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reply = models.TextField(max_length=2000, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("source", "target", name="cycle_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="cycle_link_joins_two"),
            models.CheckConstraint(
                condition=Q(replied_by=None, replied_at=None)
                | Q(replied_by__isnull=False, replied_at__isnull=False) & ~Q(reply=""),
                name="cycle_link_reply_says_who_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.source_id} to {self.target_id}"

    @property
    def asked(self):
        """The cycle that owes the answer."""
        return self.source if self.is_from_target else self.target

    @property
    def asking(self):
        return self.target if self.is_from_target else self.source


class PastLink(models.Model):
    """Two cycles that were joined once: what was said, and why it ended. It opens nothing."""

    source = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="past_links_out")
    target = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="past_links_in")
    direction = models.CharField(max_length=10, choices=CycleLink.Direction)
    why = models.TextField(max_length=2000, blank=True)
    reply = models.TextField(max_length=2000, blank=True)
    began_at = models.DateTimeField()
    because = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.source_id} to {self.target_id}"


class OfCycleQuerySet(models.QuerySet):
    """What hangs from a cycle is seen by whoever sees the cycle."""

    def visible_to(self, user):
        return self.filter(cycle__in=LearningCycle.objects.visible_to(user))


class OfCycle(models.Model):
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="%(class)ss")

    objects = OfCycleQuerySet.as_manager()

    class Meta:
        abstract = True
