"""A talk between two people. Its words are theirs alone: no search, history, export, mail or count knows them."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cycles.measures.models import Measure, Reading
from cycles.people.models import Placed, Team
from hls.sealed import SealedText


class OneToOneQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two people in it, while they have a part in the place. No role opens it to anyone else."""
        return self.filter(Q(opened_by=user) | Q(other=user), place__in=user.rights.places)


class OneToOne(Placed):
    """That the two talk is known to them only, too: no notice, audit row or count is made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(default=timezone.localdate)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OneToOneQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(opened_by=F("other")), name="one_to_one_joins_two")]

    def __str__(self):
        return f"one to one, {self.on:%-d %B}"

    def across_from(self, user):
        return self.other if user.pk == self.opened_by_id else self.opened_by


class WelfareNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; the other's once they gave it to read."""
        in_it = Q(talk__in=OneToOne.objects.visible_to(user))
        return self.filter(in_it & (Q(author=user) | Q(shared_at__isnull=False)))


class WelfareNote(models.Model):
    """What one of the two wrote, drafts too, sealed at rest. The author alone changes it or takes it away."""

    talk = models.ForeignKey(OneToOne, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = SealedText(default="")
    other_words = SealedText(default="", help_text="Typed on another page or phone meanwhile, until the author chooses")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    shared_at = models.DateTimeField(null=True, blank=True)

    objects = WelfareNoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("talk", "author", name="welfare_note_one_of_author")]


class Theme(models.TextChoices):
    WORKLOAD = "workload", "How much there is to do"
    HARD_TO_HEAR = "hard_to_hear", "What I hear and see in the work"
    SAFETY = "safety", "Feeling safe"
    TEAM = "team", "How we are with each other"
    RULES = "rules", "Not being allowed to help"
    HOME = "home", "Life outside work"
    GOOD = "good", "It is going well"


class WelfareTheme(Placed):
    """One word that a worker let be counted, for its month and place. Nothing leads from it to a person or a talk."""

    theme = models.CharField(max_length=16, choices=Theme)
    month = models.DateField(help_text="The first of the month")
    sent_id = models.UUIDField(unique=True, help_text="Made at random with the form, so that two presses count once")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="welfare_theme_of_a_month")]
        triggers = [pgtrigger.Protect(name="welfare_theme_stays", operation=pgtrigger.Update)]


class MeasureWordsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The team's recorders: they weigh what becomes a reading."""
        return self.filter(team__in=user.rights.roles.get("recorder", ()))

    def waiting(self):
        return self.filter(settled_at=None)


class MeasureWords(models.Model):
    """An answer to a measure's question from a talk, waiting in the recorder's tray. It does not say whose talk."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(max_length=2000)
    said_on = models.DateField(default=timezone.localdate)
    sent_id = models.UUIDField(unique=True, default=uuid.uuid4)
    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    left_because = models.TextField(max_length=1000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = MeasureWordsQuerySet.as_manager()

    class Meta:
        ordering = ["said_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, reading=None, left_because="")
                | Q(settled_at__isnull=False) & (Q(reading__isnull=False) | ~Q(left_because="")),
                name="measure_words_settled_one_way",
            )
        ]
