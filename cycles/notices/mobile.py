"""The number that a person gave and confirmed, for text messages about what can't wait."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from hls.sealed import SealedText

CODE_FOR = timedelta(minutes=10)
MOST_GUESSES = 5


class MobileQuerySet(models.QuerySet):
    def that_work(self):
        return self.filter(confirmed_at__isnull=False)


class Mobile(models.Model):
    """One person's own. Nobody else sees it, and nothing is sent to it before its owner has typed the code back."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mobile")
    number = SealedText()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # The service said that nothing arrives there, so nothing more is sent until it is confirmed again.
    failed_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, blank=True, editable=False)
    guesses = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MobileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(code_hash="", failed_at=None), name="mobile_confirmed_or_asked"
            )
        ]

    def __str__(self):
        return f"mobile of {self.user_id}"

    @property
    def ending(self):
        """Enough for its owner to know it by."""
        return self.number[-3:]

    def new_code(self, now):
        """Six figures to be typed back; only their digest is kept."""
        code = f"{secrets.randbelow(10**6):06}"
        self.code_hash, self.code_until, self.guesses = self._digest(code), now + CODE_FOR, 0
        return code

    def may_guess(self, now):
        return bool(self.code_hash) and now < self.code_until and self.guesses < MOST_GUESSES

    def is_code(self, code):
        return constant_time_compare(self.code_hash, self._digest(code))

    def _digest(self, code):
        return salted_hmac("cairn.mobile", f"{self.user_id}|{self.number}|{code}", algorithm="sha256").hexdigest()


def mobile_of(user):
    """The person's number, confirmed or not; None where there is none."""
    return Mobile.objects.filter(user=user).first()


def is_offered():
    """Whether this installation can send texts at all."""
    return bool(settings.NOTIFY_KEY and settings.NOTIFY_TEXT_TEMPLATE)


def wants_text(kind, users):
    """Whose confirmed mobile is to get this kind too: ids. No query where texts are off."""
    if not is_offered():
        return set()
    rows = Mobile.objects.that_work().filter(user__in=users, user__telling__by_text__contains=[kind])
    return set(rows.values_list("user", flat=True))


def mobiles_for(notices):
    """{notice's id: number} of those whose readers still want that kind as a text."""
    rows = Mobile.objects.that_work().filter(user__in={notice.user_id for notice in notices})
    mine = {row.user_id: row for row in rows.select_related("user__telling").filter(user__telling__isnull=False)}
    return {
        notice.pk: mine[notice.user_id].number
        for notice in notices
        if notice.user_id in mine and notice.kind in mine[notice.user_id].user.telling.by_text
    }


def call_off(user_ids, now):
    """Texts to these do not arrive: their owners are told on their own page, and mail goes on."""
    Mobile.objects.that_work().filter(user__in=user_ids).update(confirmed_at=None, failed_at=now)
