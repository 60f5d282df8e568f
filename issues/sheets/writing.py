"""The log in the sources' own shape: two rows of headings, ticks under them, and nothing a spreadsheet would run.

To the right of the sources' columns stand five of ours (ref, days, how far each action is), so that a file that
goes out and comes back says the same. Who raised an issue, and whose life it is about, never leave.
"""

import csv

from django.db.models import FilteredRelation, Q

from issues.log.models import Issue, Level, OwnerTier, Response, ref_of
from issues.sheets.guard import guarded

TICK = "✓"
UPPER = ["Issue description", "Level", "", "", "Status", "Owner", "", "", "Action required", "", "", "", "", "", ""]
LOWER = [
    "", "Ind", "Sys", "Macro", "", "Team", "L’ship", "Govt", "Countermeasure (now)", "System change (new normal)",
    "Countermeasure is", "System change is", "Ref", "Raised", "Closed",
]  # fmt: skip
JOINED = ["A1:A2", "B1:D1", "E1:E2", "F1:H1", "I1:J1"]
WIDTHS = [60, 6, 6, 7, 9, 6, 7, 6, 50, 50, 24, 24, 9, 12, 12]
LONG = {0, 8, 9}  # the columns of sentences
CHUNK = 2000
# Worked out once: a download may have ten thousand rows.
STATUS, STATES = dict(Issue.Status.choices), dict(Response.State.choices)
TICKS = {
    value: [TICK if value == choice.value else "" for choice in choices]
    for choices in (Level, OwnerTier)
    for value in [*choices.values, None, ""]
}

FIELDS = (
    "number", "description", "level", "status", "owner_tier", "raised_on", "closed_on",
    "now__text", "now__state", "now__in_place_on", "now__starts_on",
    "new__text", "new__state", "new__in_place_on", "new__starts_on",
)  # fmt: skip


def rows(issues):
    """Each issue as a row of cells, read in pieces so that memory stays flat however long the log is."""
    found = issues.annotate(
        now=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.COUNTERMEASURE)),
        new=FilteredRelation("responses", condition=Q(responses__kind=Response.Kind.SYSTEM_CHANGE)),
    ).values(*FIELDS)
    for issue in found.iterator(CHUNK):
        yield _row(issue)


def _row(issue):
    return [
        _said(issue["description"]),
        *TICKS[issue["level"]],
        STATUS[issue["status"]],
        *TICKS[issue["owner_tier"]],
        _said(issue["now__text"]),
        _said(issue["new__text"]),
        _state(issue, "now"),
        _state(issue, "new"),
        ref_of(issue["number"]),
        issue["raised_on"],
        issue["closed_on"],
    ]


def _said(text):
    return guarded((text or "").replace("\r\n", "\n").replace("\r", "\n"))


def _state(issue, kind):
    if not issue[f"{kind}__state"]:
        return ""
    state = issue[f"{kind}__state"]
    if state == Response.State.IN_PLACE:
        return f"{STATES[state]} since {issue[f'{kind}__in_place_on']}"
    starts = issue[f"{kind}__starts_on"]
    return f"{STATES[state]}, starts {starts}" if starts else STATES[state]


class _Echo:
    def write(self, text):
        return text


def csv_lines(issues):
    """A CSV in pieces. The mark at the start tells Excel that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(UPPER) + writer.writerow(LOWER)
    held = []
    for row in rows(issues):
        held.append(writer.writerow(row))
        if len(held) == CHUNK:
            yield "".join(held)
            held = []
    yield "".join(held)


def xlsx_file(issues):
    """A workbook in a temporary file, written row by row."""
    from issues.sheets import workbook  # openpyxl takes 8 MB of each process that reads it, and few write a workbook

    shape = workbook.Shape(WIDTHS, frozen="B3", joined=JOINED, long=LONG)
    return workbook.written("Issue log", [UPPER, LOWER], rows(issues), shape)


def plain_csv(head, rows):
    """Any table as a CSV in pieces, guarded as the log is."""
    writer, held = csv.writer(_Echo()), []
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        held.append(writer.writerow([_said(value) if isinstance(value, str) else value for value in row]))
        if len(held) == CHUNK:
            yield "".join(held)
            held = []
    yield "".join(held)


def plain_xlsx(title, head, rows):
    """Any table as a workbook in a temporary file, written row by row."""
    from issues.sheets import workbook  # as in xlsx_file

    said = ([_said(value) if isinstance(value, str) else value for value in row] for row in rows)
    return workbook.written(title, [head], said, workbook.Shape([24] * len(head), frozen="A2"))
