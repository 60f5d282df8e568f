"""The arithmetic of reminders over 2026 and 2027, in bulk.

Plans of every cadence with later rhythms, bank holidays, days off and pauses, through all four clock changes, against
rules written a second time by other means.
"""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil import rrule, tz
from holidays import country_holidays

from debriefs.models import DebriefPlan, PlanPhase
from debriefs.plans.when import moments

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
