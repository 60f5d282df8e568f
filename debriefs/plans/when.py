"""On which days, and at which moments, a plan meets. Times are the wall clock of London, summer and winter."""

from calendar import monthrange
from datetime import datetime, timedelta
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


def meets_on(plan, day):
    if day < plan.starts_on:
        return False
    since = (day - plan.starts_on).days
    match plan.cadence:
        case Cadence.DAILY:
            return True
        case Cadence.WEEKDAYS:
            return day.weekday() < 5
        case Cadence.CHOSEN:
            return day.weekday() in plan.days
        case Cadence.WEEKLY:
            return since % 7 == 0
        case Cadence.FORTNIGHTLY:
            return since % 14 == 0
        case Cadence.MONTHLY:
            return day.day == min(plan.starts_on.day, monthrange(day.year, day.month)[1])
    return False


def moments(plan, *, after, until):
    """Every meeting later than `after`, up to and including `until`."""
    day, last = after.astimezone(LONDON).date(), until.astimezone(LONDON).date()
    while day <= last:
        if meets_on(plan, day) and after < (at := moment(day, plan.time)) <= until:
            yield at
        day += timedelta(days=1)
