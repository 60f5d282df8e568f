"""Figures from the tallies: no page here counts the log itself."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from django.db.models import DateField, Min, Sum
from django.utils import timezone

from cycles.people.models import Team
from cycles.prepared import Given, Prepared
from hls.charts.ageing import middle, tally
from issues.log.models import Issue, Level, OwnerTier, Response
from issues.log.tallies import FlowTally, WaitTally

AGREED = {Response.State.AGREED, Response.State.IN_PLACE}
UNSURE = "Not sure yet"
# Teams are never set beside each other by number, so waits are told by kind of group.
WAITING_WITH = {
    Team.Kind.CORE: "Teams",
    Team.Kind.WORKING: "Working groups",
    Team.Kind.FORUM: "Forums",
    Team.Kind.PARTNERSHIP: "Partnerships",
    Team.Kind.EVIDENCE: "Evidence teams",
    Team.Kind.LEADERSHIP: "Leadership groups",
}


@dataclass
class Flow:
    """From raised to new normal, and where the open issues sit."""

    raised: int = 0
    countermeasure: int = 0
    agreed: int = 0
    new_normal: int = 0
    stuck: int = 0  # open, with a way round and no agreed change
    open: int = 0
    since: str = ""
    grid: Counter = field(default_factory=Counter)  # (level, owner) -> open issues

    def add(self, level, owner, status, countermeasure, system_change, n):
        self.raised += n
        self.countermeasure += n * bool(countermeasure)
        self.agreed += n * (system_change in AGREED)
        self.new_normal += n * (system_change == Response.State.IN_PLACE)
        if status == Issue.Status.OPEN:
            self.open += n
            self.stuck += n * (bool(countermeasure) and system_change not in AGREED)
            self.grid[level, owner] += n

    def as_facts(self):
        return {
            "raised": self.raised,
            "countermeasure": self.countermeasure,
            "agreed": self.agreed,
            "new_normal": self.new_normal,
            "stuck": self.stuck,
            "open": self.open,
            "since": self.since,
            "grid": grid_of(self.grid),
        }


def flow(place, since=None):
    """Issues raised in or after the month of `since`, by where they stand now."""
    told, first = Flow(), None
    for *key, count, month in _flow(since is not None).rows(place=place, since=since and since.replace(day=1)):
        if count:
            told.add(*key, count)
            first = min(first or month, month)
    told.since = month_words(first) if first else ""
    return told


@cache
def _flow(is_since):
    rows = FlowTally.objects.filter(place=Given("place"))
    if is_since:
        rows = rows.filter(month__gte=Given("since", DateField()))
    stands = rows.values_list("level", "owner_tier", "status", "countermeasure_state", "system_change_state")
    return Prepared(stands.annotate(count=Sum("n"), first=Min("month")).order_by())


def month_words(month):
    return f"{month:%B %Y}" if month.year != timezone.localdate().year else f"{month:%B}"


def grid_of(counts):
    """Levels down, owners across. "Not sure yet" is an answer too, shown where someone gave it."""
    levels = [(level.value, level.label) for level in Level]
    owners = [(tier.value, tier.label) for tier in OwnerTier]
    if any(count and level is None for (level, _), count in counts.items()):
        levels.append((None, UNSURE))
    if any(count and not owner for (_, owner), count in counts.items()):
        owners.append(("", UNSURE))
    return {
        "head": [label for _, label in owners],
        "rows": [[label, *(counts[level, owner] for owner, _ in owners)] for level, label in levels],
    }


def waits(place, today):
    """For each kind of group: {whole weeks that an open issue has rested there: how many}."""
    found = {}
    for kind, week, count in _waits().rows(place=place):
        if count:
            found.setdefault(kind, Counter())[max(0, (today - week).days // 7)] += count
    return [
        {"kind": kind, "with": words, "weeks": {str(w): n for w, n in sorted(found[kind].items())}}
        for kind, words in WAITING_WITH.items()
        if kind in found
    ]


@cache
def _waits():
    rows = WaitTally.objects.filter(place=Given("place")).values_list("held_by__kind", "week")
    return Prepared(rows.annotate(count=Sum("n")).order_by("week"))


def waits_for_chart(rows):
    return [(row["with"], {int(week): count for week, count in row["weeks"].items()}) for row in rows]


def middle_wait(rows, kind=Team.Kind.LEADERSHIP):
    """Half of the issues with such groups have waited longer than this many weeks; None when there are none."""
    for row in rows:
        if row["kind"] == kind:
            return middle(tally({int(week): count for week, count in row["weeks"].items()}))
    return None
