"""Views that can be taken out as a table: who may, the headings, and the rows as they are read.

The log itself, with its filters (what is stuck and patterns among them), goes out in the sources' own shape
(issues/sheets). A file that has left can't be called back, so no story goes with its words, and none that its teller
keeps from the place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404

from cycles.stories.models import Story
from hls.leadership.facts import asks
from hls.leadership.views import place_of as overview_place
from hls.meetings.views import find_group
from issues.groups.triage import _steward_place as steward_place
from issues.groups.triage import queue
from issues.log.filters import LEVELS
from issues.log.models import Issue, IssueMove
from issues.log.views.asking import find_issue
from issues.patterns.models import Gathering
from issues.pledges.models import Recommendation
from issues.sheets import writing

CHUNK = 2000


@dataclass(frozen=True)
class Table:
    """`rows` takes the request and gives a queryset, narrowed to what this person may see."""

    kind: str  # of the audit entry
    name: str  # of the file
    rows: Callable[[Any], Any]
    head: tuple = ()
    cells: Callable[[Any], list] | None = None  # without it the rows are issues, in the sources' shape

    @property
    def is_log(self):
        return self.cells is None


def _triage(request):
    place, tab, level = steward_place(request), request.GET.get("tab", ""), request.GET.get("level", "")
    return queue(place, tab if tab in ("waiting", "back") else "", level if level in LEVELS else "")


def _under_pattern(request):
    pattern = find_issue(request, request.GET.get("ref", ""))
    if not pattern.is_pattern:
        raise Http404
    gathered = Gathering.objects.filter(pattern=pattern).current().values("issue")
    return Issue.objects.visible_in(request.user, pattern.place).filter(pk__in=gathered).order_by("raised_on", "id")


def _before_group(request):
    """What was raised to a group and waits, and what it holds, answered or not."""
    group = find_group(request, request.GET.get("group", ""))
    asked = IssueMove.objects.filter(to_team=group, state=IssueMove.State.OFFERED)
    lies = Q(held_by=group) | Q(pk__in=asked.values("issue"))
    return Issue.objects.visible_in(request.user, group.place).filter(lies).order_by("raised_on", "id")


def _recommendations(request):
    """As they are listed; the issue is named to those who may open it."""
    seen = Issue.objects.visible_to(request.user).filter(pk=OuterRef("issue"))
    rows = Recommendation.objects.visible_to(request.user).select_related("team", "to", "issue__place")
    rows = rows.defer("issue__search").annotate(sees_issue=Exists(seen))
    return rows.order_by(F("answered_on").desc(nulls_first=True), "-sent_on", "-pk")


def _recommendation(row):
    return [
        row.sent_on,
        row.team.name,
        row.to.name,
        row.issue.ref if row.sees_issue else "",
        row.text,
        row.why,
        row.answer_by_on,
        row.get_says_display(),
        row.answer,
        row.answered_on,
    ]


def _decisions(request):
    rows = asks.decisions(overview_place(request))
    for flag in ("barrier", "leverage"):
        if request.GET.get(flag):
            rows = rows.filter(**{f"issue__is_{flag}": True})
    return rows


def _decision(decision):
    return [
        decision.decided_on,
        decision.team.name,
        decision.issue.ref,
        decision.issue.description,
        decision.get_outcome_display(),
        decision.words,
        decision.new_normal,
        decision.starts_on,
        decision.review_on,
    ]


def _stories(request):
    if not request.user.rights.places:
        raise PermissionDenied
    rows = Story.objects.visible_to(request.user).shared_with_place().select_related("place")
    here = request.acting.place_id if request.acting else None
    return rows.filter(place=here).order_by("-pk")


def _story(story):
    return [story.title, story.told_by, story.get_reach_display(), story.checked_by_teller_on]


TABLES = {
    "triage": Table("issue", "triage", _triage),
    "pattern": Table("issue", "pattern", _under_pattern),
    "group": Table("issue", "before-a-group", _before_group),
    "recommendations": Table(
        "recommendation", "recommendations", _recommendations,
        (
            "Sent on", "From", "To", "Ref", "Recommendation", "Why nobody here can change it", "Hoped for by",
            "Answer", "In their words", "Answered on",
        ),
        _recommendation,
    ),
    "decisions": Table(
        "decision", "decisions", _decisions,
        ("Decided on", "Group", "Ref", "Issue", "Answer", "In their words", "New normal", "Starts", "Look again"),
        _decision,
    ),
    "stories": Table("story", "stories", _stories, ("Story", "Told by", "Shared with", "Checked by its teller"), _story),
}  # fmt: skip


def csv_of(table, rows):
    return writing.csv_lines(rows) if table.is_log else writing.plain_csv(table.head, cells_of(table, rows))


def xlsx_of(table, rows):
    if table.is_log:
        return writing.xlsx_file(rows)
    return writing.plain_xlsx(table.name, table.head, cells_of(table, rows))


def cells_of(table, rows):
    """Row by row, in pieces, so that memory stays flat however long the list is."""
    return (table.cells(row) for row in rows.iterator(CHUNK))
