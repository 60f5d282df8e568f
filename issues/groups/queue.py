"""One thing before a group that can act, with the evidence that came with it; all of them are in piles.py."""

from dataclasses import dataclass, field

from django.db.models import Q

from cycles.people.models import Team
from issues.groups.models import Decision
from issues.log.models import Issue, IssueMove, Response, Sighting
from issues.log.seen import Seen, seen_counts

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
