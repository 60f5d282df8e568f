"""Takes due notices into one sender's hands for a while (a lease), so that no two senders ever hold the same.

A claim also makes up the letters: each notice is written down under the name of the letter that it goes in, before
that letter is handed over. Whoever claims it again, not knowing whether it was taken, sends that very letter.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, DateTimeField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from cycles.notices.models import Notice
from cycles.notices.telling import DIGEST, DIGEST_AT, Telling, not_by_mail, resting
from cycles.people.models import User

BATCH = 500
TEXTS = 50  # each is a request of its own, and all must fit into the lease
SUSPECT = 2  # tries after which a notice is sent alone
LATE = Notice.LATE  # what could not wait and had to is told in one letter a person
LEASE = timedelta(seconds=60)
# A hand-over may take EMAIL_TIMEOUT; none is begun that could outlast the lease.
MARGIN = timedelta(seconds=settings.EMAIL_TIMEOUT + 5)

ALONE = F("key")  # the name of a letter of one thing

Channel = Notice.Channel
# What a letter needs of its notice and its reader; a batch has hundreds of both.
OF_READER = ("email", "name", "short_name", "is_active")
READ = (
    "kind",
    "channel",
    "key",
    "subject_ref",
    "stale_at",
    "tries",
    "letter",
    "letter_at",
    *(f"user__{name}" for name in OF_READER),
)


@dataclass
class Claim:
    notices: list
    until: datetime


def _soonest(now, channel):
    return Notice.objects.due(now).filter(~resting(now), channel=channel).order_by("due_at", "pk")


@transaction.atomic
def claim_at_once(now):
    """A batch of those that never failed, else one that did: what kills its sender must not take others with it."""
    return _some(_soonest(now, Channel.AT_ONCE).filter(due_at__gte=now - LATE), BATCH)


@transaction.atomic
def claim_texts(now):
    return _some(_soonest(now, Channel.TEXT), TEXTS)


def _some(due, most):
    free = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
    fresh = list(free.filter(tries__lt=SUSPECT)[:most])
    return _lease(fresh or list(free.filter(tries__gte=SUSPECT)[:1]))


@transaction.atomic
def claim_late(now):
    """All the late notices of some people, or of one person whose letter failed before."""
    of_person = Notice.objects.filter(user=OuterRef("pk"), channel=Channel.AT_ONCE)
    waiting = of_person.due(now).filter(due_at__lt=now - LATE)
    in_hand = of_person.filter(claimed_until__gte=now, sent_at=None, dropped_at=None, due_at__lt=now - LATE)
    people = User.objects.filter(Exists(waiting), ~resting(now, "pk")).exclude(Exists(in_hand)).order_by("pk")
    suspect = Exists(waiting.filter(tries__gte=SUSPECT))
    users = _free(people.exclude(suspect), BATCH) or _free(people.filter(suspect), 1)
    due = Notice.objects.due(now).filter(channel=Channel.AT_ONCE, due_at__lt=now - LATE, user__in=users)
    return _lease(_one_letter_each(due), _named("late", f"{timezone.now():%Y%m%d%H%M%S%f}"))


@transaction.atomic
def claim_digests(now):
    """All the waiting notices of some people. The person's row is locked, so that nobody's are split in two letters.

    Whose hour has struck today and who had no letter today: what was missed yesterday comes at today's hour, so
    that a calendar day never has two.
    """
    here = timezone.localtime(now)
    midnight = timezone.make_aware(datetime.combine(here.date(), time()))
    of_person = Notice.objects.filter(user=OuterRef("pk"), channel=Channel.DIGEST)
    waiting = of_person.due(now).filter(seen_at=None)
    had_today = of_person.filter(Q(sent_at__gte=midnight) | Q(claimed_until__gte=now, sent_at=None, dropped_at=None))
    # Handed over today, whatever became of it: it may have come, so only that very letter may follow it.
    may_have = of_person.exclude(letter="").filter(Q(letter_at__gte=midnight) | Q(claimed_until__gte=midnight))
    own = Telling.objects.filter(user=OuterRef("pk"))
    struck = Q(Exists(own.filter(digest_at__lte=here.time())))
    if here.time() >= DIGEST_AT:
        struck |= ~Q(Exists(own))
    people = User.objects.filter(struck, Exists(waiting), ~resting(now, "pk")).exclude(Exists(had_today))
    people = people.filter(Exists(waiting.exclude(letter="")) | ~Exists(may_have))
    people = people.exclude(not_by_mail(DIGEST, "pk")).order_by("pk")
    suspect = Exists(waiting.filter(tries__gte=SUSPECT))
    users = _free(people.exclude(suspect), BATCH) or _free(people.filter(suspect), 1)
    due = Notice.objects.due(now).filter(channel=Channel.DIGEST, user__in=users)
    return _lease(_one_letter_each(due), _named("digest", f"{here:%Y%m%d}"))


def _one_letter_each(due):
    """The notices of one letter for each reader: of one that may have been taken, or else all that are new.

    What was seen in Cairn meanwhile belongs to a letter that was made up with it, and to no new one.
    """
    of_reader = {}
    rows = due.order_by(F("letter_at").asc(nulls_last=True), "due_at", "pk")
    for pk, user, letter, is_unseen in rows.values_list("pk", "user", "letter", Q(seen_at=None)):
        of_reader.setdefault(user, {}).setdefault(letter, []).append((pk, is_unseen))
    return [pk for letters in of_reader.values() for pk in _next_of(letters)]


def _next_of(letters):
    fresh = letters.pop("", [])
    for rows in letters.values():
        if any(is_unseen for _, is_unseen in rows):
            return [pk for pk, _ in rows]
    return [pk for pk, is_unseen in fresh if is_unseen]


def _free(people, most):
    return list(people.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:most])


def _named(what, when):
    """The name of a letter of several things: one of its kind and reader at that moment, or on that day."""
    return Concat(Value(f"{what}-"), Cast("user", CharField()), Value(f"-{when}"))


def _lease(ids, name=ALONE):
    """`name`: of the letter that each goes in, where it is in none yet."""
    if not ids:
        return Claim([], timezone.now())
    now = timezone.now()
    until = now + LEASE
    Notice.objects.filter(pk__in=ids).update(
        claimed_until=until,
        tries=F("tries") + 1,
        letter=Case(When(letter="", then=name), default=F("letter")),
        letter_at=Case(When(letter="", then=Value(now)), default=F("letter_at"), output_field=DateTimeField()),
    )
    rows = list(Notice.objects.filter(pk__in=ids).select_related("user").only(*READ).order_by("due_at", "pk"))
    for row in rows:
        row.is_again = row.letter_at != now
    return Claim(rows, until)
