"""Hands due notices over, each once.

The row carries the promise, not the queue. A sender claims a batch for a short while (a lease), looks up what
may still be told, hands each letter over on one kept connection and marks its row at once. A killed sender's
rows fall due again when its lease ends; only the one letter that was on the line may then go twice, under the
same Message-ID.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.models import Count, Exists, F, Func, Min, OuterRef
from django.utils import timezone

from cycles.notices.mobile import is_offered, mobiles_for
from cycles.notices.models import Notice
from cycles.notices.telling import Telling
from hls import notify
from hls.notices import claiming
from hls.notices.claiming import claim_at_once, claim_digests, claim_late, claim_texts
from hls.notices.letters import digest, give_rights, late_subject, lines_for, subject_of, too_late
from hls.notices.line import Notes, hand_over
from hls.notices.press import Presses

log = structlog.get_logger(__name__)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


@dataclass
class Parcel:
    """One letter and the notices it tells."""

    notices: list
    letter: object

    @property
    def ids(self):
        return [notice.pk for notice in self.notices]

    @property
    def tries(self):
        return max(notice.tries for notice in self.notices)

    def is_stale(self, now):
        return all(notice.stale_at and notice.stale_at <= now for notice in self.notices)


@contextmanager
def paced():
    """Whether to go on. Where letters a minute are limited one sender works at a time; a dead one's turn ends with it."""
    if not settings.MAIL_A_MINUTE:
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('cairn: paced sending'))")
        (is_mine,) = cursor.fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('cairn: paced sending'))")


def keep_in_app(now):
    """What people chose to read in Cairn only is never mailed. A text is a choice of its own."""
    due = Notice.objects.due(now).filter(channel__in=[Notice.Channel.AT_ONCE, Notice.Channel.DIGEST])
    kind = Func(OuterRef("kind"), template="ARRAY[%(expressions)s]::varchar[]")
    unwanted = Telling.objects.filter(user=OuterRef("user"), not_by_mail__contains=kind)
    due.filter(Exists(unwanted)).update(channel=Notice.Channel.IN_APP)


def drop_stale(now):
    """A reminder of what is over is no use to anyone."""
    dropped = Notice.objects.open().filter(stale_at__lte=now).update(dropped_at=now)
    if dropped:
        log.info("notices_stale", count=dropped)


def wanted(now):
    """Which of the senders below have anything due, in their order: most minutes none has, and one look is enough."""
    due = Notice.objects.due(now).values_list("channel").annotate(Min("due_at"))
    oldest = dict(due.order_by())
    at_once = oldest.get(Notice.Channel.AT_ONCE)
    asked = {
        send_batch: at_once,
        send_texts: oldest.get(Notice.Channel.TEXT),
        send_late: at_once and at_once < now - Notice.LATE,
        send_digests: oldest.get(Notice.Channel.DIGEST),
    }
    return [send for send, is_due in asked.items() if is_due]


def send_batch(now):
    """Claim and send up to BATCH notices that can't wait. Answers how many were claimed."""
    return _send(claim_at_once(now), _at_once_parcels, now)


def send_late(now):
    """What could not wait and had to, after an outage or a night: one letter a person, and never a storm."""
    return _send(claim_late(now), _late_parcels, now)


def send_digests(now):
    """One letter a person, with all that waited for their hour. Answers how many notices were claimed."""
    return _send(claim_digests(now), _digest_parcels, now)


def send_texts(now):
    """What people want on their mobile too. Without Notify's key the rows that are left wait until they are stale."""
    if not is_offered():
        return 0
    return _send(claim_texts(now), _text_parcels, now, line=notify.Texts)


def _send(claim, parcels_of, now, line=None):
    if claim.notices:
        Hand((line or get_connection)(), claim.until).give(parcels_of(claim.notices, now))
    return len(claim.notices)


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
    lines, presses = _lines(notices, now), Presses()
    for notice in notices:
        if line := lines.get(notice.pk):
            press = presses[(line,), subject_of(line), notice.kind]
            yield _parcel([notice], press.letter(notice.user, notice.key), f"n-{notice.pk}")


def _of_person(notices, lines):
    of_person = {}
    for notice in notices:
        if notice.pk in lines:
            of_person.setdefault(notice.user, []).append(notice)
    return of_person


def _late_parcels(notices, now):
    lines, presses = _lines(notices, now), Presses()  # after an outage thousands miss the same
    of_person = _of_person(notices, lines)
    late = _too_late(of_person, now)
    for user, some in of_person.items():
        words = (*dict.fromkeys(lines[n.pk] for n in some), *too_late(late.get(user.pk)))
        press = presses[words, late_subject(words), some[0].kind]
        yield _parcel(some, press.letter(user, some[0].key), f"n-{some[0].pk}")


def _digest_parcels(notices, now):
    lines = _lines(notices, now)
    of_person = _of_person(notices, lines)
    day, late = timezone.localdate(now), _too_late(of_person, now)
    for user, some in of_person.items():
        words = [*dict.fromkeys(lines[n.pk] for n in some), *too_late(late.get(user.pk))]
        yield _parcel(some, digest(user, words, on=day), f"d-{user.pk}-{day:%Y%m%d}")


def _text_parcels(notices, now):
    lines, mobiles = _lines(notices, now), mobiles_for(notices)
    unwanted = [notice.pk for notice in notices if notice.pk not in mobiles]
    Notice.objects.open().filter(pk__in=unwanted).update(dropped_at=now, claimed_until=None)
    for notice in notices:
        if notice.pk in lines and notice.pk in mobiles:
            words = f"{lines[notice.pk].words} {lines[notice.pk].url}"
            yield _parcel([notice], notify.TextMessage(mobiles[notice.pk], words), f"n-{notice.pk}")


def _parcel(notices, letter, name):
    letter.reference = notify.reference_of(name) if notify.is_on() else ""
    parcel = Parcel(notices, letter)
    letter.is_repeat = parcel.tries > 1  # of the rows as claimed, so this try is counted
    return parcel


def _too_late(users, now):
    """How many of each person's reminders went stale in the last day before they could be sent: {user: count}."""
    stale = Notice.objects.filter(
        user__in=users, dropped_at__gte=now - timedelta(days=1), stale_at__lte=F("dropped_at")
    )
    counted = stale.filter(channel=Notice.Channel.AT_ONCE).values_list("user").annotate(count=Count("pk"))
    return dict(counted)


# ---------------------------------------------------------------- handing over


@dataclass
class Hand:
    """One sender with its line to the mail server, for as long as its lease."""

    line: object
    until: object
    notes: Notes = field(default_factory=Notes)
    pause: float = 0.0

    def __post_init__(self):
        if settings.MAIL_A_MINUTE:
            self.pause = 60 / settings.MAIL_A_MINUTE

    def give(self, parcels):
        parcels = list(parcels)
        try:
            for at, parcel in enumerate(parcels):
                if timezone.now() > self.until - claiming.MARGIN:
                    return self.give_back(parcels[at:])
                if not self.pass_on(parcel):
                    return self.give_back(parcels[at:], wait=FIRST_WAIT)
        finally:
            self.notes.certain()
            self.close()
        return None

    def pass_on(self, parcel):
        """False when no letter can be handed over at present."""
        if parcel.is_stale(timezone.now()):
            self.change(parcel.ids, dropped_at=timezone.now())
            return True
        return self.open() and self.send(parcel)

    def open(self):
        try:
            self.line.open()
        except (SMTPException, OSError) as wrong:
            log.warning("mail_server_away", why=type(wrong).__name__)
            return False
        return True

    def close(self):
        try:
            self.line.close()
        except (SMTPException, OSError):
            self.line.connection = None

    def send(self, parcel, again=True):
        if self.pause:
            time.sleep(self.pause)
        try:
            hand_over(self.line, parcel.letter, self.notes)
        except (SMTPServerDisconnected, ConnectionError) as wrong:
            # The line was cut, perhaps after the letter was taken. Once more on a new one, under the same Message-ID.
            self.close()
            if again and self.open():
                parcel.letter.is_repeat = True
                return self.send(parcel, again=False)
            self.failed(parcel, wrong)
        except (SMTPException, OSError) as wrong:
            self.close()
            if getattr(wrong, "is_away", False):
                log.warning("mail_server_away", why=str(wrong))
                return False
            self.failed(parcel, wrong)
        else:
            self.notes.taken(parcel.ids)
        return True

    def failed(self, parcel, wrong):
        tries = Notice.MOST_TRIES if _is_final(wrong) else parcel.tries
        self.change(parcel.ids, tries=tries, claimed_until=timezone.now() + wait_after(tries))
        log.warning("notice_failed", notices=parcel.ids, tries=tries, why=type(wrong).__name__)

    def give_back(self, parcels, wait=None):
        """Not tried: no fault of theirs, so it does not count as a try."""
        until = timezone.now() + wait if wait else None
        ids = [pk for parcel in parcels for pk in parcel.ids]
        self.change(ids, tries=F("tries") - 1, claimed_until=until)

    def change(self, ids, **words):
        self.notes.certain()
        Notice.objects.open().filter(pk__in=ids).update(**words)


def _is_final(wrong):
    """The server says this letter will never do; trying again would only annoy it."""
    if isinstance(wrong, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in wrong.recipients.values())
    if isinstance(wrong, SMTPResponseException):
        return wrong.smtp_code >= 500
    return getattr(wrong, "is_final", False)


def wait_after(tries):
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
