"""One page of the log as rows for its table, and how many there are.

Each kind of asking has its SQL put together once (cycles/prepared.py): what was filtered, the order and the number of
teams make the kind; the place, the teams and the place in the list are given each time.
"""

from dataclasses import replace
from functools import cached_property, lru_cache

from django.db.models import FilteredRelation, Q, TextField

from cycles.prepared import Given, Prepared
from issues.log.filters import ORDER_BY, Log, heads_of, log_of, narrowed, teams_to_read
from issues.log.models import Issue, Response
from issues.log.paging import first_of, given_mark, page_by
from issues.log.search import closest
from issues.log.seen import seen_of

COLUMNS = (
    "id", "number", "description", "level", "status", "owner_tier", "team_id", "held_by_id", "held_by__name",
    "held_since", "is_pattern",
    "raised_on", "updated_at", "is_barrier", "is_leverage", "is_demo",
    "now__text", "now__state", "now__in_place_on", "now__starts_on",
    "new__text", "new__state", "new__in_place_on", "new__starts_on", "seen",
)  # fmt: skip
KINDS_KEPT = 500
CYCLE, WORDS = Given("cycle"), Given("words", TextField())
OF_WHO_ASKS = ("mine", "with-us", "review")  # what these find depends on more than the place


def columns(rows):
    """What the table shows of each issue, in one query."""
    return rows.annotate(
        now=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.COUNTERMEASURE)),
        new=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.SYSTEM_CHANGE)),
        seen=seen_of("pk"),
    ).values_list(*COLUMNS, named=True)


class Reading:
    """What one person asked of the log of one place; without a place, of all theirs."""

    def __init__(self, user, asked, place):
        self.user, self.asked, self.place = user, asked, place
        self.order = ORDER_BY[asked.order]
        self.teams = teams_to_read(user, asked, place)
        is_steward = place is not None and place.pk in user.rights.stewards
        self.is_kept = bool(self.teams) or (is_steward and asked.view not in OF_WHO_ASKS)

    def page(self, query, size):
        return page_by(self._first, self.order, query, size)

    def _first(self, way, mark, most):
        if not self.is_kept:
            return list(columns(first_of(self._plain.queryset, (), way, mark, most)))
        marks = {f"mark{at}": value for at, value in enumerate(mark or ())}
        return _page(*self._kind, tuple(way), len(marks), most).rows(**self._given, **marks)

    def closest(self):
        """The best matches of the words, best first."""
        if not self.is_kept:
            return list(columns(closest(self._plain.queryset, self._plain.asked.q)))
        return _closest(*self._kind).rows(**self._given)

    def count(self, most):
        """How many there are, and no further than `most`."""
        if not self.is_kept:
            return self._plain.queryset.order_by()[:most].count()
        return min(most, _some(*self._kind, most).count(**self._given))

    @cached_property
    def _plain(self):
        return log_of(self.user, self.asked.as_query() | {"q": self.asked.q}, place=self.place)

    @property
    def _kind(self):
        asked = self.asked
        return replace(asked, cycle=asked.cycle and CYCLE, q=asked.q and WORDS), len(self.teams)

    @property
    def _given(self):
        teams = {f"team{at}": team for at, team in enumerate(self.teams)}
        return {"place": self.place.pk, "cycle": self.asked.cycle, "words": self._words, **teams}

    @cached_property
    def _words(self):
        return self.asked.meant([self.place.pk]).q


def _written(asked, teams):
    """The rows of a kind, and the access rows that say which they are where a team's own are read."""
    heads = heads_of([Given(f"team{at}") for at in range(teams)], asked)
    rows = Issue.objects.filter(place=Given("place"))
    return Log(rows if heads else narrowed(rows, asked), asked, heads)


@lru_cache(KINDS_KEPT)
def _page(asked, teams, way, marks, most):
    log = _written(asked, teams)
    return Prepared(columns(first_of(log.queryset, log.heads, way, given_mark(way, marks), most)))


@lru_cache(KINDS_KEPT)
def _closest(asked, teams):
    log = _written(asked, teams)
    return Prepared(columns(closest(log.queryset, asked.q, heads=log.heads)), plans_anew=True)


@lru_cache(KINDS_KEPT)
def _some(asked, teams, most):
    log = _written(asked, teams)
    rows = [head.order_by().values("issue_id")[:most] for head in log.heads]
    rows = rows or [log.queryset.order_by().values("pk")[:most]]
    return Prepared(rows[0].union(*rows[1:]) if rows[1:] else rows[0], plans_anew=bool(asked.q))
