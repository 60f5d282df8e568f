"""A workbook of Excel, written row by row so that memory stays flat. openpyxl is imported here and where one is read."""

import re
import tempfile
from dataclasses import dataclass

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.cell_range import CellRange

from issues.sheets.grids import letter

# What XML can't hold, and what would be read back as if it stood for that.
ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Shape:
    widths: list  # of each column
    frozen: str  # the first cell that moves
    joined: list = ()  # cells of the headings that are one
    long: set = frozenset()  # the columns of sentences


def written(title, heads, rows, shape):
    """The workbook in a temporary file. Words in `rows` are guarded already (issues/sheets/guard.py)."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = shape.frozen
    for at, width in enumerate(shape.widths):
        sheet.column_dimensions[letter(at)].width = width
    for cells in shape.joined:
        sheet.merged_cells.add(CellRange(cells))
    for head in heads:
        sheet.append([_heading(sheet, text) for text in head])
    wrapped = _wrapped(sheet)
    for row in rows:
        sheet.append([_cell(sheet, value, wrapped if at in shape.long else None) for at, value in enumerate(row)])
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
