"""Two years of reminders through the planning scan, the claim and the lease as they are, on a clock that jumps.

Two beats at once, senders that die at random, a mail server that is busy one time in five and cut off now and then,
three days with nothing running. The suite lives through the five days before and after each change of the clock;
`TWO_YEARS=whole` through all of it. `SEED=7` makes other lives; what fails says under which seed.
"""

import os
import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db.models import Q

from cycles.models import Notice
from hls.notices import claiming, line, sending
from tests.notices.simulation import checking, script
from tests.notices.simulation.house import CHANGES, LONDON, House
from tests.notices.simulation.post_office import PostOffice
from tests.notices.simulation.stage import Stage, set_points

pytestmark = pytest.mark.django_db(transaction=True)

SEED = int(os.environ.get("SEED", "44"))
WHOLE = os.environ.get("TWO_YEARS") == "whole"


@pytest.fixture
def house(here, settings, monkeypatch):
    settings.QUIET_HOURS = (time(20), time(7))
    monkeypatch.setattr("cycles.notices.actions.nudge", lambda: None)  # the beats of the test wake who sends
    stages = []

    def build(clock, seed=SEED, *, kills, refuses):
        chance = random.Random(seed)
        stage = Stage(chance, kills)
        stages.append(stage)
        office = PostOffice(chance, stage, refuses)
        monkeypatch.setattr(sending, "get_connection", office.line)
        set_points(monkeypatch, stage)
        return House(here, stage, office, clock)

    yield build
    for stage in stages:
        stage.end()


@pytest.mark.system(24)
def test_over_two_years_each_reminder_comes_once(house):
    stretches = [(script.FIRST, script.LAST)] if WHOLE else script.weeks_around_changes()
    first, last = stretches[0][0], stretches[-1][1]
    with time_machine.travel(first, tick=False) as clock:
        home = house(clock, kills=0.015 if WHOLE else 0.04, refuses=0.2)
        script.fill(home, stretches)
        home.live(first, last)
    figures = figures_of(home)
    print(f"seed {SEED}: {figures}")  # noqa: T201 - for who runs it by hand, with -s
    assert checking.faults(home, first, last) == [], f"seed {SEED}"
    assert figures["busy"] > 0.15, "the server was hardly ever busy, so this proved less"
    assert figures["died"] > 20
    assert figures["repeats"] > 5, "no line was cut after a letter, so no repeat was put to the proof"
    told_on = {copy.at.astimezone(LONDON).date() for copy in home.office.taken}
    assert told_on >= set(CHANGES)


def figures_of(home):
    office = home.office
    tries = sum(office.answers[name] for name in office.answers if name != "away")
    copies = Counter(copy.ident for copy in office.taken)
    return {
        "letters": len(copies),
        "of the day": len({copy.ident for copy in office.taken if copy.is_of_the_day}),
        "repeats": sum(copies.values()) - len(copies),
        "busy": round(1 - office.answers["taken"] / tries, 2),
        "died": sum(home.stage.killed.values()),
        "where": dict(home.stage.killed),
        "answers": dict(office.answers),
        "wakes": home.wakes,
    }


# ------------------------------------------------------------------ the checker finds what is broken on purpose


def no_claim(monkeypatch):
    """Takes what is due without locking or leasing it."""

    def take(now):
        due = Notice.objects.due(now).filter(~claiming.resting(now), channel="at_once", stale_at__gt=now)
        return claiming.Claim(list(due.select_related("user").order_by("due_at", "pk")), now + claiming.LEASE)

    monkeypatch.setattr(sending, "claim_at_once", take)


def lost_notes(monkeypatch):
    """One letter in five was taken, its sender lives, and yet nothing is written down of it."""
    whole, letters = line.Notes.taken, iter(range(10**6))

    def taken(notes, ids):
        if next(letters) % 5:
            whole(notes, ids)

    monkeypatch.setattr(line.Notes, "taken", taken)


def lost_letters(monkeypatch):
    """Written down as taken, and never handed over."""
    whole = sending.Hand.send

    def send(hand, parcel, again=True):
        if parcel.notices[0].pk % 5:
            return whole(hand, parcel, again)
        hand.notes.taken(parcel.ids)
        return True

    monkeypatch.setattr(sending.Hand, "send", send)


def no_rest(monkeypatch):
    monkeypatch.setattr(claiming, "resting", lambda now, user="user": Q(pk=None))


def a_letter_for_each(monkeypatch):
    """What is for the letter of the day goes when it comes."""

    def take(now):
        due = Notice.objects.due(now).filter(~claiming.resting(now), channel="digest")
        return claiming._lease(list(due.values_list("pk", flat=True)[:1]))

    monkeypatch.setattr(sending, "claim_digests", take)


def new_ids(monkeypatch):
    """Each try under an id of its own."""
    ids = iter(range(10**6))
    monkeypatch.setattr("hls.notices.press.message_id", lambda key: f"<{next(ids)}@example.org>")


CONTROLS = [
    (None, None),
    (no_claim, "times of debrief"),
    (lost_notes, "times of debrief"),
    (lost_letters, "was not told of"),
    (no_rest, "while resting"),
    (a_letter_for_each, "letters of the day on"),
    (new_ids, "ids"),
]


@pytest.mark.parametrize(("broken", "found"), CONTROLS, ids=lambda one: getattr(one, "__name__", None) or "")
def test_what_is_broken_on_purpose_is_found(house, monkeypatch, broken, found):
    """Two days of the same life: nothing is found in them as things are, and each fault is when it is made."""
    first = datetime(2027, 6, 1, tzinfo=UTC)
    last = first + timedelta(days=2)
    with time_machine.travel(first, tick=False) as clock:
        home = house(clock, seed=5, kills=0.08, refuses=0.2)
        home.plan(cadence="daily", time=time(9))
        home.plan("night", cadence="daily", time=time(6), remind_before=60)
        for hours in (8, 9, 20, 33):
            home.act(first + timedelta(hours=hours), home.say, "day", home.teams["day"][:3])
        home.act(first + timedelta(hours=23), home.call_hot, "day")  # in the quiet hours of most
        if broken:
            broken(monkeypatch)
        home.live(first, last)
    wrong = checking.faults(home, first, last)
    assert any(found in one for one in wrong) if broken else wrong == []
    assert len(home.office.taken) > 10
