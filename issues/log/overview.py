"""The issue log in numbers, for the overview: sums of small tallies, never a count of the log itself.

Each function takes who asks and the place; someone whose place it is not to see gets nothing. The tallies
count issues, not lives, so small numbers may be shown; how many lives an issue touches may not.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils import timezone

from cycles.people.models import Team
from issues.log.models import Issue, Level, OwnerTier, Response
from issues.log.tallies import FlowTally, WaitTally


@dataclass(frozen=True)
class Flow:
    """From raised to new normal, of the issues raised since a day (all of them without one)."""

    raised: int = 0
    countermeasure: int = 0  # something is in place now, or was until it was no longer needed
    agreed: int = 0  # a system change is agreed, or already normal
    new_normal: int = 0
    open: int = 0


def flow(user, place, *, since=None):
    """One query. `since` counts whole months, as the tallies are kept by the month an issue was raised."""
    rows = _seen(FlowTally, user, place)
    if since:
        rows = rows.filter(month__gte=since.replace(day=1))
    state = Response.State
    counts = rows.aggregate(
        raised=Sum("n", default=0),
        countermeasure=Sum("n", filter=Q(countermeasure_state__in=[state.IN_PLACE, state.NOT_NEEDED]), default=0),
        agreed=Sum("n", filter=Q(system_change_state__in=[state.AGREED, state.IN_PLACE]), default=0),
        new_normal=Sum("n", filter=Q(system_change_state=state.IN_PLACE), default=0),
        open=Sum("n", filter=Q(status=Issue.Status.OPEN), default=0),
    )
    return Flow(**counts)


def raised_by_month(user, place, *, since):
    """[(first of the month, how many were raised)], months with none included. One query."""
    rows = _seen(FlowTally, user, place).filter(month__gte=since.replace(day=1))
    raised = dict(rows.values_list("month").annotate(Sum("n")))
    return [(month, raised.get(month, 0)) for month in _months(since, timezone.localdate())]


LEVEL_ROWS = [*Level, None]  # None: "not sure yet"
OWNER_COLUMNS = [*OwnerTier, ""]  # "": nobody owns it yet


def open_by_level_and_owner(user, place):
    """{(level, owner): how many are open}; level None is "not sure yet", owner "" is nobody. One query."""
    rows = _seen(FlowTally, user, place).filter(status=Issue.Status.OPEN)
    sums = rows.values_list("level", "owner_tier").annotate(Sum("n"))
    return Counter({(level, owner): n for level, owner, n in sums if n})


@dataclass(frozen=True)
class Waiting:
    """What rests with one group: how many issues, for how many whole weeks each."""

    team: Team
    weeks: Counter  # weeks here -> how many issues
    oldest_since: date | None = None  # the Monday of the week in which the oldest came here

    @property
    def open(self):
        return self.weeks.total()

    def week_list(self, most=5000):
        """One number an issue, longest first, for `hls.charts.ageing`; no chart needs more than `most`."""
        return [week for week in sorted(self.weeks, reverse=True) for _ in range(self.weeks[week])][:most]


def waiting_by_holder(user, place, *, today=None):
    """[Waiting] for each group that holds an open issue, the longest wait first. Two queries."""
    today = today or timezone.localdate()
    weeks, oldest = defaultdict(Counter), {}
    for team, week, n in _seen(WaitTally, user, place).values_list("held_by", "week").annotate(Sum("n")):
        if n:
            weeks[team][max(0, (today - week).days // 7)] += n
            oldest[team] = min(week, oldest.get(team, week))
    teams = Team.objects.filter(pk__in=weeks)
    rows = [Waiting(team, weeks[team.pk], oldest[team.pk]) for team in teams]
    return sorted(rows, key=lambda row: (row.oldest_since, row.team.name))


def oldest_open(user, place):
    """[(team, since)]: the day the longest-held open issue of each group came to it. One query.

    Reads the edge of an index for each group, so it does not grow with the log.
    """
    if place.pk not in user.rights.sees_overview:
        return []
    first = Issue.objects.filter(held_by=OuterRef("pk"), status=Issue.Status.OPEN).order_by("held_since")
    teams = Team.objects.filter(place=place).annotate(since=Subquery(first.values("held_since")[:1]))
    rows = [(team, team.since) for team in teams if team.since]
    return sorted(rows, key=lambda row: row[1])


def _seen(tally, user, place):
    return tally.objects.filter(place=place) if place.pk in user.rights.sees_overview else tally.objects.none()


def _months(since, until):
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
