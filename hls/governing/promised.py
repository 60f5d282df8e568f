"""Promises with their days: those written down here, and what groups decided about issues of the cycle."""

from dataclasses import dataclass
from datetime import date

from hls.governing.models import Promise
from issues.groups.models import Decision
from issues.log.models import Response

DECIDED = 20


@dataclass
class Promised:
    text: str
    team: object
    made_on: date
    due_on: date | None
    state: str
    state_words: str
    url: str
    said: str = ""  # what became of it, in words
    is_demo: bool = False
    from_issue: str = ""

    @property
    def is_open(self):
        return self.state in Promise.OPEN


def promises_of(user, cycle):
    """What still stands first, by its day; then what was answered. Two queries and one for the issues' changes."""
    rows = Promise.objects.filter(cycle=cycle).select_related("team").prefetch_related("steps")
    found = [_own(row) for row in rows] + _decided(user, cycle)
    return sorted(found, key=lambda one: (not one.is_open, one.due_on or date.max))


def _own(row):
    said = row.last_said.words if row.last_said else ""
    return Promised(
        row.text,
        row.team,
        row.made_on,
        row.due_on,
        row.state,
        row.get_state_display(),
        row.get_absolute_url(),
        said,
        row.is_demo,
    )


def _decided(user, cycle):
    """The newest “yes” of a group to each issue that this reader sees."""
    yes = [Decision.Outcome.AGREED, Decision.Outcome.TRY]
    rows = (
        Decision.objects.visible_to(user)
        .filter(issue__cycle=cycle, outcome__in=yes)
        .select_related("team", "issue__place")
        .defer("issue__search")
        .prefetch_related("issue__responses")
        .order_by("-decided_on", "-pk")
    )
    newest = {}
    for row in rows[:DECIDED]:
        newest.setdefault(row.issue_id, row)
    return [_from_decision(row) for row in newest.values()]


def _from_decision(row):
    change = next((r for r in row.issue.responses.all() if r.kind == Response.Kind.SYSTEM_CHANGE), None)
    is_kept = change is not None and change.state == Response.State.IN_PLACE
    state = Promise.State.KEPT if is_kept else Promise.State.PROMISED
    return Promised(
        row.new_normal or row.words,
        row.team,
        row.decided_on,
        row.starts_on or row.review_on,
        state,
        state.label,
        row.issue.get_absolute_url(),
        f"In place since {change.in_place_on:%-d %B %Y}" if is_kept else "",
        row.issue.is_demo,
        row.issue.ref,
    )
