"""A person's own choices of being told: nobody sets them for anyone else."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.notices.mobile import Mobile
from cycles.notices.telling import Telling
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused

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
def stop(*, user_id, kinds):
    """No more mail of these kinds for this person. Doing it twice changes nothing more."""
    row = _mine(User.objects.get(pk=user_id))
    new = [kind for kind in kinds if kind not in row.not_by_mail]
    if new:
        Telling.objects.filter(pk=row.pk).update(not_by_mail=[*row.not_by_mail, *new], version=F("version") + 1)


# ---------------------------------------------------------------- a mobile of one's own


@transaction.atomic
def ask_mobile(*, user, number, now):
    """Keep the number and answer the code that goes to it. Until it is typed back nothing else does.

    The same number again makes a new code, and the old one is over.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    row = Mobile.objects.filter(user=user).first() or Mobile(user=user)
    row.number, row.confirmed_at = number, None
    code = row.new_code(now)
    row.save()
    return code


def confirm_mobile(*, user, code, now):
    """Raises Refused for a code that is wrong, over or guessed at too often. A wrong guess is counted even though it changes nothing else."""
    with transaction.atomic():
        row = Mobile.objects.select_for_update(of=("self",)).filter(user=user).first()
        if row is None or not row.may_guess(now):
            raise Refused("That code is over. Ask for a new one.", "code")
        if row.is_code(code):
            row.confirmed_at, row.failed_at, row.code_hash, row.code_until = now, None, "", None
            row.save()
            return
        row.guesses += 1
        row.save(update_fields=["guesses"])
    raise Refused("That is not the code we sent. Look again at the newest message.", "code")


@transaction.atomic
def forget_mobile(*, user):
    """The number is gone, and no kind goes by text any more."""
    Mobile.objects.filter(user=user).delete()
    Telling.objects.filter(user=user).exclude(by_text=[]).update(by_text=[], version=F("version") + 1)


def _mine(user):
    Telling.objects.get_or_create(user=user)
    return Telling.objects.select_for_update(of=("self",)).get(user=user)


def until(length, *, now=None):
    return (now or timezone.now()) + SNOOZES[length]
