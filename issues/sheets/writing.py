"""The log in the sources' own shape: two rows of headings, ticks under them, and nothing a spreadsheet would run.

To the right of the sources' columns stand five of ours (ref, days, how far each action is), so that a file that
goes out and comes back says the same. Who raised an issue, and whose life it is about, never leave.
"""

import csv
import re
import tempfile

import openpyxl
from django.db.models import FilteredRelation, Q
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.cell_range import CellRange

from issues.log.models import Issue, Level, OwnerTier, Response, ref_of
from issues.sheets.grids import letter
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
# What XML can't hold, and what would be read back as if it stood for that.
ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

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
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Issue log")
    sheet.freeze_panes = "B3"
    for at, width in enumerate(WIDTHS):
        sheet.column_dimensions[letter(at)].width = width
    for cells in JOINED:
        sheet.merged_cells.add(CellRange(cells))
    sheet.append([_heading(sheet, text) for text in UPPER])
    sheet.append([_heading(sheet, text) for text in LOWER])
    wrapped = _wrapped(sheet)
    for row in rows(issues):
        sheet.append([_cell(sheet, value, wrapped if at in LONG else None) for at, value in enumerate(row)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


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
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at in range(len(head)):
        sheet.column_dimensions[letter(at)].width = 24
    sheet.append([_heading(sheet, text) for text in head])
    for row in rows:
        sheet.append([_cell(sheet, _said(value) if isinstance(value, str) else value, None) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _heading(sheet, text):
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    return cell


def _wrapped(sheet):
    """The style of long words, made once: making it for each cell takes most of the time of a download."""
    cell = WriteOnlyCell(sheet, "")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell._style  # openpyxl has no public way to share a style between cells


def _cell(sheet, value, style):
    if not isinstance(value, str):
        return value
    if not value:
        return None
    text = ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)  # guarded, so never taken for a formula
    if style is None:
        return text
    cell = WriteOnlyCell(sheet, text)
    cell._style = style
    return cell
