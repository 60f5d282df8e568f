"""On which days, and at which moments, a plan meets. Times are the wall clock of London, summer and winter."""

from calendar import monthrange
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from debriefs.plans.models import DebriefPlan

LONDON = ZoneInfo(settings.TIME_ZONE)
Cadence = DebriefPlan.Cadence


def moment(day, time):
    """A wall-clock time as one moment.

    In the hour that is skipped in March it is taken an hour later; in the hour that comes twice in October,
    the first time: once each.
    """
    return datetime.combine(day, time, tzinfo=LONDON).astimezone(ZoneInfo("UTC"))


@cache
def bank_holidays(nation):
    """The days on which the public services of one part of the United Kingdom close; years are filled in as asked."""
    from holidays import country_holidays  # 0.3 s to load: only who plans needs it

    return country_holidays("GB", subdiv=nation)


def is_off(plan, day):
    return day in plan.days_off or bool(plan.holidays and day in bank_holidays(plan.holidays))


def rhythm_on(plan, day):
    """The rhythm in force on a day and the day it counts from: the plan's own, or the latest phase that has begun."""
    cadence, since = plan.cadence, plan.starts_on
    if plan.pk:  # one that is not saved yet has no phases
        for phase in plan.phases.all():
            if since <= phase.from_on <= day:
                cadence, since = phase.cadence, phase.from_on
    return cadence, since


def meets_on(plan, day):
    if day < plan.starts_on or is_off(plan, day):
        return False
    if plan.paused_until and day < plan.paused_until:
        return False
    cadence, since = rhythm_on(plan, day)
    match cadence:
        case Cadence.DAILY:
            return True
        case Cadence.WEEKDAYS:
            return day.weekday() < 5
        case Cadence.CHOSEN:
            return day.weekday() in plan.days
        case Cadence.WEEKLY:
            return (day - since).days % 7 == 0
        case Cadence.FORTNIGHTLY:
            return (day - since).days % 14 == 0
        case Cadence.MONTHLY:
            return day.day == min(since.day, monthrange(day.year, day.month)[1])
    return False


def moments(plan, *, after, until):
    """Every meeting later than `after`, up to and including `until`."""
    day, last = after.astimezone(LONDON).date(), until.astimezone(LONDON).date()
    while day <= last:
        if meets_on(plan, day) and after < (at := moment(day, plan.time)) <= until:
            yield at
        day += timedelta(days=1)
