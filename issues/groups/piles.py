"""What lies before a group that can act, in four piles, each thing with the evidence that came with it.

The group's page reads the first few of every pile in one query, put together once (cycles/prepared.py); each pile by
itself goes on page by page. Never who raised it, only what was released.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from cycles.prepared import Given, Prepared
from issues.groups.models import Decision
from issues.groups.queue import QUOTES_EACH
from issues.log.models import Issue, IssueMove, Response, Sighting
from issues.log.paging import Page, first_of, given_mark, mark_of, page_by
from issues.log.seen import seen_of

PAGE = 20  # of one pile by itself
LONGEST, NEWEST = ("held_since", "id"), ("-updated_at", "-id")
NOW, NEW, STATE = Response.Kind.COUNTERMEASURE, Response.Kind.SYSTEM_CHANGE, Response.State
UNDECIDED = ("", STATE.WORKING_OUT, STATE.WITH_GROUP)
TEAM = Given("team")
COLUMNS = (
    "pile", "id", "number", "description", "level", "status", "held_since", "updated_at", "is_demo", "is_pattern",
    "team__name", "seen", "at", "offer__why", "offer__asks", "offer__to_team__name",
    "now__text", "now__state", "now__in_place_on", "now__starts_on",
    "new__text", "new__state", "new__in_place_on", "new__starts_on", "quotes", "decision",
)  # fmt: skip


@dataclass(frozen=True)
class Pile:
    key: str
    words: str
    order: tuple = LONGEST
    first: int = 10  # on the page of all four
    may_answer: bool = False

    @property
    def order_words(self):
        return "Newest first" if self.order is NEWEST else "Longest first"


PILES = {
    pile.key: pile
    for pile in (
        Pile("waiting", "Waiting for an answer", ("at", "id"), PAGE, may_answer=True),
        Pile("held", "Held here, nothing agreed yet", may_answer=True),
        Pile("agreed", "Agreed, not normal yet"),
        Pile("normal", "New normal", NEWEST, 5),
    )
}


def _rows(pile):
    """The issues of a pile, and the offers that say which they are where it is offers that wait."""
    mine = Issue.objects.filter(held_by=TEAM)
    match pile.key:
        case "waiting":
            return Issue.objects.all(), [IssueMove.objects.filter(to_team=TEAM, state=IssueMove.State.OFFERED)]
        case "held":
            return mine.open().filter(system_change_state__in=UNDECIDED), ()
        case "agreed":
            return mine.open().filter(system_change_state=STATE.AGREED), ()
    return mine.filter(system_change_state=STATE.IN_PLACE), ()


def first_of_each(team):
    """{pile: (its first rows, the mark after which the rest comes)}, in one query."""
    found = {key: [] for key in PILES}
    for row in _all_first().rows(team=team):
        found[row.pile].append(row)
    return {pile: _in_order(pile, found[pile.key]) for pile in PILES.values()}


def page_of_pile(pile, team, query) -> Page:
    def first(way, mark, most):
        marks = {f"mark{at}": value for at, value in enumerate(mark or ())}
        return _first(pile, tuple(way), len(marks), most).rows(team=team, **marks)

    return page_by(first, pile.order, query, PAGE)


def _in_order(pile, rows):
    """A UNION promises no order, so it is made here."""
    names = [name.lstrip("-") for name in pile.order]
    rows.sort(key=lambda row: [getattr(row, name) for name in names], reverse=pile.order[0].startswith("-"))
    shown = rows[: pile.first]
    return shown, mark_of(shown[-1], pile.order) if len(rows) > pile.first else ""


@cache
def _all_first():
    first, *others = [_columns(pile, pile.order, 0, pile.first + 1) for pile in PILES.values()]
    return Prepared(first.union(*others, all=True))


@lru_cache(50)
def _first(pile, way, marks, most):
    return Prepared(_columns(pile, way, marks, most))


def _columns(pile, way, marks, most):
    """The rows are found first; then, for each, its offer, both responses and what was heard by its number."""
    rows, heads = _rows(pile)
    mark = given_mark(way, marks)
    if not heads:
        rows = Issue.objects.filter(pk__in=first_of(rows, (), way, mark, most).values("pk"))
    rows = rows.annotate(
        offer=FilteredRelation("moves", condition=Q(moves__state=IssueMove.State.OFFERED)),
        now=FilteredRelation("responses", condition=Q(responses__kind=NOW)),
        new=FilteredRelation("responses", condition=Q(responses__kind=NEW)),
    ).annotate(pile=Value(pile.key), at=F("offer__at"), seen=seen_of("pk"), quotes=_quotes(), decision=_decision())
    return first_of(rows, heads, way, mark, most).values_list(*COLUMNS, named=True)


def _quotes():
    released = Sighting.objects.filter(issue=OuterRef("pk")).exclude(quote="")
    return ArraySubquery(released.order_by("-quote_released_on", "-pk").values("quote")[:QUOTES_EACH])


def _decision():
    """The latest of this group on it."""
    mine = Decision.objects.filter(issue=OuterRef("pk"), team=Given("team")).order_by("-decided_on", "-pk")
    said = JSONObject(outcome="outcome", decided_on="decided_on", review_on="review_on", words="words")
    return Subquery(mine.annotate(said=said).values("said")[:1])
