"""A log on its way in: what was understood of a file waits here until the person says yes."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Placed
from cycles.stack.models import LearningCycle
from issues.log.models import Issue

KEPT_FOR = timedelta(hours=24)


def kept_until():
    return timezone.now() + KEPT_FOR


class UploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its uploader alone, for a day."""
        return self.filter(by=user, place__in=user.rights.places, expires_at__gt=timezone.now())

    def stale(self, now):
        return self.filter(expires_at__lte=now)


class Upload(Placed):
    """A file that was read and waits for a yes. Only what was understood is kept, never the file itself."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(LearningCycle, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    understood = models.JSONField(default=dict)  # sheet name, columns, rows left out
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=kept_until)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="upload_by_expiry")]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("issues:import_check", args=[self.token])


class UploadedRowQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(upload__in=Upload.objects.visible_to(user))

    def wrong(self):
        return self.filter(is_wrong=True)

    def asking(self):
        return self.filter(asks__gt=0)

    def unanswered(self):
        return self.filter(asks__gt=models.F("answered"))

    def counts(self):
        """How many rows there are of each kind, in one query."""
        return self.aggregate(
            all=models.Count("pk"),
            wrong=models.Count("pk", filter=Q(is_wrong=True)),
            known=models.Count("pk", filter=Q(is_wrong=False, known_as__isnull=False)),
            new=models.Count("pk", filter=Q(is_wrong=False, known_as=None)),
            asking=models.Count("pk", filter=Q(asks__gt=0)),
            unanswered=models.Count("pk", filter=Q(asks__gt=models.F("answered"))),
        )


class UploadedRow(models.Model):
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the file shows it
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    is_wrong = models.BooleanField(default=False)
    asks = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=dict)
    known_as = models.PositiveIntegerField(null=True, help_text="The number of the same issue, already in the log")

    objects = UploadedRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("upload", "number", name="uploaded_row_once"),
            models.CheckConstraint(
                condition=Q(answered__lte=models.F("asks")), name="uploaded_row_answers_what_it_asks"
            ),
        ]

    def __str__(self):
        return f"row {self.number}"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever brought it in: for anyone else it would say who raised the issues."""
        return self.filter(by=user, place__in=user.rights.places)


class ImportBatch(Placed):
    """A file that came in, once for each cycle."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(LearningCycle, on_delete=models.PROTECT, related_name="import_batches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField()
    known = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint("cycle", "file_digest", name="import_batch_file_once")]

    def __str__(self):
        return self.file_name


class ImportedRow(models.Model):
    """Which row of which file an issue came from; the digest knows it again after the issue was reworded."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="imported_from")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    their_ref = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="imported_row_by_digest")]

    def __str__(self):
        return f"row {self.number}"
