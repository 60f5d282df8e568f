"""A private address that a person's own calendar reads. Only its digest is kept."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode

from cycles.people.models import Team


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user, revoked_at=None)

    def for_token(self, token):
        return self.filter(token_hash=CalendarFeed.digest(token), revoked_at=None, user__is_active=True)


class CalendarFeed(models.Model):
    """Debriefs of one team, or of all teams of the person; what it shows follows their rights on the day it is read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "user",
                "team",
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="calendar_feed_one_of_each",
            )
        ]

    @staticmethod
    def new_token():
        return secrets.token_urlsafe(32)

    @staticmethod
    def token_of(user, client_id):
        """The secret that one form of one person makes, however often it is sent; nobody else can work it out."""
        digest = salted_hmac("cairn.calendar-feed", f"{user.pk}-{client_id}", algorithm="sha256").digest()
        return urlsafe_base64_encode(digest)

    @staticmethod
    def digest(token):
        return hashlib.sha256(token.encode()).hexdigest()
