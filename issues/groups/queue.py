"""What lies before a group that can act, each thing with the evidence that came with it."""

from dataclasses import dataclass, field

from django.db.models import Q

from cycles.people.models import Team
from issues.groups.models import Decision
from issues.log.models import Issue, IssueMove, Response, Sighting
from issues.log.seen import Seen, seen_counts

SHOWN = 20  # of each part; the log has the rest
QUOTES_EACH = 3


def groups_of(user):
    """The groups whose page a person may open: their own, and every one of a place they are steward of."""
    rights = user.rights
    return Team.objects.filter(Q(pk__in=rights.teams) | Q(place__in=rights.stewards))


@dataclass
class Item:
    """One issue as the group sees it: never who raised it, only what was released."""

    issue: Issue
    move: IssueMove | None = None
    decision: Decision | None = None
    seen: Seen = field(default_factory=Seen)
    quotes: list = field(default_factory=list)

    def _response(self, kind):
        return next((r for r in self.issue.responses.all() if r.kind == kind), None)

    @property
    def now(self):
        return self._response(Response.Kind.COUNTERMEASURE)

    @property
    def new(self):
        return self._response(Response.Kind.SYSTEM_CHANGE)


@dataclass
class Queue:
    waiting: list
    held: list
    agreed: list
    in_place: list

    @property
    def is_empty(self):
        return not (self.waiting or self.held or self.agreed or self.in_place)


def queue_of(teams):
    """The queue of one or more groups, whoever asks having been let in already. Seven queries, however long it is."""
    pks = [team.pk for team in teams]
    waiting = [Item(move.issue, move) for move in _waiting(pks)]
    state = Response.State
    mine = _issues().filter(held_by__in=pks)
    held = _items(
        mine.open()
        .filter(system_change_state__in=["", state.WORKING_OUT, state.WITH_GROUP])
        .order_by("held_since", "pk")
    )
    agreed = _items(mine.open().filter(system_change_state=state.AGREED).order_by("held_since", "pk"))
    in_place = _items(mine.filter(system_change_state=state.IN_PLACE).order_by("-updated_at", "-pk"))
    items = waiting + held + agreed + in_place
    add_evidence(items)
    add_decisions(held + agreed + in_place, pks)
    return Queue(waiting, held, agreed, in_place)


def _waiting(pks):
    """Offers that wait for an answer, the longest first."""
    moves = IssueMove.objects.filter(to_team__in=pks, state=IssueMove.State.OFFERED).order_by("at", "pk")
    related = moves.select_related("from_team", "to_team", "issue__team", "issue__held_by", "issue__place")
    return related.prefetch_related("issue__responses").defer("issue__search")[:SHOWN]


def _issues():
    return Issue.objects.select_related("team", "held_by", "place").prefetch_related("responses").defer("search")


def _items(issues):
    return [Item(issue) for issue in issues[:SHOWN]]


def add_evidence(items):
    counts = seen_counts(item.issue.pk for item in items)
    quotes = {}
    released = Sighting.objects.filter(issue__in=[item.issue.pk for item in items]).exclude(quote="")
    for issue, quote in released.order_by("-quote_released_on", "-pk").values_list("issue", "quote")[:400]:
        quotes.setdefault(issue, []).append(quote)
    for item in items:
        item.seen = counts.get(item.issue.pk, item.seen)
        item.quotes = quotes.get(item.issue.pk, [])[:QUOTES_EACH]


def add_decisions(items, pks):
    """The latest decision of these groups on each."""
    latest = {}
    rows = Decision.objects.filter(issue__in=[item.issue.pk for item in items], team__in=pks).select_related("team")
    for decision in rows.order_by("decided_on", "pk"):
        latest[decision.issue_id] = decision
    for item in items:
        item.decision = latest.get(item.issue.pk)
