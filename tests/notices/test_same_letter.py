"""A letter that may have been taken is only ever followed by that very letter: the same things under the same id.

A mailbox folds two copies of one letter. Were anything new in the second, it would be folded away with it, or come twice.
"""

import re
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cycles.models import Membership, Notice
from hls.notices import came_back, claiming, sending
from hls.notices.tasks import send_due
from hls.notify import read_reference, reference_of
from tests import factories as f
from tests.notices.test_sending import remind

CUT = SMTPServerDisconnected("cut after DATA")


@pytest.fixture(autouse=True)
def _surroundings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.QUIET_HOURS = None


def at(*parts):
    return time_machine.travel(timezone.make_aware(datetime(*parts)), tick=False)


class TakesAndCuts:
    """A mail server that keeps what it was handed; by turns it then says so, cuts the line, or refuses to keep it."""

    def __init__(self, *moods):
        self.moods, self.connection, self.taken = list(moods), None, []

    def open(self):
        self.connection = self.connection or object()

    def close(self):
        self.connection = None

    def send_messages(self, messages):
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None and not isinstance(mood, SMTPServerDisconnected):
            raise mood
        self.taken += messages
        if mood:
            raise mood


@pytest.fixture
def server(monkeypatch):
    def build(*moods):
        line = TakesAndCuts(*moods)
        monkeypatch.setattr(sending, "get_connection", lambda: line)
        return line

    return build


def tell_of_step(here, user=None, **more):
    """A line for the day's letter; answers the issue's reference, which is in it."""
    user = user or here.worker
    issue = f.IssueFactory(cycle=here.cycle, raised_by=user)
    step = issue.steps.create(what="seen", by=here.colleague)
    row = {"user": user, "place": here.place, "kind": "issue_step", "key": f"step-{step.pk}", "subject_ref": step.pk}
    Notice.objects.create(**row, due_at=timezone.now(), **more)
    return issue.ref


def call_hot(here):
    debrief = f.DebriefFactory(cycle=here.cycle, kind="hot", held=True)
    until = timezone.now() + timedelta(hours=24)
    words = {"kind": "hot_debrief", "key": f"hot-{debrief.pk}", "stale_at": until, "due_at": timezone.now()}
    remind(debrief, here.worker, **words)
    return f"/debriefs/{debrief.pk}/"


def idents(line):
    return [letter.extra_headers["Message-ID"] for letter in line.taken]


def tells(letter, *things):
    return [thing in letter.body for thing in things]


def words(letter):
    """All but the link that stops it, which is signed anew each time."""
    return re.sub(r"http\S+/stop/\S+", "", letter.body)


# ------------------------------------------------------------------ the letter of the day


def test_a_days_letter_that_was_cut_off_is_followed_by_that_very_letter(here, server):
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        one, two = tell_of_step(here), tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
    with at(2027, 6, 1, 16, 2):
        new = tell_of_step(here)
        send_due()
    assert len(line.taken) == 3
    assert len(set(idents(line))) == 1
    assert len({words(letter) for letter in line.taken}) == 1
    assert tells(line.taken[-1], one, two, new) == [True, True, False]
    with at(2027, 6, 1, 23):
        send_due()
    assert len(line.taken) == 3, "one letter a day"
    with at(2027, 6, 2, 16, 1):
        send_due()
    assert tells(line.taken[-1], one, two, new) == [False, False, True]
    assert len(set(idents(line))) == 2
    assert not Notice.objects.open().exists()


def test_made_up_anew_the_repeat_would_hide_what_is_new(here, server, monkeypatch):
    """Positive control: with nothing written down of the letter, one id stands for two different letters."""
    lease = claiming._lease

    def forgetful(ids, *name):
        Notice.objects.filter(pk__in=ids).update(letter="", letter_at=None)
        return lease(ids, *name)

    monkeypatch.setattr(claiming, "_lease", forgetful)
    monkeypatch.setattr(claiming, "_one_letter_each", lambda due: list(due.values_list("pk", flat=True)))
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        new = tell_of_step(here)
    with at(2027, 6, 1, 16, 3):
        send_due()
    assert len(set(idents(line))) == 1
    assert [tells(letter, new) for letter in line.taken] == [[False], [False], [True]]


def test_over_midnight_it_is_still_the_same_letter_and_the_only_one_of_that_day(here, server):
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
    with at(2027, 6, 1, 17):
        new = tell_of_step(here)
    for hour in (16, 18, 22):
        with at(2027, 6, 2, hour, 1):
            send_due()
    assert len(line.taken) == 3
    assert len(set(idents(line))) == 1
    with at(2027, 6, 3, 16, 1):
        send_due()
    assert tells(line.taken[-1], new) == [True]
    assert len(line.taken) == 4


def test_a_letter_the_server_refused_takes_in_what_is_new(here, server):
    """It says that it has nothing, so there is nothing to fold; and nobody waits a day for what is new."""
    line = server(SMTPDataError(451, b"not now"))
    with at(2027, 6, 1, 15):
        one = tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        new = tell_of_step(here)
    with at(2027, 6, 1, 16, 3):
        send_due()
    (letter,) = line.taken
    assert tells(letter, one, new) == [True, True]


def test_refused_after_a_cut_it_may_still_have_been_taken(here, server):
    line = server(CUT, SMTPDataError(451, b"not now"))
    with at(2027, 6, 1, 15):
        one = tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        new = tell_of_step(here)
    with at(2027, 6, 1, 16, 3):
        send_due()
    assert len(set(idents(line))) == 1
    assert tells(line.taken[-1], one, new) == [True, False]


def test_what_was_read_in_cairn_meanwhile_stays_in_its_letter(here, server):
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        one, two = tell_of_step(here), tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
    Notice.objects.filter(pk=Notice.objects.earliest("pk").pk).update(seen_at=timezone.now())
    with at(2027, 6, 1, 16, 3):
        send_due()
    assert tells(line.taken[-1], one, two) == [True, True]
    assert len(set(idents(line))) == 1


def test_when_all_of_it_was_read_in_cairn_it_is_not_repeated_and_the_next_comes_tomorrow(here, server):
    """What came may have come today, so a letter with other things in it waits for the day after."""
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        Notice.objects.update(seen_at=timezone.now())
        new = tell_of_step(here)
    with at(2027, 6, 1, 17):
        send_due()
    assert len(line.taken) == 2
    with at(2027, 6, 2, 16, 1):
        send_due()
    assert tells(line.taken[-1], new) == [True]
    assert len(set(idents(line))) == 2


def test_a_right_that_ended_takes_its_line_out_of_the_repeat(here, server):
    """Rights end with the next letter too; what is left goes under the same id, and nothing new is in it."""
    other = f.LearningCycleFactory(team=f.TeamFactory(place=here.place))
    membership = f.MembershipFactory(user=here.worker, team=other.team, from_on="2020-01-01")
    Membership.objects.filter(user=here.worker).update(from_on="2020-01-01")
    line = server(CUT, CUT)
    with at(2027, 6, 1, 15):
        mine = tell_of_step(here)
        issue = f.IssueFactory(cycle=other, raised_by=here.worker)
        step = issue.steps.create(what="seen", by=here.colleague)
        Notice.objects.create(
            user=here.worker, place=here.place, kind="issue_step", key="step-of-other", subject_ref=step.pk
        )
    with at(2027, 6, 1, 16, 1):
        send_due()
    assert tells(line.taken[0], mine, issue.ref) == [True, True]
    Membership.objects.filter(pk=membership.pk).update(to_on="2027-05-31")
    with at(2027, 6, 1, 16, 3):
        send_due()
    assert tells(line.taken[-1], mine, issue.ref) == [True, False]
    assert len(set(idents(line))) == 1


def test_a_sender_that_died_leaves_its_letter_as_it_was_made_up(here):
    with at(2027, 6, 1, 15):
        one = tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        (claimed,) = claiming.claim_digests(timezone.now()).notices
    with at(2027, 6, 1, 16, 1, 30):
        new = tell_of_step(here)
    with at(2027, 6, 1, 16, 3):
        send_due()
    (letter,) = mail.outbox
    assert tells(letter, one, new) == [True, False]
    assert Notice.objects.get(pk=claimed.pk).letter == claimed.letter


def test_a_letter_given_back_untried_takes_in_what_is_new(here, server, monkeypatch):
    line = server()
    monkeypatch.setattr(line, "open", lambda: (_ for _ in ()).throw(ConnectionRefusedError()))
    with at(2027, 6, 1, 15):
        one = tell_of_step(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
        new = tell_of_step(here)
    line = server()
    with at(2027, 6, 1, 16, 3):
        send_due()
    (letter,) = line.taken
    assert tells(letter, one, new) == [True, True]


# ------------------------------------------------------------------ what could not wait


def test_a_late_letter_that_was_cut_off_comes_again_as_it_was_and_the_rest_in_another(here, server):
    line = server(CUT, CUT)
    with at(2027, 6, 1, 8):
        one, two = call_hot(here), call_hot(here)
    with at(2027, 6, 1, 8, 18):
        send_due()
    with at(2027, 6, 1, 8, 19):
        new = call_hot(here)
    for minute in (40, 41, 42):
        with at(2027, 6, 1, 8, minute):
            send_due()
    assert [tells(letter, one, two, new) for letter in line.taken] == [[True, True, False]] * 3 + [[False, False, True]]
    assert len(set(idents(line)[:3])) == 1
    assert len(set(idents(line))) == 2
    assert not Notice.objects.open().exists()


def test_one_that_was_cut_off_alone_is_not_joined_by_others_when_it_is_late(here, server):
    line = server(CUT, CUT)
    with at(2027, 6, 1, 8):
        one = call_hot(here)
        send_due()
    with at(2027, 6, 1, 8, 1):
        other = call_hot(here)
    for minute in (30, 31, 32):
        with at(2027, 6, 1, 8, minute):
            send_due()
    assert [tells(letter, one, other) for letter in line.taken] == [[True, False]] * 3 + [[False, True]]
    assert len(set(idents(line)[:3])) == 1
    assert len({letter.subject for letter in line.taken[:3]}) == 1


def test_how_many_came_too_late_is_said_as_it_was(here, server):
    """More reminders went stale before the repeat: they are in no letter that came before them."""
    line = server(CUT, CUT)
    with at(2027, 6, 1, 8):
        call_hot(here)
        soon = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=10))
        later = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=40))
        remind(soon, here.worker)
    with at(2027, 6, 1, 8, 30):
        send_due()
        remind(later, here.worker, tries=Notice.MOST_TRIES)
    with at(2027, 6, 1, 8, 50):
        send_due()
    assert len(line.taken) == 3
    assert len({words(letter) for letter in line.taken}) == 1
    assert "A reminder came too late to send." in line.taken[0].body


@pytest.mark.parametrize("what", ["digest", "late"])
def test_what_could_not_be_delivered_is_known_of_each_thing_in_the_letter(here, server, what):
    """By the name that Notify was given, also where the letter was sent again on a later day."""
    server(CUT, CUT)
    with at(2027, 6, 1, 8):
        for _ in range(2):
            tell_of_step(here) if what == "digest" else call_hot(here)
    with at(2027, 6, 1, 16, 1):
        send_due()
    with at(2027, 6, 2, 7, 30) if what == "late" else at(2027, 6, 2, 16, 1):
        send_due()
    rows = list(Notice.objects.filter(sent_at__isnull=False))
    assert len(rows) == 2
    (name,) = {sending._name_at_notify(row) for row in rows}
    assert read_reference(reference_of(name)) == name
    assert set(came_back._rows(name)) == set(rows)


# ------------------------------------------------------------------ what it costs


@pytest.mark.parametrize("people", [1, 4])
def test_making_up_letters_costs_no_statement_for_each(here, people):
    readers = [f.MembershipFactory(team=here.core).user for _ in range(people)]
    with at(2027, 6, 1, 15):
        Membership.objects.update(from_on="2020-01-01")
        for reader in readers:
            tell_of_step(here, reader)
            tell_of_step(here, reader)
    with at(2027, 6, 1, 16, 1), CaptureQueriesContext(connection) as asked:
        claim = claiming.claim_digests(timezone.now())
    assert len(claim.notices) == 2 * people
    assert len(asked) <= 7
