"""Tokens: a person lets a program of theirs read or write in one place, for some things and some time."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cycles.people.models import Placed, hash_token
from cycles.sent import Sent

BEGINS = "cairn_"  # so that a scanner for lost secrets knows one when it sees one


class Scope(models.TextChoices):
    READ_ISSUES = "issues:read", "Read issues"
    WRITE_ISSUES = "issues:write", "Raise, answer, move and close issues"
    READ_CYCLES = "cycles:read", "Read cycles and experiments"
    READ_DEBRIEFS = "debriefs:read", "Read what your teams shared in debriefs"
    READ_GROUPS = "groups:read", "Read groups and what they decided"


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that work in a place one administers: names and days, never the token."""
        return self.filter(Q(user=user) | Q(place__in=user.rights.administers))

    def alive(self, now):
        return self.filter(ended_at=None, expires_at__gt=now, user__is_active=True)


class ApiToken(Placed, Sent):
    """Shown once when it is made; only a digest is kept. It can do what its person may, in this place, and no more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("what is it for?", max_length=60)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["place", "-made_at"], name="api_token_of_place")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_token_may_do_something"),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False), name="api_token_ended_on_a_day"
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def new_token():
        return BEGINS + secrets.token_urlsafe(32)

    @classmethod
    def behind(cls, said):
        """The row of a token, dead or alive, with its person; or None."""
        if not said.startswith(BEGINS) or not said.isascii() or len(said) > 100:
            return None
        return cls.objects.filter(token_hash=hash_token(said)).select_related("user", "place").first()

    def is_alive(self, now):
        return self.ended_at is None and self.expires_at > now and self.user.is_active

    @property
    def scope_words(self):
        return [Scope(scope).label for scope in Scope.values if scope in self.scopes]
