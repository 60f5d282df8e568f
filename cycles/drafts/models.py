"""A form as someone typed it so far: theirs alone, until they send it."""

from django.conf import settings
from django.db import models

from cycles.stack.models import LearningCycle


class FormDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody reads another's draft, whatever they may see."""
        return self.filter(author=user)


class FormDraft(models.Model):
    """One person's words in one form. `form` names it, `page` is its address, `called` what it is in plain words.

    `draft` and `revision` are as on a debrief's notes (cycles/drafts/keeping.py). What was sent leaves `draft`; only
    the ids of what was sent stay in it, so that a device that comes back late brings nothing to life again.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_drafts")
    # Words about a life, or about an experiment in it, go when it goes.
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
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
