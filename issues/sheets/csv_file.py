"""Text with commas, semicolons, tabs or bars between the cells, in any of the usual encodings."""

import codecs
import csv
import io
import re

from issues.sheets.grids import MOST_COLUMNS, Grid, tidy
from issues.sheets.refusals import MOST_ROWS, CannotRead

DELIMITERS = ",;\t|"
MARKS = [  # longer marks first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
END = "\0end"  # no text holds a NUL by the time this is added
OTHER_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a]")


def decoded(data):
    """The text of a file, never guessed: a mark at the start, then UTF-8, UTF-16, and what Windows used before."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _whole(data[len(mark) :], encoding)
    if wide := _wide_encoding(data):
        return _whole(data, wide)
    if b"\0" in data:
        raise CannotRead("nul_bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_windows(data)


def _whole(data, encoding):
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise CannotRead("cannot_decode") from None
    if "\0" in text:
        raise CannotRead("nul_bytes")
    return text


def _wide_encoding(data):
    """UTF-16 without its mark: every second byte of plain letters is empty."""
    start = data[:2000]
    if len(start) < 4 or len(data) % 2:
        return None
    first, second = start[0::2], start[1::2]
    if second.count(0) > len(second) * 0.7 and not first.count(0):
        return "utf-16-le"
    if first.count(0) > len(first) * 0.7 and not second.count(0):
        return "utf-16-be"
    return None


def _from_windows(data):
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise CannotRead("cannot_decode") from None
    # Excel on an older Mac: its curly apostrophe is this letter in Windows-1252.
    return data.decode("mac_roman") if re.search(r"[a-zA-Z]Õ[a-z]", text) else text


def looks_like_bytes(text):
    """Letters that no one types, and many of them: a picture or a program, not a table."""
    start = text[:4000]
    return len(OTHER_CONTROLS.findall(start)) > max(3, len(start) // 50)


class Cuts(list):
    """Ways of cutting one text, of which one is right; the sheets of a workbook are each right."""


def grids(text):
    """The same text cut by each delimiter that is in it; the caller keeps the one whose headings make sense."""
    told, text = _told_delimiter(text)
    wanted = [told] if told else [mark for mark in DELIMITERS if mark in text] or [","]
    return Cuts(lambda mark=mark: grid(text, mark) for mark in wanted)


def _told_delimiter(text):
    """Excel may write `sep=;` above the first row, and does not count it as one."""
    if found := re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE):
        return found[1], text[found.end() :]
    return None, text


def grid(text, delimiter, most=MOST_ROWS + 500):
    reader = csv.reader(io.StringIO(f"{text}\n{END}", newline=""), delimiter=delimiter)
    rows, last = [], []
    try:
        for number, row in enumerate(reader, 1):
            last = row
            if any(cell and not cell.isspace() for cell in row):
                rows.append((number, [tidy(cell) for cell in row[:MOST_COLUMNS]]))
            if len(rows) > most:
                raise CannotRead("too_many_rows")
    except csv.Error:
        raise CannotRead("cell_too_long", row=(rows[-1][0] if rows else 0) + 1) from None
    if last != [END]:  # a quote was still open and swallowed it
        raise CannotRead("open_quote", row=rows[-1][0])
    return Grid(name="", rows=rows[:-1])
