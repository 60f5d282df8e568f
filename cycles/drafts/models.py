"""A form as someone typed it so far: theirs alone, until they send it."""

from django.conf import settings
from django.db import models

from cycles.people.models import Team
from cycles.stack.models import LearningCycle

# What a page chooses before anyone has touched it: a draft of these alone holds nobody's words.
CHOSEN = {"client_id", "team", "cycle", "debrief", "on", "present", "recorder", "scale", "level", "owner_tier"}
CHOSEN |= {"case", "is_barrier", "end_point", "contact", "tie", "serves", "same", "looked", "plain", "steward", "theme"}
CHOSEN |= {"sure", "experiment", "agency", "consent_given", "consent_on", "reasons"}
FILLED_IN = {"told_by"}  # words that a page begins with


class FormDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody reads another's draft, whatever they may see."""
        return self.filter(author=user)

    def with_open(self, user):
        """`is_open`: its form can still be reached. Who has left keeps their words, and the form is no longer theirs."""
        cycle = LearningCycle.objects.visible_to(user).filter(pk=models.OuterRef("cycle"))
        return self.annotate(
            is_open=models.ExpressionWrapper(
                ~models.Q(page="")
                & (models.Q(team=None) | models.Q(team__in=user.rights.teams))
                & (models.Q(cycle=None) | models.Exists(cycle)),
                output_field=models.BooleanField(),
            )
        )


class FormDraft(models.Model):
    """One person's words in one form. `form` names it, `page` is its address, `called` what it is in plain words.

    `draft` and `revision` are as on a debrief's notes (cycles/drafts/keeping.py). What was sent leaves `draft`; only
    the ids of what was sent stay in it, so that a device that comes back late brings nothing to life again.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    # Words about a life, or about an experiment in it, go when it goes.
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Whoever leaves the team has its form no more, only the words (cycles/drafts/views.py).
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    form = models.CharField(max_length=120)
    page = models.CharField(max_length=300)
    called = models.CharField(max_length=120)
    draft = models.JSONField(default=dict, blank=True)
    has_words = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [models.UniqueConstraint("author", "form", name="form_draft_one_of_author")]
        indexes = [
            models.Index(fields=["author", "-saved_at"], condition=models.Q(has_words=True), name="form_draft_of")
        ]

    def __str__(self):
        return self.called
