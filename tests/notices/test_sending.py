"""Handing over: once, in time, to those who may still know, and with no words of anyone."""

import threading
from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cycles.models import Membership, Notice
from cycles.notices.actions import tell
from hls.notices import claiming, sending
from hls.notices.letters import message_id
from hls.notices.tasks import send_due
from tests import factories as f


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def soon(here):
    """A debrief in twenty minutes, of which everyone in the team must be told now."""
    return f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))


def remind(debrief, user, **more):
    words = {
        "user": user,
        "place": debrief.place,
        "kind": "debrief_soon",
        "channel": "at_once",
        "key": f"debrief-soon-{debrief.pk}-{user.pk}",
        "subject_ref": debrief.pk,
        "due_at": timezone.now() - timedelta(seconds=5),
        "stale_at": debrief.planned_for,
    }
    return Notice.objects.create(**words | more)


def test_a_reminder_goes_once_with_link_and_stable_id(soon, here, settings):
    notice = remind(soon, here.worker)
    send_due()
    send_due()
    (letter,) = mail.outbox
    assert letter.to == [here.worker.email]
    assert settings.SITE_URL + reverse("debriefs:write", args=[soon.pk]) in letter.body
    assert letter.extra_headers["Message-ID"] == message_id(notice.key)
    assert letter.alternatives[0][1] == "text/html"
    notice.refresh_from_db()
    assert notice.sent_at
    assert notice.claimed_until is None


def test_who_lost_the_right_is_not_told(soon, here):
    """Row 8: the right is asked for again at the moment of sending."""
    gone, deactivated, kept = remind(soon, here.worker), remind(soon, here.colleague), remind(soon, here.recorder)
    Membership.objects.filter(user=here.worker).update(to_on=timezone.localdate())
    type(here.colleague).objects.filter(pk=here.colleague.pk).update(is_active=False)
    send_due()
    assert [m.to for m in mail.outbox] == [[here.recorder.email]]
    for notice in (gone, deactivated):
        notice.refresh_from_db()
        assert notice.dropped_at
        assert not notice.sent_at
    kept.refresh_from_db()
    assert kept.sent_at


def test_what_is_over_or_moved_is_dropped(soon, here):
    stale = remind(soon, here.worker, stale_at=timezone.now() - timedelta(minutes=1))
    moved = remind(soon, here.colleague, stale_at=soon.planned_for + timedelta(hours=1))
    send_due()
    assert mail.outbox == []
    for notice in (stale, moved):
        notice.refresh_from_db()
        assert notice.dropped_at


def test_in_app_is_never_mailed_and_nothing_goes_early(soon, here):
    remind(soon, here.worker, channel="in_app")
    remind(soon, here.colleague, due_at=timezone.now() + timedelta(minutes=5))
    send_due()
    assert mail.outbox == []


def test_mail_holds_no_words_of_anyone(here, monkeypatch):
    secret = "zq-the-neighbour-qz"
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description=secret)
    with transaction.atomic():
        from issues.log.actions import set_level

        set_level(issue=issue, level=2, owner_tier="lship", why=f"because {secret}", by=here.colleague)
    with time_machine.travel(timezone.localtime().replace(hour=16, minute=1) + timedelta(days=1), tick=False):
        send_due()
    (letter,) = mail.outbox
    everything = str(letter.message()) + letter.body + letter.subject
    assert secret not in everything
    assert f"Something moved on an issue you raised or follow: {issue.ref}." in letter.body


# ------------------------------------------------------------------ one digest a person a day


def step_notices(here, user, count, at):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=user)
    for number in range(count):
        step = issue.steps.create(what="seen", by=here.colleague)
        Notice.objects.create(
            user=user,
            place=here.place,
            kind="issue_step",
            key=f"step-{step.pk}-{number}",
            subject_ref=step.pk,
            due_at=at,
        )


def london(*parts):
    return timezone.make_aware(datetime(*parts))


def test_a_digest_waits_for_four_and_comes_once_a_day(here):
    step_notices(here, here.worker, 3, london(2027, 6, 1, 10))
    with time_machine.travel(london(2027, 6, 1, 15, 59), tick=False):
        Membership.objects.update(to_on=None)
        send_due()
        assert mail.outbox == []
    with time_machine.travel(london(2027, 6, 1, 16, 1), tick=False):
        send_due()
        assert len(mail.outbox) == 1
        step_notices(here, here.worker, 1, london(2027, 6, 1, 15))
        send_due()
        assert len(mail.outbox) == 1
    with time_machine.travel(london(2027, 6, 2, 16, 1), tick=False):
        send_due()
        assert len(mail.outbox) == 2
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_was_seen_in_the_app_is_not_mailed(here):
    step_notices(here, here.worker, 1, timezone.now() - timedelta(days=2))
    with time_machine.travel(timezone.localtime().replace(hour=16, minute=1), tick=False):
        Notice.objects.update(seen_at=timezone.now())
        send_due()
        assert mail.outbox == []
        Notice.objects.update(seen_at=None)
        send_due()
        assert len(mail.outbox) == 1


# ------------------------------------------------------------------ faults


class Faulty:
    """A mail connection that answers as told, then works."""

    def __init__(self, faults):
        self.faults, self.connection, self.handed = list(faults), None, []

    def open(self):
        self.connection = object()
        return True

    def close(self):
        self.connection = None

    def send_messages(self, messages):
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.handed += messages
        return len(messages)


def with_faults(monkeypatch, *faults):
    line = Faulty(faults)
    monkeypatch.setattr(sending, "get_connection", lambda: line)
    return line


def test_a_cut_line_is_tried_again_under_the_same_id(soon, here, monkeypatch):
    remind(soon, here.worker)
    line = with_faults(monkeypatch, SMTPServerDisconnected("cut"))
    send_due()
    assert len(line.handed) == 1
    assert Notice.objects.get().sent_at


def test_a_busy_server_is_asked_again_later_and_later(soon, here, monkeypatch):
    notice = remind(soon, here.worker)
    with_faults(monkeypatch, SMTPDataError(451, b"later"), SMTPDataError(451, b"later"))
    send_due()
    notice.refresh_from_db()
    assert (notice.tries, notice.sent_at) == (1, None)
    assert timedelta(seconds=25) < notice.claimed_until - timezone.now() < timedelta(seconds=31)
    assert sending.wait_after(2) == timedelta(minutes=1)
    assert sending.wait_after(40) == sending.LONGEST_WAIT


def test_a_refused_address_is_parked_and_an_administrator_sees_it(soon, here, monkeypatch, client):
    notice = remind(soon, here.worker)
    with_faults(monkeypatch, SMTPRecipientsRefused({here.worker.email: (550, b"no such user")}))
    send_due()
    assert Notice.objects.parked().get() == notice
    client.force_login(here.admin)
    page = client.get(reverse("notices_failed")).content.decode()
    assert here.worker.name in page
    assert "Stopped trying" in page
    client.post(reverse("notices_try_again"))
    assert not Notice.objects.parked().exists()


def test_a_dead_server_costs_no_try(soon, here, monkeypatch):
    remind(soon, here.worker)
    line = with_faults(monkeypatch)
    monkeypatch.setattr(line, "open", lambda: (_ for _ in ()).throw(ConnectionRefusedError()))
    send_due()
    assert Notice.objects.get().tries == 0


def test_a_poison_letter_is_parked_while_others_flow(soon, here, monkeypatch):
    bad = remind(soon, here.worker)
    remind(soon, here.colleague)
    whole = sending.Hand.send

    def dies(hand, parcel, again=True):
        if parcel.notices[0].pk == bad.pk:
            raise KeyboardInterrupt  # as a kill would: nothing is marked
        return whole(hand, parcel, again)

    monkeypatch.setattr(sending.Hand, "send", dies)
    for _ in range(Notice.MOST_TRIES):
        try:
            sending.send_batch(timezone.now())
        except KeyboardInterrupt:
            Notice.objects.filter(sent_at=None).update(claimed_until=None)  # the lease runs out
    bad.refresh_from_db()
    assert bad.tries == Notice.MOST_TRIES
    sending.send_batch(timezone.now())
    assert Notice.objects.exclude(pk=bad.pk).get().sent_at


def test_a_failed_nudge_changes_nothing(here, settings, django_capture_on_commit_callbacks, monkeypatch):
    from cycles.notices import actions

    def away():
        raise ConnectionError("no queue")

    monkeypatch.setattr(actions, "quick_connection", away)
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        tell(users=[here.worker], place=here.place, kind="hot_debrief", subject_ref=1, key="hot-1", channel="at_once")
    assert len(callbacks) == 1
    assert Notice.objects.count() == 1


def test_a_notice_needs_the_transaction_of_its_act(transactional_db):
    place = f.PlaceFactory()
    with pytest.raises(transaction.TransactionManagementError):
        tell(users=[], place=place, kind="hot_debrief", subject_ref=1, key="x")


# ------------------------------------------------------------------ many senders


def race(count=4):
    start = threading.Barrier(count)

    def send():
        start.wait()
        try:
            send_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def many(transactional_db, monkeypatch):
    cycle = f.LearningCycleFactory()
    user = f.MembershipFactory(team=cycle.team).user
    debrief = f.DebriefFactory(cycle=cycle, planned_for=timezone.now() + timedelta(minutes=30))
    for number in range(60):
        remind(debrief, user, key=f"many-{number}")
    monkeypatch.setattr(claiming, "BATCH", 7)
    return [f"many-{number}" for number in range(60)]


def ids():
    return [letter.extra_headers["Message-ID"] for letter in mail.outbox]


def test_four_senders_at_once_hand_each_over_once(many):
    race()
    assert len(ids()) == len(set(ids())) == len(many)


def test_without_the_claim_the_same_race_sends_twice(many, monkeypatch):
    """Positive control: with the lock and the lease off, duplicates are seen."""
    monkeypatch.setattr(
        sending,
        "claim_at_once",
        lambda now: claiming.Claim(
            list(Notice.objects.due(now).filter(channel="at_once").select_related("user")[:7]),
            datetime.now(tz=UTC) + claiming.LEASE,
        ),
    )
    race()
    assert len(ids()) > len(set(ids()))
