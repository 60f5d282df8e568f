"""One page of the log as rows for its table, and how many there are.

Each kind of asking has its SQL put together once (cycles/prepared.py): what was filtered, the order and the number of
teams make the kind; the place, the teams and the place in the list are given each time.
"""

from dataclasses import replace
from functools import cache, cached_property, lru_cache

from django.db.models import Count, FilteredRelation, Q, TextField, Window
from django.utils import timezone

from cycles.prepared import Asking, Given, GivenSet, Prepared, someone, together
from issues.log.filters import ORDER_BY, Log, heads_of, log_of, narrowed, teams_to_read
from issues.log.many import Many
from issues.log.models import Issue, Response
from issues.log.paging import Page, first_of, given_mark, page_by
from issues.log.search import SHOWN_MOST, closest, newest
from issues.log.seen import seen_of

COLUMNS = (
    "id", "number", "description", "level", "status", "owner_tier", "team_id", "held_by_id", "held_by__name",
    "held_since", "is_pattern",
    "raised_on", "is_barrier", "is_leverage", "is_demo",
    "now__text", "now__state", "now__in_place_on", "now__starts_on",
    "new__text", "new__state", "new__in_place_on", "new__starts_on", "seen",
)  # fmt: skip
KINDS_KEPT = 500
CYCLE, WORDS = Given("cycle"), Given("words", TextField())
SORTED_LATE = ("waiting", "review")  # no index has these in order: all are found before the first can be read
ENOUGH = SHOWN_MOST  # that hold the very words: then nobody looks for those that may have meant them
MANY = Many()


def columns(rows, order=()):
    """What the table shows of each issue, in one query, and what a page of it is ordered by."""
    return rows.annotate(
        now=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.COUNTERMEASURE)),
        new=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.SYSTEM_CHANGE)),
        seen=seen_of("pk"),
    ).values_list(*dict.fromkeys((*COLUMNS, *(name.lstrip("-") for name in order))), named=True)


class Reading:
    """What one person asked of the log of one place; without a place, of all theirs."""

    def __init__(self, user, asked, place, *, beside=None):
        """`beside`: what else the page asks for (cycles/prepared.py), in the same trip as the rows."""
        self.user, self.asked, self.place = user, asked, place
        self.order = ORDER_BY[asked.order]
        self.teams = teams_to_read(user, asked, place)
        rights = user.rights
        self.by_team = not self.teams and place is not None and place.pk not in rights.stewards
        # One's own sightings are read first, so what "mine" finds is not one query.
        self.is_kept = place is not None and place.pk in rights.places and asked.view != "mine"
        self._beside, self._answer = beside, None
        self._found = None  # how many there are, where finding the first of them has told it

    def page(self, query, size):
        return page_by(self._first, self.order, query, size)

    def _first(self, way, mark, most):
        if not self.is_kept:
            return list(columns(first_of(self._plain.queryset, (), way, mark, most), way))
        given = self._given | {f"mark{at}": value for at, value in enumerate(mark or ())}
        kind = (*self._kind, tuple(way), len(mark or ()), most)
        if self.asked.view not in SORTED_LATE:
            return self._along(_page(*kind), **given)
        found = _late(*kind).rows(**given)
        if mark is None:
            self._found = found[0].of_all if found else 0
        return self._read([row.pk for row in found], way)

    def _read(self, keys, way=()):
        """What stands in these rows, in this order."""
        if not self.is_kept:
            rows = columns(Issue.objects.filter(pk__in=keys), way)
        else:
            rows = self._along(_these(tuple(way)), issues=keys) if keys else []
        return sorted(rows, key=lambda row: keys.index(row.id))

    def _along(self, prepared, **given):
        """The rows, and with them what is asked for beside them."""
        if self._beside is None:
            return prepared.rows(**given)
        rows, self._answer = together(Asking(prepared, **given), self._beside)
        self._beside = None
        return rows

    @property
    def beside(self):
        """The answer to what was asked for beside the rows, which may have had nothing to read."""
        if self._beside is not None:
            self._answer, self._beside = self._beside.answer(), None
        return self._answer

    def closest(self, size):
        """The first of the best matches of the words, best first."""
        keys = self._closest()
        return Page(self._read(keys[:size]), has_more=len(keys) > size)

    def _closest(self):
        """By the words as they were typed; only where those find too few, also by what else may be meant."""
        if not self.is_kept:
            return closest(newest(self._plain.queryset, self._plain.asked.q))
        as_typed = self.asked.meant(()).q
        keys = closest(_newest(*self._kind), **self._given | {"words": as_typed})
        if len(keys) < ENOUGH and self._words != as_typed:
            keys = closest(_newest(*self._kind), **self._given | {"words": self._words})
        return keys

    def count(self, most):
        """How many there are, and no further than `most`. What words found is never counted: only the closest are shown."""
        if not self.is_kept:
            return self._plain.queryset.order_by()[:most].count()
        if self._found is not None:
            return min(most, self._found)
        asked = (self._kind, tuple(self._given.items()), most)
        if MANY.knows(asked):
            return most
        found = min(most, _some(*self._kind, most).count(**self._given))
        if found == most:
            MANY.remember(asked)
        return found

    @cached_property
    def _plain(self):
        return log_of(self.user, self.asked.as_query() | {"q": self.asked.q}, place=self.place)

    @property
    def _kind(self):
        asked = self.asked
        return replace(asked, cycle=asked.cycle and CYCLE, q=asked.q and WORDS), len(self.teams), self.by_team

    @property
    def _given(self):
        teams = {f"team{at}": team for at, team in enumerate(self.teams)}
        ours = tuple(sorted(self.user.rights.teams))
        here = {"place": self.place.pk, "cycle": self.asked.cycle, "today": timezone.localdate(), "teams": ours}
        return here | teams

    @cached_property
    def _words(self):
        return self.asked.meant([self.place.pk]).q


def _written(asked, teams, by_team):
    """The rows of a kind, and the access rows that say which they are where a team's own are read."""
    user = someone()
    heads = heads_of([Given(f"team{at}") for at in range(teams)], asked, user)
    rows = Issue.objects.filter(place=Given("place"))
    if by_team:
        rows = rows.opened_to(user.rights)
    return Log(rows if heads else narrowed(rows, asked, user), asked, heads)


def _plans_anew(asked, by_team):
    """Whether it is the values that decide how best to look: a day, and how much one's teams may see."""
    return by_team or asked.view == "review"


@lru_cache(KINDS_KEPT)
def _page(asked, teams, by_team, way, marks, most):
    log = _written(asked, teams, by_team)
    rows = first_of(log.queryset, log.heads, way, given_mark(way, marks), most)
    return Prepared(columns(rows, way), plans_anew=_plans_anew(asked, by_team))


@lru_cache(KINDS_KEPT)
def _late(asked, teams, by_team, way, marks, most):
    """The keys of a page that is sorted only when all are found, and so how many there are beyond the mark."""
    rows = first_of(_written(asked, teams, by_team).queryset, (), way, given_mark(way, marks), most)
    rows = rows.annotate(of_all=Window(Count("pk"))).values_list("pk", "of_all", named=True)
    return Prepared(rows, plans_anew=_plans_anew(asked, by_team))


@lru_cache(KINDS_KEPT)
def _newest(asked, teams, by_team):
    log = _written(asked, teams, by_team)
    return newest(log.queryset, asked.q, log.heads)


@cache
def _these(way):
    """What stands in the rows: read by itself, as what found them decides nothing here and its plan can be kept."""
    return Prepared(columns(Issue.objects.filter(pk__in=GivenSet("issues")), way))


@lru_cache(KINDS_KEPT)
def _some(asked, teams, by_team, most):
    log = _written(asked, teams, by_team)
    rows = [head.order_by().values("issue_id")[:most] for head in log.heads]
    rows = rows or [log.queryset.order_by().values("pk")[:most]]
    return Prepared(rows[0].union(*rows[1:]) if rows[1:] else rows[0], plans_anew=_plans_anew(asked, by_team))
