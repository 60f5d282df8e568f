"""A sheet as rows of text, whatever kind of file it came from."""

from dataclasses import dataclass, field

MOST_COLUMNS = 60  # what lies further right is not a log


@dataclass
class Merge:
    """Cells joined into one; numbers count from 1 for rows and 0 for columns, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    name: str
    rows: list  # (row number as the file shows it, [text of each cell])
    merges: list = field(default_factory=list)


def letter(column):
    """Column 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}


def tidy(text):
    """One kind of line break, no blanks at either end (what a form would have kept), no sums that failed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if text in EXCEL_ERRORS else text
