"""Talk on an issue: what people say to each other about it, the files they put beside it, and who follows it."""

import uuid
from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cycles.people.models import Team
from cycles.sent import Sent
from issues.dossiers.models import OutsideLink
from issues.log.models import Issue, OfIssueQuerySet

MAY_EDIT_FOR = timedelta(minutes=15)
MOST_WORDS = 4000


class Comment(Sent):
    """Somebody's words on an issue: of a person here, under their own name, or of a body outside by its link."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.ForeignKey(
        OutsideLink, on_delete=models.PROTECT, null=True, blank=True, related_name="replies", editable=False
    )
    signed = models.CharField(max_length=120, blank=True, help_text="What the one outside called themselves")
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["issue", "-id"], name="comment_of_issue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, outside=None) | Q(by=None, outside__isnull=False),
                name="comment_from_here_or_outside",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) & ~Q(words="") | Q(taken_back_at__isnull=False, words=""),
                name="comment_taken_back_holds_no_words",
            ),
        ]

    def __str__(self):
        return f"comment {self.pk}"

    def get_absolute_url(self):
        return f"{self.issue.get_absolute_url()}#said-{self.pk}"

    def is_fresh(self, now):
        return now - self.at < MAY_EDIT_FOR


class CommentVersion(models.Model):
    """How a comment read before it was put right."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    words = models.TextField(max_length=MOST_WORDS)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [pgtrigger.Protect(name="comment_version_never_changed", operation=pgtrigger.Update)]


class Naming(models.Model):
    """A comment names somebody who may see the issue, so that they are told."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="namings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("comment", "user", name="naming_once")]


class Watch(models.Model):
    """Whether one person follows one issue. Without a row, those who saw it in the work do."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=True)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        constraints = [models.UniqueConstraint("issue", "user", name="watch_once")]


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """With its comment and its issue, for as long as both may be read."""
        return self.filter(comment__in=Comment.objects.visible_to(user).filter(taken_back_at=None))


class Attachment(models.Model):
    """A file beside a comment: known by what is in it, kept under a name that says nothing."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PNG = "png", "Picture"
        JPEG = "jpg", "Photo"
        WEBP = "webp", "Picture"
        TEXT = "txt", "Text"
        CSV = "csv", "Table (CSV)"
        XLSX = "xlsx", "Spreadsheet"
        DOCX = "docx", "Document"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="files")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=Kind)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=80, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name
