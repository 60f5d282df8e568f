"""Bytes in, understood rows out. Nothing here knows the database, and nothing here guesses.

`read` raises `CannotRead` and no other error, whatever the bytes are.
"""

from dataclasses import dataclass, field
from datetime import date

from issues.sheets import csv_file, header, xlsx_file
from issues.sheets.guard import unguarded
from issues.sheets.header import GROUPS, MEANINGS, SHOWN
from issues.sheets.refusals import LARGEST_MB, MOST_ROWS, CannotRead
from issues.sheets.words import (
    LEVELS,
    OWNERS,
    STATUSES,
    choices_said,
    date_said,
    is_plain_tick,
    is_ticked,
    plain,
    state_said,
    status_said,
)

LONGEST = {"issue": 4000, "countermeasure": 4000, "system_change": 4000, "ref": 40}
CHOICES = {"level": LEVELS, "owner": OWNERS, "status": STATUSES}
TOTALS = {"total", "totals", "subtotal", "sub total", "grand total", "sum", "count", "total issues", "total open"}


@dataclass
class Question:
    """Something only a person can say. `choices` are the answers beside “not sure yet”."""

    field: str  # level, owner or status
    words: str
    choices: tuple


@dataclass
class Row:
    number: int
    issue: str = ""
    level: str = ""
    owner: str = ""
    status: str = "open"
    countermeasure: str = ""
    system_change: str = ""
    ref: str = ""
    countermeasure_state: tuple = ("trying", None)  # and since which day
    system_change_state: tuple = ("working_out", None)
    raised_on: date | None = None
    closed_on: date | None = None
    questions: list = field(default_factory=list)
    problems: list = field(default_factory=list)  # the row can't come in as it is
    notes: list = field(default_factory=list)  # it can, and this is what we made of it


@dataclass
class Sheet:
    name: str
    header: header.Header
    rows: list
    left_out: list  # (row number, why)
    other_sheets: list  # names of more sheets that hold a log

    @property
    def unused(self):
        return [column for column in self.header.columns if column.heading and not column.meaning]


def read(data, *, today):
    """Understand a file by what is in it; its name counts for nothing."""
    if len(data) > LARGEST_MB * 1024 * 1024:
        raise CannotRead("too_big")
    cuts = _cuts(data)
    if isinstance(cuts, csv_file.Cuts):
        return _understood(*_best(cuts), others=[], today=today)
    return _understood(*_best_sheet(cuts), today=today)


def _best(cuts):
    """Of all delimiters, the one under which the most headings make sense."""
    best, refused = None, None
    for cut in cuts:
        try:
            grid = cut()
        except CannotRead as no:
            refused = no
            continue
        heading = header.find(grid)
        if heading and (best is None or heading.score > best[1].score):
            best = grid, heading
    if best is None:
        raise refused or CannotRead("no_header")
    return best


def _best_sheet(cuts):
    """The first sheet with a log in it; the names of any others are told, so that none is lost in silence."""
    found, weak, others = None, None, []
    for cut in cuts:
        grid = cut()
        heading = header.find(grid)
        if heading and heading.is_convincing and found:
            others.append(grid.name)
        elif heading and heading.is_convincing:
            found = grid, heading
        elif heading:
            weak = weak or (grid, heading)
    if not (found or weak):
        raise CannotRead("no_header")
    return *(found or weak), others


def _cuts(data):
    """Ways to cut this file into a grid: its sheets, or its delimiters."""
    kind = _kind(data)
    if kind == "zip":
        return xlsx_file.grids(data)
    if kind != "text":
        raise CannotRead(kind)
    text = csv_file.decoded(data)
    if not text.strip():
        raise CannotRead("empty")
    if csv_file.looks_like_bytes(text):
        raise CannotRead("not_a_sheet")
    return csv_file.grids(text)


BEGINNINGS = [
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "damaged"),
    (b"%PDF", "not_a_sheet"),
    (b"\x89PNG", "not_a_sheet"),
    (b"\xff\xd8\xff", "not_a_sheet"),
    (b"GIF8", "not_a_sheet"),
    (b"\x7fELF", "not_a_sheet"),
    (b"MZ\x90", "not_a_sheet"),
    (b"{\\rtf", "not_a_sheet"),
    (b"\x1f\x8b", "not_a_sheet"),
    (b"Rar!", "not_a_sheet"),
    (b"7z\xbc\xaf", "not_a_sheet"),
]


def _kind(data):
    if not data:
        return "empty"
    if xlsx_file.EICAR in data:
        return "unsafe"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_office(data)
    for start, kind in BEGINNINGS:
        if data.startswith(start):
            return kind
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        return "web_page"
    return "not_a_sheet" if start.startswith((b"<?xml", b"<svg", b"<script", b"<?php", b"#!")) else "text"


def _old_office(data):
    """The box that Office used before 2007, and still uses around a file with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "password"
    if "WordDocument".encode("utf-16-le") in data:
        return "word"
    return (
        "old_excel" if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data else "not_a_sheet"
    )


def _understood(grid, heading, others, today):
    header.checked(heading)
    columns = _by_field(heading)
    below = [(number, cells) for number, cells in grid.rows if number >= heading.top + heading.rows]
    joined = _Joined(grid, columns)
    rows, left_out, repeats = [], [], _words_of(heading, grid)
    for number, cells in below:
        cells = joined.filled(number, cells)
        said = {
            meaning: [cells[at] if at < len(cells) else "" for at, _ in places] for meaning, places in columns.items()
        }
        if why := _no_issue(number, cells, said, repeats, joined):
            left_out.append((number, why))
        elif any(any(words) for words in said.values()):
            _take(rows, number, said, columns, joined, today)
    if not rows:
        raise CannotRead("no_rows", row=heading.top)
    if len(rows) > MOST_ROWS:
        raise CannotRead("too_many_rows")
    return Sheet(grid.name, heading, rows, left_out, others)


def _by_field(heading):
    """Which columns say something about each field: (place, the choice that a tick there means)."""
    columns = {meaning: [] for meaning in MEANINGS}
    for column in heading.known:
        columns[column.meaning].append((column.at, column.choice))
    return columns


def _words_of(heading, grid):
    """The heading rows as they stand, to know them again where a printout repeats them."""
    last = heading.top + heading.rows
    return {tuple(plain(cell) for cell in cells if cell) for number, cells in grid.rows if heading.top <= number < last}


def _no_issue(number, cells, said, repeats, joined):
    """Why a row between or under the issues is not one of them; empty when it is."""
    words = tuple(plain(cell) for cell in cells if cell)
    if words in repeats:
        return "It is the headings again."
    if joined.is_band(number):
        return "It is a heading across the table."
    if _is_total(words, said):
        return "It looks like a total."
    return ""


def _is_total(words, said):
    """“Total” by itself or before figures, or figures alone. A row with a ref and an issue is never one."""
    if said["issue"][0] and said["ref"] and said["ref"][0] and plain(said["ref"][0]) not in TOTALS:
        return False
    if not words:  # such as where a sum that went wrong stood alone
        return False
    first, rest = words[0], words[1:]
    figures = all(word.replace(" ", "").isdigit() for word in rest)
    if first in TOTALS or (first.split()[:1] in (["total"], ["totals"]) and rest and figures):
        return True
    return not said["issue"][0] and first.isdigit() and figures and bool(rest)


class _Joined:
    """What joined cells mean under the headings."""

    def __init__(self, grid, columns):
        self.issue_at = columns["issue"][0][0]
        self.known = {at for places in columns.values() for at, _ in places}
        self.tick_groups = [{at for at, choice in places if choice} for places in columns.values()]
        self.continues, self.bands, self.fills = {}, set(), {}
        values = dict(grid.rows)
        for merge in grid.merges:
            self._take(merge, values)

    def _take(self, merge, values):
        if merge.left <= self.issue_at < merge.right and self.known & set(range(self.issue_at + 1, merge.right + 1)):
            self.bands.add(merge.top)
            return
        cells = values.get(merge.top, [])
        text = cells[merge.left] if merge.left < len(cells) else ""
        if not text:
            return
        for number in [row for row in values if merge.top < row <= merge.bottom]:
            if merge.left == self.issue_at:
                self.continues[number] = merge.top
            else:
                self.fills.setdefault(number, {})[merge.left] = text
        for group in self.tick_groups:
            if merge.left in group:  # joined over two tick columns: both are ticked
                for at in group & set(range(merge.left + 1, merge.right + 1)):
                    self.fills.setdefault(merge.top, {})[at] = text

    def filled(self, number, cells):
        for at, text in self.fills.get(number, {}).items():
            cells = cells + [""] * (at + 1 - len(cells))
            cells[at] = cells[at] or text
        return cells

    def is_band(self, number):
        return number in self.bands


def _take(rows, number, said, columns, joined, today):
    above = joined.continues.get(number)
    if above is not None and rows and rows[-1].number >= above:
        _continue(rows[-1], said, columns)
        return
    row = Row(number)
    for name in ("issue", "countermeasure", "system_change", "ref"):
        setattr(row, name, _words(row, name, said[name]))
    if not row.issue:
        row.problems.append("There is no issue description. Say what gets in the way, or take the row out.")
    for name in GROUPS:
        _choose(row, name, said[name], columns[name])
    for name in ("countermeasure", "system_change"):
        _state(row, name, said[f"{name}_state"])
    row.raised_on = _day(row, "raised", said["raised"], today)
    row.closed_on = _day(row, "closed", said["closed"], today)
    if row.closed_on and not any(said["status"]):
        row.status = "closed"
    rows.append(row)


def _continue(row, said, columns):
    """Two lines of actions beside one joined issue are one issue."""
    for name in ("countermeasure", "system_change"):
        more = unguarded(said[name][0]) if said[name] else ""
        if more and more not in getattr(row, name):
            setattr(row, name, "\n".join(filter(None, [getattr(row, name), more])))
            _check_length(row, name)
    row.notes.append("Rows joined to this one were read as part of it.")


def _words(row, name, cells):
    text = unguarded(cells[0]) if cells else ""
    setattr(row, name, text)
    _check_length(row, name)
    return text


def _check_length(row, name):
    text, most = getattr(row, name), LONGEST[name]
    if len(text) > most:
        row.problems.append(f"{MEANINGS[name]} is too long: {len(text):,} letters. Make it {most:,} or fewer.")


def _choose(row, name, cells, places):
    """Level, owner and status: from ticks, from words, or from both when they agree."""
    chosen, strange = [], ""
    for text, (_, choice) in zip(cells, places, strict=True):
        if choice and is_ticked(text):
            chosen.append(choice)
            if not is_plain_tick(text):
                row.notes.append(f"“{text}” under {SHOWN[choice]} was read as a tick.")
        elif not choice and text:
            meant = _meant(name, text)
            strange = text if meant is None else strange
            chosen += [one for one in CHOICES[name] if meant and one in meant]
    options = tuple(dict.fromkeys(chosen))
    if strange:
        row.questions.append(Question(name, f"{MEANINGS[name]} says “{_short(strange)}”. Which is it?", CHOICES[name]))
    elif len(options) > 1:
        both = " and ".join(SHOWN[one] for one in options)
        row.questions.append(Question(name, f"{MEANINGS[name]} has {both}. Which is it?", options))
    elif options:
        setattr(row, name, options[0])


def _meant(name, text):
    if name == "status":
        said = status_said(text)
        return {said} if said else choices_said(text, GROUPS[name]) or None
    return choices_said(text, GROUPS[name])


def _state(row, name, cells):
    if not any(cells):
        return
    if found := state_said(cells[0], name):
        setattr(row, f"{name}_state", found)
    else:
        row.notes.append(f"We can’t tell from “{_short(cells[0])}” where the {MEANINGS[name]} has got to.")


def _day(row, name, cells, today):
    if not any(cells):
        return None
    found = date_said(cells[0])
    if found is None:
        row.notes.append(
            f"{MEANINGS[name]} says “{_short(cells[0])}”, which we can’t read as a date. It is left empty."
        )
    elif found > today:
        row.notes.append(f"{MEANINGS[name]} says “{_short(cells[0])}”, a day that has not come yet. It is left empty.")
        return None
    return found


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:60]}…"
