"""Hands due notices over, each once.

The row carries the promise, not the queue. A sender claims a batch for a short while (a lease), looks up what
may still be told, hands each letter over on one kept connection and marks its row at once. A killed sender's
rows fall due again when its lease ends; only the one letter that was on the line may then go twice, under the
same Message-ID and with the same things in it. What is new goes in the next.
"""

import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.models import Exists, F, Func, Min, OuterRef, Q
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
    """One letter and the notices it tells. The letter's `is_repeat`: it may have been taken before."""

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
    """What people chose to read in Cairn only is never mailed. A text is a choice of its own.

    A day's letter that may have been taken is only ever sent again as it was, so nothing is taken out of it.
    """
    made_up = Q(channel=Notice.Channel.DIGEST) & ~Q(letter="")
    due = Notice.objects.due(now).exclude(made_up)
    due = due.filter(channel__in=[Notice.Channel.AT_ONCE, Notice.Channel.DIGEST])
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
            yield _parcel([notice], press.letter(notice.user, notice.key))


def _of_person(notices, lines):
    """{reader: what their letter tells}: a claim holds the notices of one letter for each."""
    of_person = {}
    for notice in notices:
        if notice.pk in lines:
            of_person.setdefault(notice.user, []).append(notice)
    return of_person


def _late_parcels(notices, now):
    lines, presses = _lines(notices, now), Presses()  # after an outage thousands miss the same
    of_person = _of_person(notices, lines)
    late = _too_late(of_person)
    for user, some in of_person.items():
        words = (*dict.fromkeys(lines[n.pk] for n in some), *too_late(late.get(user)))
        press = presses[words, late_subject(words), some[0].kind]
        yield _parcel(some, press.letter(user, some[0].letter or some[0].key))


def _digest_parcels(notices, now):
    lines = _lines(notices, now)
    of_person = _of_person(notices, lines)
    late = _too_late(of_person)
    for user, some in of_person.items():
        words = [*dict.fromkeys(lines[n.pk] for n in some), *too_late(late.get(user))]
        yield _parcel(some, digest(user, words, key=some[0].letter, kinds=[n.kind for n in some]))


def _text_parcels(notices, now):
    lines, mobiles = _lines(notices, now), mobiles_for(notices)
    unwanted = [notice.pk for notice in notices if notice.pk not in mobiles]
    Notice.objects.open().filter(pk__in=unwanted).update(dropped_at=now, claimed_until=None)
    for notice in notices:
        if notice.pk in lines and notice.pk in mobiles:
            words = f"{lines[notice.pk].words} {lines[notice.pk].url}"
            yield _parcel([notice], notify.TextMessage(mobiles[notice.pk], words))


def _parcel(notices, letter):
    letter.reference = notify.reference_of(_name_at_notify(notices[0])) if notify.is_on() else ""
    letter.is_repeat = any(notice.is_again for notice in notices)
    return Parcel(notices, letter)


def _name_at_notify(notice):
    """ "n-17" for the letter of a single notice, "d-5-20270601" or "l-5-20270601081500123456" for one of several."""
    if notice.letter in ("", notice.key):
        return f"n-{notice.pk}"
    what, _, rest = notice.letter.partition("-")
    return f"{what[0]}-{rest}"


def _too_late(of_person):
    """How many reminders of each went stale, unsent, in the day before their letter was made up: {user: count}.

    A letter that tells a single reminder or call by itself has no such line.
    """
    made_up = {u: some[0].letter_at for u, some in of_person.items() if some[0].letter != some[0].key}
    if not made_up:
        return {}
    first, last = min(made_up.values()) - timedelta(days=1), max(made_up.values())
    stale = Notice.objects.filter(user__in=made_up, channel=Notice.Channel.AT_ONCE, dropped_at__range=(first, last))
    gone = defaultdict(list)
    for user, at in stale.filter(stale_at__lte=F("dropped_at")).values_list("user", "dropped_at"):
        gone[user].append(at)
    return {u: sum(at - timedelta(days=1) <= one <= at for one in gone[u.pk]) for u, at in made_up.items()}


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
        if _was_refused(wrong):
            self.take_apart([parcel])
        log.warning("notice_failed", notices=parcel.ids, tries=tries, why=type(wrong).__name__)

    def give_back(self, parcels, wait=None):
        """Not tried: no fault of theirs, so it does not count as a try."""
        until = timezone.now() + wait if wait else None
        ids = [pk for parcel in parcels for pk in parcel.ids]
        self.change(ids, tries=F("tries") - 1, claimed_until=until)
        self.take_apart(parcels)

    def take_apart(self, parcels):
        """What nobody has taken is no letter yet: what is due by the next try may join it."""
        if ids := [pk for parcel in parcels if not parcel.letter.is_repeat for pk in parcel.ids]:
            self.change(ids, letter="", letter_at=None)

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


def _was_refused(wrong):
    """The server itself says that it has not taken this letter; anything else leaves it open."""
    return isinstance(wrong, SMTPRecipientsRefused | SMTPResponseException)


def wait_after(tries):
    return min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
