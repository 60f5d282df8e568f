"""Broken files: each kind has its one message, and no bytes make the reader fall over."""

import contextlib
import io
import zipfile
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from issues.sheets import xlsx_file
from issues.sheets.reading import read
from issues.sheets.refusals import MESSAGES, CannotRead
from tests.issues.sheets.making import SOURCE_HEAD, csv_bytes, xlsx_bytes

TODAY = date(2026, 11, 20)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
GOOD = xlsx_bytes([*SOURCE_HEAD, ["a", "x"]])


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def with_part(data, name, content):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def with_sheet(change):
    """A good workbook whose one sheet's XML is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == "xl/worksheets/sheet1.xml" else content)
    return out.getvalue()


def with_entities(content):
    bomb = b'<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return bomb + content.replace(b"<sheetData>", b"<sheetData><row><c><v>&b;</v></c></row>")


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
ROWS = [["Issue", "Status"], ["a", "open"]]

BROKEN = {
    "nothing at all": (b"", "This file is empty. Choose the file that holds your log."),
    "blank text": (b" \r\n\r\n", "This file is empty. Choose the file that holds your log."),
    "too large": (b"a,b\n" * 2_700_000, "This file is bigger than 10 MB. Take out pictures, or split it in two."),
    "a PDF": (b"%PDF-1.7\n%...", MESSAGES["not_a_sheet"]),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), MESSAGES["not_a_sheet"]),
    "a program": (
        b"MZ\x90\0" + bytes(200),
        "This is not a spreadsheet. Save your log as .xlsx or .csv, then choose it again.",
    ),
    "control letters": (b"Issue,Level\n" + bytes(range(1, 9)) * 40, MESSAGES["not_a_sheet"]),
    "another kind of zip": (zipped(readme="hello"), MESSAGES["not_a_sheet"]),
    "Word": (
        zipped(word__document="", **{"word/document.xml": "<w/>", "[Content_Types].xml": "<x/>"}),
        "This is a Word file. Copy the table in it, paste it into an empty spreadsheet, save that as .xlsx or .csv, "
        "then choose it here.",
    ),
    "old Word": (OLE + "WordDocument".encode("utf-16-le"), MESSAGES["word"]),
    "old Excel": (
        OLE + "Workbook".encode("utf-16-le"),
        "This is an old kind of Excel file (.xls). Open it, save it as .xlsx, then choose it again.",
    ),
    "a password": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "This file has a password. Take the password off, save it, then choose it again.",
    ),
    "OpenDocument": (
        zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"}),
        "This is an OpenDocument file. Open it, save it as .xlsx or .csv, then choose it again.",
    ),
    "a web page saved as .xls": (
        b"<html><table><tr><td>Issue</td></tr></table></html>",
        "This is a web page, not a spreadsheet. Open it in Excel, save it as .xlsx, then choose it again.",
    ),
    "macros": (
        with_part(GOOD, "xl/vbaProject.bin", b"\0"),
        "This file has macros in it. Save it as a plain .xlsx, then choose it again.",
    ),
    "half a workbook": (
        GOOD[: len(GOOD) // 2],
        "This file is damaged, or only part of it got here. Save it again, then choose the new copy.",
    ),
    "a workbook with broken XML": (with_sheet(lambda content: content[:-40]), MESSAGES["damaged"]),
    "a workbook with entities": (with_sheet(with_entities), MESSAGES["damaged"]),
    "a workbook with no sheets": (zipped(**{"xl/a.xml": "<a/>", "[Content_Types].xml": "<x/>"}), MESSAGES["damaged"]),
    "a zip bomb": (
        with_part(GOOD, "xl/media/image1.bin", bytes(xlsx_file.UNPACKED_MOST + 1)),
        "This file holds far more than a log does. Copy the table into a new file and try that.",
    ),
    "far too many cells": (
        with_part(GOOD, "xl/worksheets/sheet2.xml", b"<c />" * 600_001),
        MESSAGES["unpacks_too_big"],
    ),
    "too many rows": (
        csv_bytes([["Issue", "Status"], *[["a", "open"]] * 20_001]),
        "This file has more than 20,000 rows. Split it into smaller files.",
    ),
    "empty bytes": (
        b"Issue,Status\na\0b,open\n",
        "This file has empty bytes in its text, so it did not save well. Save it again as CSV or .xlsx.",
    ),
    "letters of no alphabet": (
        b"Issue,Status\n\x81\x8d\xff,open\n",
        "We can’t tell which letters this file uses. Save it as “CSV UTF-8” or as .xlsx.",
    ),
    "half a letter of UTF-16": ("\ufeffIssue".encode("utf-16-le") + b"\0", MESSAGES["cannot_decode"]),
    "a quote that never closes": (
        b'Issue,Status\na,open\n"b,open\nc,open\n',
        'A quote mark (") opens in row 3 and never closes. Close it, or take it out.',
    ),
    "a cell without an end": (
        b'Issue,Status\n"a' + b"b" * 140_000 + b'",open\n',
        "A cell in row 2 is too long to be one cell. Look for a quote mark that never closes.",
    ),
    "no headings": (
        b"Jo,Tuesday\nSam,Friday\n",
        "We can’t find the headings. One row needs to say “Issue description”, with Level, Status, Owner and Action "
        "required beside it.",
    ),
    "a workbook with no headings": (xlsx_bytes([["Jo", "Tuesday"]]), MESSAGES["no_header"]),
    "headings without the issue": (
        csv_bytes([["Our log"], ["Level", "Status", "Owner"], ["Sys", "open", "Team"]]),
        "We found headings in row 2, but none for the issue itself. Call that column “Issue description”.",
    ),
    "a heading twice": (
        csv_bytes([["Issue", "Status", "Owner", "Status"], ["a", "open", "Team", "closed"]]),
        "Columns B “Status” and D “Status” both hold the Status. Keep one, or rename one.",
    ),
    "two columns for the issue": (
        csv_bytes([["Issue", "Description", "Status"], ["a", "b", "open"]]),
        "Columns A “Issue” and B “Description” both hold the Issue description. Keep one, or rename one.",
    ),
    "headings and nothing under them": (
        csv_bytes([["Our log"], [], *SOURCE_HEAD, [], ["Total", 0]]),
        "There are headings in row 3, but no issues under them.",
    ),
    "a test virus": (EICAR, "This file holds something that virus scanners look for, so we did not open it."),
    "a test virus in a cell": (csv_bytes([*ROWS, [EICAR.decode(), "open"]]), MESSAGES["unsafe"]),
    "a test virus in a workbook": (with_part(GOOD, "xl/media/a.bin", EICAR), MESSAGES["unsafe"]),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_each_broken_file_has_its_message(kind):
    data, message = BROKEN[kind]
    with pytest.raises(CannotRead) as refused:
        read(data, today=TODAY)
    assert str(refused.value) == message


def test_every_message_is_tried():
    said = {message for _, message in BROKEN.values()}
    untried = [kind for kind, message in MESSAGES.items() if "{" not in message and message not in said]
    assert untried == []


def test_the_good_files_they_were_made_from_are_read():
    """Positive control: it is the damage that is refused."""
    assert [row.issue for row in read(GOOD, today=TODAY).rows] == ["a"]
    assert [row.issue for row in read(with_sheet(lambda content: content), today=TODAY).rows] == ["a"]
    assert [row.issue for row in read(csv_bytes(ROWS), today=TODAY).rows] == ["a"]


def test_a_name_counts_for_nothing():
    """What is in it decides: the reader is never given a name at all."""
    with pytest.raises(TypeError):
        read(GOOD, today=TODAY, name="log.csv")


def test_a_false_word_about_its_size_is_no_trap():
    data = with_sheet(lambda content: content.replace(b'<dimension ref="A1:J3"', b'<dimension ref="A1:XFD1048576"'))
    assert [row.issue for row in read(data, today=TODAY).rows] == ["a"]


def test_a_row_at_the_far_end_is_no_trap():
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    data = with_sheet(lambda content: content.replace(b"</sheetData>", far))
    assert [row.issue for row in read(data, today=TODAY).rows] == ["a"]


def survives(data):
    with contextlib.suppress(CannotRead):
        read(data, today=TODAY)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fall_over(data):
    survives(data)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
@example("#NAME?", "utf-8")
def test_no_text_under_good_headings_makes_it_fall_over(text, encoding):
    survives(("Issue,Level,Status,Owner,Raised,Closed\n" + text).encode(encoding, "ignore"))


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["x", "Issue", "Issue description", "Level", "Ind", "Sys", "Owner", "Team", "Status", "Total", "1", ""]
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(cells, max_size=12), max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_no_table_makes_it_fall_over(rows, delimiter):
    survives(csv_bytes([*rows], delimiter=delimiter).replace(b"\xed", b""))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_no_changed_byte_in_a_workbook_makes_it_fall_over(at, byte):
    survives(GOOD[:at] + bytes([byte]) + GOOD[at + 1 :])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.binary(max_size=20))
def test_no_changed_xml_in_a_workbook_makes_it_fall_over(at, more):
    survives(with_sheet(lambda content: content[: at % len(content)] + more + content[at % len(content) + len(more) :]))


@pytest.mark.parametrize(
    "text", ["a" * 100_000, '"' * 50_000, ",;" * 50_000, "=" * 100_000, "\u202e" * 100_000, "(" * 50_000]
)
def test_costly_text_is_read_at_once(text):
    import time

    started = time.thread_time()
    survives(f"Issue,Level,Raised\n{text},{text},{text}\n".encode())
    assert time.thread_time() - started < 5
