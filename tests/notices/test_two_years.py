"""Reminders over 2026 and 2027, on a clock of the test's own.

First the arithmetic of two years in bulk: plans of every cadence with later rhythms, bank holidays, days off and
pauses, against rules written a second time by other means. Then the sending, through the planning scan, the claim
and the lease as they are: the weeks of all four clock changes, two beats at once, senders that die at random, and a
mail server that says "not now" to one letter in five.
"""

import random
import re
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from smtplib import SMTPDataError

import pytest
import time_machine
from dateutil import rrule, tz
from django.utils import timezone
from holidays import country_holidays

from cycles.models import Notice, Telling
from debriefs.models import Debrief, DebriefPlan, PlanPhase
from debriefs.plans.follow import follow_plans
from debriefs.plans.when import moments
from hls.notices import claiming, sending
from hls.notices.tasks import send_due
from tests import factories as f
from tests.notices.test_sending import step_notices

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
LONDON = tz.gettz("Europe/London")
CADENCES = DebriefPlan.Cadence.values
NATIONS = ["", "ENG", "SCT", "NIR", "WLS"]


# ------------------------------------------------------------------ the rules, a second time


def rule_of(cadence, since, until, days):
    """One rhythm from its first day, as an iCalendar rule says it."""
    common = {"dtstart": datetime.combine(since, time()), "until": datetime.combine(until, time())}
    match cadence:
        case "daily":
            return rrule.rrule(rrule.DAILY, **common)
        case "weekdays":
            return rrule.rrule(rrule.WEEKLY, byweekday=range(5), **common)
        case "chosen":
            return rrule.rrule(rrule.WEEKLY, byweekday=days, **common)
        case "weekly":
            return rrule.rrule(rrule.WEEKLY, **common)
        case "fortnightly":
            return rrule.rrule(rrule.WEEKLY, interval=2, **common)
        case "monthly":
            last = range(28, since.day + 1) if since.day > 28 else [since.day]
            return rrule.rrule(rrule.MONTHLY, bymonthday=last, bysetpos=-1, **common)
    raise AssertionError(cadence)


def meetings(plan, phases):
    """Every meeting of two years as a moment, from the rules above."""
    starts = [(plan.starts_on, plan.cadence), *((phase.from_on, phase.cadence) for phase in phases)]
    ends = [start for start, _ in starts[1:]] + [LAST + timedelta(days=1)]
    off = set(plan.days_off) | (
        set(country_holidays("GB", plan.holidays, years=(2026, 2027))) if plan.holidays else set()
    )
    found = []
    for (since, cadence), end in zip(starts, ends, strict=True):
        for day in rule_of(cadence, since, end - timedelta(days=1), plan.days):
            is_paused = plan.paused_until and day.date() < plan.paused_until
            if day.date() not in off and not is_paused and FIRST <= day.date() <= LAST:
                at = tz.resolve_imaginary(datetime.combine(day.date(), plan.time, tzinfo=LONDON))
                found.append(at.astimezone(UTC))
    return found


def any_plan(chance, number):
    """One plan with whatever a team may choose, and the rhythms agreed for later."""
    starts_on = FIRST + timedelta(days=chance.randrange(120))
    plan = DebriefPlan(
        pk=number + 1,
        cadence=CADENCES[number % len(CADENCES)],
        days=sorted(chance.sample(range(7), chance.randint(1, 4))),
        starts_on=starts_on,
        time=time(chance.choice([0, 1, 2, 9, 16, 23]), chance.choice([0, 15, 30, 59])),
        holidays=chance.choice(NATIONS),
        days_off=[FIRST + timedelta(days=chance.randrange(730)) for _ in range(chance.randrange(6))],
        is_active=chance.random() < 0.8,
    )
    if not plan.is_active:
        plan.paused_until = starts_on + timedelta(days=chance.randrange(200))
    begins = sorted({starts_on + timedelta(days=chance.randint(1, 500)) for _ in range(chance.randrange(3))})
    phases = [PlanPhase(plan=plan, from_on=day, cadence=chance.choice(CADENCES)) for day in begins]
    plan._prefetched_objects_cache = {"phases": phases}
    return plan, phases


def as_scans_see_it(plan, chance):
    """The same two years in windows of odd lengths, as scans and outages cut them."""
    now, end = datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2027, 12, 31, 23, 59, 30, tzinfo=UTC)
    while now < end:
        until = min(now + timedelta(minutes=chance.randint(1, 60 * 24 * 9)), end)
        yield from moments(plan, after=now, until=until)
        now = until


@pytest.mark.parametrize("seed", range(6))
def test_two_years_of_any_plan_meet_as_the_rules_say(seed):
    chance = random.Random(seed)
    total = 0
    for number in range(24):
        plan, phases = any_plan(chance, number)
        wanted = meetings(plan, phases)
        assert list(as_scans_see_it(plan, chance)) == wanted, (plan.cadence, plan.starts_on, phases)
        assert len(wanted) == len(set(wanted))
        total += len(wanted)
    assert total > 1500


# ------------------------------------------------------------------ a small house and its clock


class Killed(BaseException):
    """As kill -9 would: nothing more of this sender runs."""


class Server:
    """A mail server that says "not now" to one letter in five, and sees a sender die now and then."""

    def __init__(self, chance, *, refuses=0.2, kills=0.05):
        self.chance, self.refuses, self.kills = chance, refuses, kills
        self.taken = []  # (moment, address, Message-ID, subject, debriefs named, body)
        self.killed_after_taking, self.faults, self.depth = Counter(), Counter(), 0
        self.connection = None

    def open(self):
        self.connection = object()

    def close(self):
        self.connection = None

    def send_messages(self, letters):
        (letter,) = letters
        self._another_sender()
        if self.chance.random() < self.refuses:
            self.faults["busy"] += 1
            raise SMTPDataError(451, b"not now")
        dies = self.chance.random() < self.kills
        if dies and self.chance.random() < 0.5:
            self.faults["killed before"] += 1
            raise Killed
        ident = letter.extra_headers["Message-ID"]
        named = re.findall(r"/debriefs/(\d+)/write/", letter.body)
        self.taken.append((timezone.now(), letter.to[0], ident, letter.subject, named, letter.body))
        if dies:
            self.faults["killed after"] += 1
            self.killed_after_taking[ident] += 1
            raise Killed
        return 1

    def _another_sender(self):
        """The second beat's worker, in the middle of the first one's batch."""
        if self.depth == 0 and self.chance.random() < 0.3:
            self.depth += 1
            try:
                with suppress(Killed):
                    send_due()
            finally:
                self.depth -= 1


class House:
    """One team, its plans, four people with hours of their own; and the minutes in which anything can happen."""

    def __init__(self, here, server):
        self.here, self.server = here, server
        self.people = [here.worker, here.colleague, here.recorder, here.op_lead]
        words = {"quiet_from": None, "quiet_to": None}
        Telling.objects.create(user=here.colleague, digest_at=time(1, 30), **words)
        Telling.objects.create(
            user=here.recorder, digest_at=time(11, 30), quiet_from=time(12), quiet_to=time(14), by_text=[]
        )
        self.away = Telling.objects.create(user=here.op_lead, digest_at=time(16))
        self.plans = []

    def plan(self, phases=(), **words):
        base = {"cycle": self.here.cycle, "by": self.here.worker, "remind_before": 30, "starts_on": date(2026, 1, 5)}
        row = f.DebriefPlanFactory(**base | words)
        made = [row.phases.create(from_on=day, cadence=cadence) for day, cadence in phases]
        self.plans.append((row, made))

    def live(self, first, last, *, off=()):
        """Minute by minute where something is due, from one moment to another; `off`: while nothing runs at all."""
        now = first
        while now < last:
            if not any(begins <= now < ends for begins, ends in off):
                self._minute(now)
            now = self._next(now, last)

    def _minute(self, now):
        with time_machine.travel(now, tick=False):
            if now.hour % 2 == now.minute == 0:
                follow_plans(now=now)
            if timezone.localtime(now).strftime("%H:%M") == "07:30":
                for user in self.people:
                    step_notices(self.here, user, 1, now)
            is_idle = not Notice.objects.due(now).exclude(channel="in_app").exists()
            if is_idle and now.hour % 6:
                return  # nothing to send; looking now and then shows that nothing is sent either
            for _beat in range(2):
                with suppress(Killed):
                    send_due()

    def _next(self, now, last):
        """The next half-hour, or a minute before it at which a row falls due or a lease ends."""
        half = now + timedelta(minutes=30 - now.minute % 30)
        rows = Notice.objects.open().filter(due_at__lt=half).values_list("due_at", "claimed_until")
        times = [max(due, until or due) for due, until in rows]
        soon = [at for at in times if now < at < half]
        if not soon:
            return half
        at = min(soon)
        return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def rests(user, now):
    """The rule of quiet hours and holidays once more, in the plainest words."""
    row = Telling.objects.filter(user=user).first()
    here = now.astimezone(LONDON)
    if row is None:
        return here.hour >= 20 or here.hour < 7
    if row.away_from and row.away_from <= here.date() <= row.away_to:
        return True
    if row.quiet_from is None:
        return False
    if row.quiet_from < row.quiet_to:
        return row.quiet_from <= here.time() < row.quiet_to
    return here.time() >= row.quiet_from or here.time() < row.quiet_to


def wanted(house, first, last, off=()):
    """{person: meetings they must be reminded of}: a minute between due and begun at which they may be told."""
    found = defaultdict(set)
    for plan, phases in house.plans:
        for at in meetings(plan, phases):
            due = at - timedelta(minutes=plan.remind_before)
            if not (first < due and at < last):
                continue
            minutes = [due + timedelta(minutes=n) for n in range(0, plan.remind_before, 1)]
            for user in house.people:
                if any(not rests(user, m) and not any(b <= m < e for b, e in off) for m in minutes):
                    found[user.email].add(at)
    return found


def faults(house, first, last, off=()):
    """Everything that is not as promised, in words; an empty list is what we want."""
    server, wrong = house.server, []
    by_email = {user.email: user for user in house.people}
    begins = {str(d.pk): d.planned_for for d in Debrief.objects.all()}
    seen, days = defaultdict(list), defaultdict(set)
    for ident, count in Counter(ident for _, _, ident, *_ in server.taken).items():
        if count > 1 + server.killed_after_taking[ident]:
            wrong.append(f"{ident} came {count} times")
    for ident, letters in _by_ident(server.taken).items():
        now, to, _, subject, named, _ = letters[0]
        seen[to] += [begins[pk] for pk in named]
        if "to read in Cairn" in subject:
            days[to, now.astimezone(LONDON).date()].add(ident)
    for now, to, *_ in server.taken:
        if rests(by_email[to], now):
            wrong.append(f"{to} had a letter while resting, {now}")
    wrong += [f"{to} had {len(ids)} letters of the day on {day}" for (to, day), ids in days.items() if len(ids) > 1]
    must = wanted(house, first, last, off)
    planned = Counter(at for plan, phases in house.plans for at in meetings(plan, phases))
    for email in by_email:
        told = Counter(at for at in seen[email] if first < at < last)
        wrong += [f"{email} was told {n} times of {at}" for at, n in told.items() if n > planned[at]]
        wrong += [f"{email} was not told of {at}" for at in sorted(must[email] - set(told))]
        wrong += [f"{email} was told of {at}, which nobody planned" for at in sorted(set(told) - set(planned))]
    return wrong


def _by_ident(taken):
    found = defaultdict(list)
    for letter in taken:
        found[letter[2]].append(letter)
    return found


@pytest.fixture
def house(here, settings, monkeypatch):
    settings.QUIET_HOURS = (time(20), time(7))

    def build(seed, **words):
        server = Server(random.Random(seed), **words)
        monkeypatch.setattr(sending, "get_connection", lambda: server)
        return House(here, server)

    return build


CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]


@pytest.mark.system(24)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_week_of_a_clock_change_reminds_each_person_once(house, change):
    home = house(change.toordinal())
    monday = change - timedelta(days=6)
    home.plan(cadence="weekdays", time=time(9), holidays="ENG")
    home.plan(cadence="daily", time=time(16, 30), phases=[(change, "weekly")], days_off=[monday + timedelta(days=3)])
    home.plan(cadence="chosen", days=[5, 6, 0], time=time(1, 30), remind_before=60)
    home.plan(cadence="monthly", starts_on=date(2026, 1, change.day), time=time(2), remind_before=1440)
    home.plan(cadence="fortnightly", starts_on=monday - timedelta(days=140), time=time(13), remind_before=90)
    home.plan(cadence="weekly", time=time(10), is_active=False, paused_until=change, starts_on=monday)
    home.away.away_from, home.away.away_to = monday + timedelta(days=1), monday + timedelta(days=2)
    home.away.save()
    first = datetime.combine(change - timedelta(days=4), time(0), tzinfo=UTC)
    last = first + timedelta(days=7)
    home.live(first, last)
    assert faults(home, first + timedelta(hours=26), last) == []
    assert len(home.server.taken) > 40
    assert home.server.faults["busy"] > 10, "the server was never busy, so this proved less"
    assert home.server.faults["killed before"] + home.server.faults["killed after"] > 0


def test_after_six_hours_without_anything_nobody_is_flooded(house):
    home = house(5)
    for hour in (9, 10, 11, 12, 15):
        home.plan(cadence="daily", time=time(hour))
    first = datetime(2027, 6, 1, tzinfo=UTC)
    off = [(datetime(2027, 6, 2, 7, tzinfo=UTC), datetime(2027, 6, 2, 13, tzinfo=UTC))]
    last = first + timedelta(days=3)
    home.live(first, last, off=off)
    assert faults(home, first + timedelta(hours=26), last, off) == []
    after = [row for row in home.server.taken if row[0] >= off[0][1] and row[0].date() == off[0][1].date()]
    told = [body for _, _, _, _, _, body in after if "came too late to send" in body]
    assert len(told) >= 3
    for body in told:
        assert body.count("came too late to send") == 1
        assert "4 reminders came too late to send." in body
    assert Counter(to for _, to, *_ in after).most_common(1)[0][1] <= 4


def test_with_the_claim_off_the_same_days_go_wrong(house, monkeypatch):
    """Positive control: who takes without claiming is caught telling people twice."""

    def no_claim(now):
        due = Notice.objects.open().filter(channel="at_once", due_at__lte=now, stale_at__gt=now)
        return claiming.Claim(list(due.select_related("user").order_by("due_at", "pk")), now + claiming.LEASE)

    monkeypatch.setattr(
        sending, "send_batch", lambda now: sending._send(no_claim(now), sending._at_once_parcels, now) * 0
    )
    home = house(44, refuses=0.1)
    home.plan(cadence="daily", time=time(9))
    home.plan(cadence="daily", time=time(16, 30))
    first = datetime(2027, 6, 1, tzinfo=UTC)
    home.live(first, first + timedelta(days=3))
    assert any(" came " in one for one in faults(home, first + timedelta(hours=26), first + timedelta(days=3)))
