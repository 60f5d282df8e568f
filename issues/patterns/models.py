"""Several issues that are one thing underneath: gathered, never merged, each keeping all that is its own.

A pattern is itself a row of the log, so it is raised, decided and told about as an issue is. What it gathers hangs on
dated links: nothing of an issue is written when it is gathered or taken out again.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from issues.log.models import Issue


class Pattern(models.Model):
    """What a pattern says beyond its row in the log."""

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="pattern")
    underneath = models.TextField("what do you think is underneath?", max_length=4000, blank=True)
    # Empty until it is changed: it was written with the pattern, by whoever made that.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self):
        return str(self.issue)

    @property
    def written_at(self):
        return self.updated_at or self.issue.steps.values_list("at", flat=True).earliest("at")


class PatternVersion(models.Model):
    """What was thought to be underneath, from a moment on, until it was put otherwise."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="versions")
    underneath = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="pattern_version_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return self.underneath


class GatheringQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both ends in sight: a pattern shows each reader only the issues they may read anyway."""
        seen = Issue.objects.visible_to(user)
        return self.filter(pattern__in=seen, issue__in=seen)

    def current(self):
        return self.filter(until_at=None)


FITS = """IF NOT EXISTS (SELECT FROM issues_issue p JOIN issues_issue i ON i.place_id = p.place_id
    WHERE p.id = NEW.pattern_id AND i.id = NEW.issue_id AND p.is_pattern AND NOT i.is_pattern) THEN
  RAISE EXCEPTION 'A pattern gathers issues of its own place.' USING ERRCODE = 'check_violation';
END IF; RETURN NEW;"""


class Gathering(models.Model):
    """That an issue lies under a pattern, from a moment and perhaps to one."""

    pattern = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="gathered")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="gatherings")
    why = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until_why = models.TextField(max_length=4000, blank=True)
    until_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until_at = models.DateTimeField(null=True, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["pattern", "at"], name="gathering_of_pattern")]
        constraints = [
            models.UniqueConstraint("issue", condition=Q(until_at=None), name="issue_under_one_pattern"),
            models.CheckConstraint(condition=~Q(pattern=F("issue")), name="gathering_of_others"),
            models.CheckConstraint(
                condition=Q(until_at=None, until_by=None) | Q(until_at__isnull=False, until_by__isnull=False),
                name="gathering_ended_by_someone",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="gathering_fits", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FITS)
        ]
