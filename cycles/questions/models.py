"""Question sets are data with stable keys; answers are dated and never overwritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.stack.models import OfCycle

# Questions that a set asks besides its own, after them: a hot debrief needs no wording of its own for these.
BORROWED = {"hot": ["debrief.need", "debrief.next"]}


class QuestionQuerySet(models.QuerySet):
    def in_set(self, name):
        """The active questions of a set in the order they are asked; "measures" holds "measures.effective" too."""
        own = Q(set=name) | Q(set__startswith=f"{name}.")
        borrowed = Q(key__in=BORROWED.get(name, []))
        own_first = models.Case(models.When(own, then=0), default=1)
        return self.filter(own | borrowed).filter(is_active=True).order_by(own_first, "order")


class Question(models.Model):
    """One prompt of a set (DOMAIN.md 4). The key is fixed; the words may be edited."""

    key = models.CharField(max_length=60, unique=True)
    set = models.CharField(max_length=40, db_index=True)
    scale = models.CharField(max_length=12, blank=True)
    audience = models.CharField(max_length=20, blank=True)
    layer = models.CharField(max_length=20, blank=True, help_text="pragmatic or reflective, in the debrief's sandwich")
    text = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["set", "order"]

    def __str__(self):
        return self.text


class Answer(OfCycle):
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(max_length=8000)
    example = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["-on", "-pk"]
