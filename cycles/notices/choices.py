"""A person's own choices of being told: nobody sets them for anyone else."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.notices.telling import Telling
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile

SNOOZES = {"2h": timedelta(hours=2), "day": timedelta(days=1), "week": timedelta(weeks=1)}


@transaction.atomic
def choose(*, user, version, **choices):
    row = _mine(user)
    if row.version != version:
        raise ChangedMeanwhile("You changed this in another window. What is saved there is below, beside this.", row)
    for name, value in choices.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


@transaction.atomic
def snooze(*, user, until):
    """No mail before that moment; None ends it."""
    row = _mine(user)
    Telling.objects.filter(pk=row.pk).update(snoozed_until=until)


@transaction.atomic
def stop(*, user_id, what):
    """No more mail of that kind for this person. Doing it twice changes nothing more."""
    row = _mine(User.objects.get(pk=user_id))
    if what not in row.not_by_mail:
        Telling.objects.filter(pk=row.pk).update(not_by_mail=[*row.not_by_mail, what], version=F("version") + 1)


def _mine(user):
    Telling.objects.get_or_create(user=user)
    return Telling.objects.select_for_update(of=("self",)).get(user=user)


def until(length, *, now=None):
    return (now or timezone.now()) + SNOOZES[length]
