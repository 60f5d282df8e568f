"""Rows 46 to 48: after an outage no storm, through both clock changes no repeat, and no flood when a clock jumps."""

import time as clock_of_wall
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from cycles.models import Membership, Notice, Telling
from debriefs.plans.follow import follow_plans
from debriefs.plans.tasks import plan_debriefs
from hls.notices import claiming, sending
from hls.notices.letters import message_id
from hls.notices.tasks import send_due
from tests import factories as f
from tests.notices.test_sending import Faulty, remind, step_notices


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = None


def at(*parts):
    return time_machine.travel(timezone.make_aware(datetime(*parts)), tick=False)


# ------------------------------------------------------------------ row 46: six hours without a server


@pytest.fixture
def outage(here):
    """Forty people of a team, each with reminders that are over by now and hot debriefs that are not."""
    people = [here.worker, here.colleague] + [f.MembershipFactory(team=here.core).user for _ in range(38)]
    with at(2027, 6, 1, 8):
        over = [f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(hours=n)) for n in (1, 2, 3)]
        hot = [f.DebriefFactory(cycle=here.cycle, kind="hot", held=True) for _ in range(3)]
        for user in people:
            for debrief in over:
                remind(debrief, user)
            for debrief in hot:
                until = timezone.now() + timedelta(hours=24)
                remind(debrief, user, kind="hot_debrief", key=f"hot-{debrief.pk}-{user.pk}", stale_at=until)
    return people


def test_after_an_outage_each_person_has_one_letter_and_what_is_over_is_one_line(outage):
    with at(2027, 6, 1, 14):
        for _ in range(3):
            send_due()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(user.email for user in outage)
    for letter in mail.outbox:
        assert letter.body.count("called a hot debrief") == 3
        assert letter.body.count("3 reminders came too late to send.") == 1
        assert letter.subject == "4 things that could not wait"
    assert not Notice.objects.open().exists()
    assert Notice.objects.filter(dropped_at__isnull=False).count() == 3 * len(outage)


def test_a_letter_of_several_that_fails_comes_as_one_letter_later(outage, monkeypatch):
    """Also after two failures, where a notice would be sent alone: it is the person who is sent to alone."""
    from smtplib import SMTPDataError

    line = Faulty([SMTPDataError(451, b"later")] * 2 * len(outage))
    monkeypatch.setattr(sending, "get_connection", lambda: line)
    for minute in (0, 1, 3, 5):
        with at(2027, 6, 1, 14, minute):
            send_due()
    assert sorted(m.to[0] for m in line.handed) == sorted(user.email for user in outage)


def test_letters_are_no_more_a_minute_than_was_set(outage, settings, monkeypatch):
    settings.MAIL_A_MINUTE = 1200
    pauses = []
    monkeypatch.setattr(sending.time, "sleep", pauses.append)
    with at(2027, 6, 1, 14):
        send_due()
    assert len(mail.outbox) == 40
    assert pauses == [0.05] * 40


@pytest.mark.django_db(transaction=True)
def test_with_a_limit_one_sender_works_at_a_time(here, settings):
    import threading

    from django.db import connection

    settings.MAIL_A_MINUTE = 600
    soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=20))
    for n in range(12):
        remind(soon, here.worker, key=f"paced-{n}")

    def send():
        try:
            send_due()
        finally:
            connection.close()

    began = clock_of_wall.monotonic()
    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert clock_of_wall.monotonic() - began >= 1.2
    assert len(mail.outbox) == 12


# ------------------------------------------------------------------ row 47: both clock changes


def half_hours(day):
    """Each half-hour of a London day as a moment, and one more at the end: 46 or 50 of them."""
    now = timezone.make_aware(datetime.combine(day, time())).astimezone(UTC)
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time())).astimezone(UTC)
    while now < end:
        yield now
        now += timedelta(minutes=30)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)], ids=str)
def test_each_of_48_schedules_runs_once_on_the_day_the_clock_changes(here, day):
    """A plan and a day's letter at each half-hour: one reminder and one letter each, whatever the hour does."""
    Membership.objects.filter(team=here.core).exclude(user=here.worker).delete()
    readers, other = {}, f.LearningCycleFactory(team=f.TeamFactory(place=here.place))
    elsewhere = SimpleNamespace(cycle=other, place=here.place, colleague=here.colleague)
    for number in range(48):
        at_time = time(number // 2, 30 * (number % 2))
        f.DebriefPlanFactory(
            cycle=here.cycle, cadence="daily", starts_on=day, time=at_time, remind_before=30, by=here.worker
        )
        readers[at_time] = f.MembershipFactory(team=other.team).user
        Telling.objects.create(user=readers[at_time], digest_at=at_time, quiet_from=None, quiet_to=None)
    Telling.objects.create(user=here.worker, quiet_from=None, quiet_to=None)
    Membership.objects.update(from_on=date(2025, 1, 1))
    midnight = timezone.make_aware(datetime.combine(day, time()))
    with time_machine.travel(midnight - timedelta(hours=12), tick=False):
        for reader in readers.values():
            step_notices(elsewhere, reader, 2, midnight)
    came = {}
    follow_plans(now=midnight - timedelta(hours=1))
    for now in (midnight - timedelta(minutes=30), *half_hours(day)):
        for _ in range(2):  # two beats
            with time_machine.travel(now, tick=False):
                send_due()
        for letter in mail.outbox:
            came.setdefault(letter.to[0], []).append((now, letter.extra_headers["Message-ID"]))
        mail.outbox.clear()
    reminders = [ident for _, ident in came.pop(here.worker.email)]
    rows = Notice.objects.filter(kind="debrief_soon", sent_at__isnull=False)
    assert sorted(reminders) == sorted(message_id(row.key) for row in rows)
    of_day = [row for row in Notice.objects.filter(kind="debrief_soon") if timezone.localdate(row.stale_at) == day]
    assert len(of_day) == 48
    assert [row for row in of_day if row.sent_at != row.due_at] == []
    assert len(came) == 48
    for at_time, reader in readers.items():
        ((now, _),) = came[reader.email]
        here_then = timezone.localtime(now)
        skipped = day.month == 3 and at_time.hour == 1
        assert here_then.date() == day
        assert here_then.time() == (time(2) if skipped else at_time)


# ------------------------------------------------------------------ row 48: the clock jumps, the host sleeps


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=3)], ids=str)
def test_the_days_letter_comes_once_a_day_though_the_clock_jumps(here, jump):
    step_notices(here, here.worker, 2, timezone.make_aware(datetime(2027, 6, 1, 9)))
    start = timezone.make_aware(datetime(2027, 6, 1, 16, 1))

    def minutes(first, count=3):
        for number in range(count):
            with time_machine.travel(first + timedelta(minutes=number), tick=False):
                plan_debriefs()
                send_due()

    minutes(start)
    assert len(mail.outbox) == 1
    step_notices(here, here.worker, 1, start)
    minutes(start + jump)
    is_later_day = jump == timedelta(days=3)
    assert len(mail.outbox) == (2 if is_later_day else 1), "no second letter the same day, and no silence after it"
    minutes(start + timedelta(days=4))
    assert len(mail.outbox) == 2
    assert not Notice.objects.open().filter(channel="digest").exists()


def test_a_lease_from_a_future_clock_runs_out_by_itself(here):
    """A sender whose clock was an hour ahead held a notice and died: an hour and a lease later it goes."""
    soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(hours=3))
    notice = remind(soon, here.worker)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        assert claiming.claim_at_once(timezone.now()).notices in ([], [notice])
        assert claiming.claim_late(timezone.now()).notices in ([], [notice])
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=2), tick=False):
        send_due()
    assert len(mail.outbox) == 1
