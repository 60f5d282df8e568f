"""When and how one person wants to be told, and when nobody may write to them."""

from datetime import time, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

DIGEST = "digest"  # stands beside the kinds in `not_by_mail`: the whole of the day's letter
DIGEST_AT = time(16)


def quiet_hours():
    """The hours of the wall clock, from and to, in which nobody is written to unless they choose others."""
    return settings.QUIET_HOURS or (None, None)


def quiet_from():
    return quiet_hours()[0]


def quiet_to():
    return quiet_hours()[1]


class Telling(models.Model):
    """One person's choices. Who has no row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="telling")
    digest_at = models.TimeField("the day's letter comes at", default=DIGEST_AT)
    quiet_from = models.TimeField("no mail from", null=True, blank=True, default=quiet_from)
    quiet_to = models.TimeField("until", null=True, blank=True, default=quiet_to)
    away_from = models.DateField("away from", null=True, blank=True)
    away_to = models.DateField("up to and including", null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    not_by_mail = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    by_text = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="telling_quiet_from_and_to",
            ),
            models.CheckConstraint(
                condition=Q(away_from=None, away_to=None) | Q(away_from__lte=F("away_to")),
                name="telling_away_in_order",
            ),
        ]

    def __str__(self):
        return f"telling of {self.user_id}"

    @classmethod
    def of(cls, user):
        """The person's choices, or the defaults, unsaved."""
        return cls.objects.filter(user=user).first() or cls(user=user)

    def rests(self, now):
        """Whether nobody may write to this person at that moment."""
        here = timezone.localtime(now)
        return bool(
            (self.snoozed_until and now < self.snoozed_until)
            or (self.away_from and self.away_from <= here.date() <= self.away_to)
            or is_quiet(here.time(), self.quiet_from, self.quiet_to)
        )

    def quiet_ends(self, now):
        """The next moment at which the quiet hours are over."""
        here = timezone.localtime(now)
        at = self.quiet_to or time(8)
        day = here.date() + timedelta(days=here.time() >= at)
        return timezone.make_aware(timezone.datetime.combine(day, at))


def is_quiet(clock, begins, ends):
    """`clock` lies between the two; hours that begin in the evening and end in the morning go round midnight."""
    if begins is None or begins == ends:
        return False
    if begins < ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends


def resting(now, user="user"):
    """True in SQL for a row whose `user` may not be written to now: the rule of `Telling.rests`."""
    here = timezone.localtime(now)
    clock, day = here.time(), here.date()
    in_a_day = Q(quiet_from__lt=F("quiet_to"), quiet_from__lte=clock, quiet_to__gt=clock)
    over_night = Q(quiet_from__gt=F("quiet_to")) & (Q(quiet_from__lte=clock) | Q(quiet_to__gt=clock))
    away = Q(away_from__lte=day, away_to__gte=day)
    own = Telling.objects.filter(user=OuterRef(user))
    rests = Q(Exists(own.filter(in_a_day | over_night | away | Q(snoozed_until__gt=now))))
    if is_quiet(clock, *quiet_hours()):
        rests |= ~Q(Exists(own))
    return rests


def not_by_mail(kind, user="user"):
    """True in SQL for a row whose `user` wants this kind in Cairn only."""
    return Exists(Telling.objects.filter(user=OuterRef(user), not_by_mail__contains=[kind]))
