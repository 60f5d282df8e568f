"""What a macro issue looks like to those who can change the rule, and the links by which they read and answer it."""

import hashlib

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from cycles.people.models import Placed
from cycles.sent import Sent
from cycles.stories.models import Story
from issues.log.models import Issue, OfIssueQuerySet


class DossierQuerySet(OfIssueQuerySet):
    def due(self, now):
        """Whose PDF was asked for and is in nobody's hands."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), asked_at__isnull=False)


class Dossier(Placed, Sent):
    """One issue put together for a conversation with a body outside the place.

    Only the words that are written for it are kept here; counts, stories and answers are read anew each time, so that
    what was taken back is gone at once. The PDF says of which facts it was made.
    """

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="dossier")
    asks = models.TextField("what do you ask of them?", max_length=2000)
    rule = models.TextField("what does the rule say?", max_length=4000, blank=True)
    rule_source = models.CharField("where is it written?", max_length=300, blank=True)
    cost = models.TextField("what does working round it cost?", max_length=2000, blank=True)
    shows_answers = models.BooleanField("show what each group answered, in their words", default=False)
    stories = models.ManyToManyField(Story, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    pdf = models.BinaryField(null=True, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    pdf_digest = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = DossierQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(asked_at__isnull=False), name="dossier_pdf_asked")]
        constraints = [
            models.CheckConstraint(
                condition=Q(pages=0, pdf=None) | Q(pages__gt=0, pdf__isnull=False), name="dossier_pdf_is_whole"
            ),
            models.CheckConstraint(condition=Q(rule="") | ~Q(rule_source=""), name="dossier_rule_has_a_source"),
        ]

    def __str__(self):
        return f"dossier of {self.issue_id}"

    def get_absolute_url(self):
        return reverse("issues:dossier", args=[self.issue.ref])


class DossierVersion(models.Model):
    """How a dossier read from a moment on, until it was changed. Its stories by number alone: one that was taken back
    since is not shown here either.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    asks = models.TextField(max_length=2000)
    rule = models.TextField(max_length=4000, blank=True)
    rule_source = models.CharField(max_length=300, blank=True)
    cost = models.TextField(max_length=2000, blank=True)
    shows_answers = models.BooleanField(default=False)
    stories = ArrayField(models.BigIntegerField(), default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("dossier", "number", name="dossier_version_once")]
        triggers = [pgtrigger.Protect(name="dossier_version_never_changed", operation=pgtrigger.Update)]

    def __str__(self):
        return f"dossier {self.dossier_id} as it read before, {self.number}"


class OutsideLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Stewards and administrators of the place, and those whose issue it is or who hold it."""
        rights = user.rights
        theirs = Dossier.objects.filter(pk=OuterRef("dossier")).filter(
            Q(issue__team__in=rights.teams) | Q(issue__held_by__in=rights.teams)
        )
        return self.filter(
            Q(place__in=rights.stewards | rights.administers) | Q(Exists(theirs), place__in=rights.places)
        )

    def live(self, now):
        return self.filter(revoked_at=None, expires_at__gt=now)

    def for_token(self, token, now):
        return self.live(now).filter(token_hash=OutsideLink.digest(token))


class OutsideLink(Placed):
    """Opens one dossier to one body, to read and to answer, until a day. Only the digest of its secret is kept."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="links")
    to_whom = models.CharField("who is it for?", max_length=120)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    first_read_at = models.DateTimeField(null=True, blank=True)

    objects = OutsideLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["place", "expires_at"], name="outside_link_live")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="outside_link_ends_after_it_begins")
        ]

    def __str__(self):
        return self.to_whom

    @staticmethod
    def token_of(user, client_id):
        """The secret that one form of one person makes, however often it is sent; nobody else can work it out."""
        digest = salted_hmac("cairn.outside-link", f"{user.pk}-{client_id}", algorithm="sha256").digest()
        return urlsafe_base64_encode(digest)

    @staticmethod
    def digest(token):
        return hashlib.sha256(token.encode()).hexdigest()

    def is_live(self, now):
        return self.revoked_at is None and self.expires_at > now
