"""Hands due notices over, each once.

The row carries the promise, not the queue. A sender claims a batch for a short while (a lease), looks up what
may still be told, hands each letter over on one kept connection and marks its row at once. A killed sender's
rows fall due again when its lease ends; only the one letter that was on the line may then go twice, under the
same Message-ID.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from cycles.notices.models import Notice
from cycles.notices.telling import DIGEST, DIGEST_AT, Telling, not_by_mail, resting
from cycles.people.models import User
from hls.notices.letters import digest, give_rights, letter_at_once, lines_for, too_late

log = structlog.get_logger(__name__)
BATCH = 500
SUSPECT = 2  # tries after which a notice is sent alone
LEASE = timedelta(seconds=60)
# A hand-over may take EMAIL_TIMEOUT; none is begun that could outlast the lease.
MARGIN = timedelta(seconds=settings.EMAIL_TIMEOUT + 5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


@dataclass
class Parcel:
    """One letter and the notices it tells."""

    notices: list
    letter: object


@dataclass
class Claim:
    notices: list
    until: datetime


def keep_in_app(now):
    """What people chose to read in Cairn only is never mailed."""
    due = Notice.objects.due(now).exclude(channel=Notice.Channel.IN_APP)
    for kind in Notice.Kind.values:
        due.filter(not_by_mail(kind), kind=kind).update(channel=Notice.Channel.IN_APP)


def drop_stale(now):
    """A reminder of what is over is no use to anyone."""
    dropped = Notice.objects.open().filter(stale_at__lte=now).update(dropped_at=now)
    if dropped:
        log.info("notices_stale", count=dropped)


def send_batch(now):
    """Claim and send up to BATCH notices that can't wait. Answers how many were claimed."""
    claim = claim_at_once(now)
    if claim.notices:
        _hand_over(claim, _at_once_parcels(claim.notices, now))
    return len(claim.notices)


def send_digests(now):
    """One letter a person, with all that waited for their hour. Answers how many notices were claimed."""
    claim = claim_digests(now)
    if claim.notices:
        _hand_over(claim, _digest_parcels(claim.notices, now))
    return len(claim.notices)


# ---------------------------------------------------------------- claiming


@transaction.atomic
def claim_at_once(now):
    """A batch of those that never failed, else one that did: what kills its sender must not take others with it."""
    due = Notice.objects.due(now).filter(~resting(now), channel=Notice.Channel.AT_ONCE).order_by("due_at", "pk")
    free = due.select_for_update(skip_locked=True).values_list("pk", flat=True)
    fresh = list(free.filter(tries__lt=SUSPECT)[:BATCH])
    return _lease(fresh or list(free.filter(tries__gte=SUSPECT)[:1]))


def _lease(ids):
    until = timezone.now() + LEASE
    Notice.objects.filter(pk__in=ids).update(claimed_until=until, tries=F("tries") + 1)
    notices = Notice.objects.filter(pk__in=ids).select_related("user").order_by("due_at", "pk")
    return Claim(list(notices) if ids else [], until)


@transaction.atomic
def claim_digests(now):
    """All the waiting notices of some people. The person's row is locked, so that nobody's are split in two letters.

    Whose hour has struck today and who had no letter today: what was missed yesterday comes at today's hour, so
    that a calendar day never has two.
    """
    here = timezone.localtime(now)
    midnight = timezone.make_aware(datetime.combine(here.date(), time()))
    of_person = Notice.objects.filter(user=OuterRef("pk"), channel=Notice.Channel.DIGEST)
    waiting = of_person.due(now).filter(seen_at=None)
    had_today = of_person.filter(Q(sent_at__gte=midnight) | Q(claimed_until__gte=now, sent_at=None, dropped_at=None))
    own = Telling.objects.filter(user=OuterRef("pk"))
    struck = Q(Exists(own.filter(digest_at__lte=here.time())))
    if here.time() >= DIGEST_AT:
        struck |= ~Q(Exists(own))
    people = User.objects.filter(struck, Exists(waiting), ~resting(now, "pk")).exclude(Exists(had_today))
    free = people.exclude(not_by_mail(DIGEST, "pk")).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    users = list(free.values_list("pk", flat=True)[:BATCH])
    due = Notice.objects.due(now).filter(channel=Notice.Channel.DIGEST, user__in=users, seen_at=None)
    return _lease(list(due.values_list("pk", flat=True)))


# ---------------------------------------------------------------- what may still be told


def _lines(notices, now):
    give_rights(notices, timezone.localdate(now))
    lines = lines_for(notices)
    gone = [notice.pk for notice in notices if notice.pk not in lines]
    if gone:
        Notice.objects.open().filter(pk__in=gone).update(dropped_at=now, claimed_until=None)
        log.info("notices_dropped", count=len(gone))
    return lines


def _at_once_parcels(notices, now):
    lines = _lines(notices, now)
    return [Parcel([n], letter_at_once(n, lines[n.pk])) for n in notices if n.pk in lines]


def _digest_parcels(notices, now):
    lines = _lines(notices, now)
    of_person = {}
    for notice in notices:
        if notice.pk in lines:
            of_person.setdefault(notice.user, []).append(notice)
    day, late = timezone.localdate(now), _too_late(of_person, now)
    return [
        Parcel(some, digest(user, [*dict.fromkeys(lines[n.pk] for n in some), *too_late(late.get(user.pk))], day=day))
        for user, some in of_person.items()
    ]


def _too_late(users, now):
    """How many of each person's reminders went stale in the last day before they could be sent: {user: count}."""
    stale = Notice.objects.filter(
        user__in=users, dropped_at__gte=now - timedelta(days=1), stale_at__lte=F("dropped_at")
    )
    counted = stale.filter(channel=Notice.Channel.AT_ONCE).values_list("user").annotate(count=Count("pk"))
    return dict(counted)


# ---------------------------------------------------------------- handing over


def _hand_over(claim, parcels):
    connection = get_connection()
    for at, parcel in enumerate(parcels):
        if timezone.now() > claim.until - MARGIN:
            return _give_back(parcels[at:])
        stale_at = parcel.notices[0].stale_at
        if stale_at and stale_at <= timezone.now():
            Notice.objects.open().filter(pk=parcel.notices[0].pk).update(dropped_at=timezone.now())
        elif not _open(connection):
            _give_back(parcels[at:], wait=FIRST_WAIT)
            break
        else:
            _send_one(connection, parcel)
    _close(connection)


def _open(connection):
    try:
        connection.open()
    except (SMTPException, OSError) as wrong:
        log.warning("mail_server_away", why=type(wrong).__name__)
        return False
    return True


def _close(connection):
    try:
        connection.close()
    except (SMTPException, OSError):
        connection.connection = None


def _send_one(connection, parcel, again=True):
    try:
        connection.send_messages([parcel.letter])
    except (SMTPServerDisconnected, ConnectionError) as wrong:
        # The line was cut, perhaps after the letter was taken. Once more on a new one, under the same Message-ID.
        _close(connection)
        if again and _open(connection):
            return _send_one(connection, parcel, again=False)
        _failed(parcel, wrong)
    except (SMTPException, OSError) as wrong:
        _close(connection)
        _failed(parcel, wrong)
    else:
        _mark_sent(parcel)


def _mark_sent(parcel):
    ids = [notice.pk for notice in parcel.notices]
    Notice.objects.open().filter(pk__in=ids).update(sent_at=timezone.now(), claimed_until=None)


def _failed(parcel, wrong):
    ids = [notice.pk for notice in parcel.notices]
    tries = Notice.MOST_TRIES if _is_final(wrong) else max(notice.tries for notice in parcel.notices)
    Notice.objects.open().filter(pk__in=ids).update(tries=tries, claimed_until=timezone.now() + wait_after(tries))
    log.warning("notice_failed", notices=ids, tries=tries, why=type(wrong).__name__)


def _is_final(wrong):
    """The server says this letter will never do; trying again would only annoy it."""
    if isinstance(wrong, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in wrong.recipients.values())
    return isinstance(wrong, SMTPResponseException) and wrong.smtp_code >= 500


def wait_after(tries):
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)


def _give_back(parcels, wait=None):
    """Not tried: no fault of theirs, so it does not count as a try."""
    ids = [notice.pk for parcel in parcels for notice in parcel.notices]
    until = timezone.now() + wait if wait else None
    Notice.objects.open().filter(pk__in=ids).update(tries=F("tries") - 1, claimed_until=until)
