"""Differently shaped logs, as teams keep them, and what is understood of each row."""

from datetime import date, datetime

import pytest

from issues.sheets.reading import read
from tests.issues.sheets.making import SOURCE_HEAD, SOURCE_MERGES, csv_bytes, xlsx_bytes

TODAY = date(2026, 11, 20)
ONE = [
    "When benefits are wrong, recovery carries on",
    "",
    "x",
    "",
    "Open",
    "",
    "x",
    "",
    "Ring the duty line",
    "Check first",
]
TWO = [
    "The five-week wait starts new debts",
    "",
    "",
    "x",
    "Open",
    "",
    "",
    "x",
    "Hardship fund",
    "Pay the first award now",
]
THREE = ["Two teams each say it is the other’s", "x", "", "", "Closed", "x", "", "", "", ""]
UNDERSTOOD = [
    (ONE[0], "sys", "lship", "open", "Ring the duty line", "Check first"),
    (TWO[0], "macro", "govt", "open", "Hardship fund", "Pay the first award now"),
    (THREE[0], "ind", "team", "closed", "", ""),
]


def understood(data):
    sheet = read(data, today=TODAY)
    assert [row.questions + row.problems for row in sheet.rows] == [[]] * len(sheet.rows)
    return [(r.issue, r.level, r.owner, r.status, r.countermeasure, r.system_change) for r in sheet.rows]


def numbers(data):
    return [row.number for row in read(data, today=TODAY).rows]


WORDS = [
    [ONE[0], "Sys", "Open", "Leadership", ONE[8], ONE[9]],
    [TWO[0], "Macro", "Open", "Government", TWO[8], TWO[9]],
    [THREE[0], "Ind", "Closed", "Team", "", ""],
]
WORD_HEAD = ["Issue description", "Level", "Status", "Owner", "Countermeasure (now)", "System change (new normal)"]


def filled(*ticks):
    """The three rows with their ticks made in other ways."""
    signs = iter(ticks)
    return [[next(signs) if cell == "x" else cell for cell in row] for row in (ONE, TWO, THREE)]


SHAPES = {
    "the sources’ table, headings merged": xlsx_bytes([*SOURCE_HEAD, ONE, TWO, THREE], merges=SOURCE_MERGES),
    "the same as Excel saves it to CSV": csv_bytes([*SOURCE_HEAD, ONE, TWO, THREE]),
    "titles above, blank rows and totals between": xlsx_bytes(
        [
            ["North team issue log"], ["Last changed 3 November", "", "", "by Rowan"], [],
            *SOURCE_HEAD, ONE, [], ["Total", 1, 1], [], TWO, ["Subtotal", "", 2], THREE, [], ["Total issues", 3],
        ],
        merges=["A1:J1", "A4:A5", "B4:D4", "E4:E5", "F4:H4", "I4:J4"],
    ),
    "semicolons and Windows letters": csv_bytes([WORD_HEAD, *WORDS], delimiter=";", encoding="cp1252"),
    "tabs and UTF-16 from Excel": csv_bytes([WORD_HEAD, *WORDS], delimiter="\t", encoding="utf-16"),
    "UTF-16 without its mark": csv_bytes([WORD_HEAD, *WORDS], delimiter="\t", encoding="utf-16-le"),
    "bars and UTF-8 with its mark": csv_bytes([WORD_HEAD, *WORDS], delimiter="|", encoding="utf-8-sig"),
    "Excel’s own hint above": b"sep=;\r\n" + csv_bytes([WORD_HEAD, *WORDS], delimiter=";"),
    "an older Mac": csv_bytes(
        [["Issue", "Level", "Status", "L’ship or team is the Owner", "Owner", *WORD_HEAD[4:]],
         *[[row[0], row[1], row[2], "", row[3], *row[4:]] for row in WORDS]],
        encoding="mac_roman",
    ),
    "one row of headings, ticks of all kinds": csv_bytes(
        [
            ["Issue", "Level: Ind", "Level: Sys", "Level: Macro", "Status", "Owner - Team", "Owner - L'ship",
             "Owner (Govt)", "What we did now", "New normal"],
            *filled("✓", "✔", "1", "Y", "TRUE", "•"),
        ]
    ),
    "bare words as headings": csv_bytes(
        [["Problem", "IND", "SYS", "MACRO", "Open/closed", "Team", "Leadership", "Government",
          "Countermeasure", "System change"],
         *filled("X", "yes", "☑", "√", "tick", "*")]
    ),
    "group words above their middle, said again": csv_bytes(
        [
            ["Issue description", "Level", "Level", "Level", "Status", "Owner", "Owner", "Owner",
             "Action required", "Action required"],
            SOURCE_HEAD[1], ONE, TWO, THREE,
        ]
    ),
    "headings in the lower row only": csv_bytes(
        [["", "", "Level", "", "", "", "Owner", "", "Action required", ""],
         ["Issue description", *SOURCE_HEAD[1][1:4], "Status", *SOURCE_HEAD[1][5:]], ONE, TWO, THREE]
    ),
    "headings printed again on each page": csv_bytes([*SOURCE_HEAD, ONE, TWO, *SOURCE_HEAD, THREE]),
    "levels by number, a ref, notes we have no place for": csv_bytes(
        [
            ["No.", "Issue description", "Level (1-3)", "Status", "Owner", "Countermeasure", "New normal",
             "Notes to self"],
            ["1", ONE[0], "2", "ongoing", "L/ship", ONE[8], ONE[9], "ask Jo"],
            ["2", TWO[0], "3 - Macro", "in progress", "Central Govt", TWO[8], TWO[9], ""],
            ["3", THREE[0], "Ind (1)", "Done", "Core team", "", "", ""],
        ]
    ),
    "another sheet first": xlsx_bytes(
        [*SOURCE_HEAD, ONE, TWO, THREE], merges=SOURCE_MERGES,
        before=[("Read me", [["How to use this log"], ["Fill in a row for each issue"]]),
                ("Figures", [["Level", "Status", "Owner"], ["Sys", "open", "Team"]])],
    ),
    "bands across the table": xlsx_bytes(
        [*SOURCE_HEAD, ["Debt"], ONE, ["Benefits"], TWO, THREE], merges=[*SOURCE_MERGES, "A3:J3", "A5:J5"]
    ),
    "a merged title and a wide issue column": xlsx_bytes(
        [
            ["Issue log", "", "", ""],
            ["Issue description", "", "Level", "Status", "Owner", "Countermeasure (now)", "System change (new normal)"],
            *[[row[0], "", *row[1:]] for row in WORDS],
        ],
        merges=["A1:G1", "A2:B2", "A3:B3", "A4:B4", "A5:B5"],
    ),
}  # fmt: skip


@pytest.mark.system(35)
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_understood_alike(shape):
    assert understood(SHAPES[shape]) == UNDERSTOOD


def test_rows_are_numbered_as_the_file_shows_them():
    assert numbers(SHAPES["titles above, blank rows and totals between"]) == [6, 10, 12]
    assert numbers(SHAPES["Excel’s own hint above"]) == [2, 3, 4]
    assert numbers(csv_bytes([WORD_HEAD, ["two\nlines", "", "", "", "", ""], ["next", "", "", "", "", ""]])) == [2, 3]


def test_what_is_left_out_is_told_with_its_reason():
    assert read(SHAPES["titles above, blank rows and totals between"], today=TODAY).left_out == [
        (8, "It looks like a total."), (11, "It looks like a total."), (14, "It looks like a total."),
    ]  # fmt: skip
    assert read(SHAPES["bands across the table"], today=TODAY).left_out == [
        (3, "It is a heading across the table."), (5, "It is a heading across the table."),
    ]  # fmt: skip
    assert read(SHAPES["headings printed again on each page"], today=TODAY).left_out == [
        (5, "It is the headings again."), (6, "It is the headings again."),
    ]  # fmt: skip


def test_columns_that_have_no_place_are_named():
    sheet = read(SHAPES["levels by number, a ref, notes we have no place for"], today=TODAY)
    assert [(column.letter, column.heading) for column in sheet.unused] == [("H", "Notes to self")]
    assert [row.ref for row in sheet.rows] == ["1", "2", "3"]


def test_other_sheets_with_a_log_are_named():
    data = xlsx_bytes(
        [*SOURCE_HEAD, ONE], merges=SOURCE_MERGES, title="Now", after=[("Last year", [*SOURCE_HEAD, TWO])]
    )
    sheet = read(data, today=TODAY)
    assert (sheet.name, [row.issue for row in sheet.rows], sheet.other_sheets) == ("Now", [ONE[0]], ["Last year"])


def test_two_actions_beside_one_joined_issue_are_one_issue():
    rows = [*SOURCE_HEAD, ONE, ["", "", "", "", "", "", "", "", "Ask the manager too", ""], TWO]
    sheet = read(xlsx_bytes(rows, merges=[*SOURCE_MERGES, "A3:A4", "C3:C4"]), today=TODAY)
    assert [(row.number, row.level, row.countermeasure) for row in sheet.rows] == [
        (3, "sys", "Ring the duty line\nAsk the manager too"), (5, "macro", "Hardship fund"),
    ]  # fmt: skip


def test_a_status_joined_over_rows_counts_for_each():
    rows = [WORD_HEAD, [ONE[0], "Sys", "Closed"], [TWO[0], "Macro", ""]]
    sheet = read(xlsx_bytes(rows, merges=["C2:C3"]), today=TODAY)
    assert [row.status for row in sheet.rows] == ["closed", "closed"]


# ------------------------------------------------------------ questions, never guesses


def asked(row, head=None):
    found = read(csv_bytes([*(head or SOURCE_HEAD), row]), today=TODAY).rows[0]
    return [(q.field, q.words, q.choices) for q in found.questions], found


def test_two_ticks_are_a_question():
    questions, row = asked(["Both", "x", "", "x", "", "", "x", "x", "", ""])
    assert questions == [
        ("level", "Level has Ind and Macro. Which is it?", ("ind", "macro")),
        ("owner", "Owner has L’ship and Govt. Which is it?", ("lship", "govt")),
    ]
    assert (row.level, row.owner) == ("", "")


def test_a_tick_joined_over_two_columns_is_a_question():
    rows = [*SOURCE_HEAD, ["Both", "x", "", "", "", "", "", "", "", ""]]
    row = read(xlsx_bytes(rows, merges=[*SOURCE_MERGES, "B3:C3"]), today=TODAY).rows[0]
    assert [q.words for q in row.questions] == ["Level has Ind and Sys. Which is it?"]


@pytest.mark.parametrize(
    ("column", "said", "words", "choices"),
    [
        (1, "Ind/Sys", "Level has Ind and Sys. Which is it?", ("ind", "sys")),
        (1, "Sys and Macro", "Level has Sys and Macro. Which is it?", ("sys", "macro")),
        (1, "Banana", "Level says “Banana”. Which is it?", ("ind", "sys", "macro")),
        (2, "on the back burner", "Status says “on the back burner”. Which is it?", ("open", "closed")),
        (3, "Team + Govt", "Owner has Team and Govt. Which is it?", ("team", "govt")),
        (3, "Jo", "Owner says “Jo”. Which is it?", ("team", "lship", "govt")),
    ],
)
def test_words_that_could_mean_two_things_are_a_question(column, said, words, choices):
    row = ["An issue", "", "", "", "", ""]
    row[column] = said
    questions, _ = asked(row, [WORD_HEAD])
    assert questions == [(("issue", "level", "status", "owner")[column], words, choices)]


@pytest.mark.parametrize("said", ["", "not sure", "TBC", "?", "n/a", "-"])
def test_not_knowing_is_an_answer(said):
    questions, row = asked(["An issue", said, "", said, "", ""], [WORD_HEAD])
    assert (questions, row.level, row.owner, row.status) == ([], "", "", "open")


@pytest.mark.parametrize("said", ["0", "no", "N", "FALSE", "–", "☐"])
def test_a_no_is_not_a_tick(said):
    questions, row = asked(["An issue", said, "x", said, "", said, said, "x", "", ""])
    assert (questions, row.level, row.owner) == ([], "sys", "govt")


def test_words_under_a_tick_column_are_a_tick_and_told():
    _, row = asked(["An issue", "", "housing too", "", "", "", "", "", "", ""])
    assert (row.level, row.notes) == ("sys", ["“housing too” under Sys was read as a tick."])


def test_a_status_may_be_ticks():
    head = [["Issue", "Status", "", "Owner"], ["", "Open", "Closed", ""]]
    assert [r.status for r in read(csv_bytes([*head, ["a", "x", "", ""], ["b", "", "x", ""]]), today=TODAY).rows] == [
        "open", "closed",
    ]  # fmt: skip


def test_team_alone_is_not_taken_for_an_owner():
    sheet = read(csv_bytes([["Issue", "Level", "Team"], ["a", "Sys", "North"]]), today=TODAY)
    assert [column.heading for column in sheet.unused] == ["Team"]
    assert sheet.rows[0].owner == ""


# ------------------------------------------------------------ days, problems


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-03-02", date(2026, 3, 2)), ("02/03/2026", date(2026, 3, 2)), ("2.3.26", date(2026, 3, 2)),
        ("2-Mar-26", date(2026, 3, 2)), ("Mon 2nd March 2026", date(2026, 3, 2)), ("March 2, 2026", date(2026, 3, 2)),
        ("1 Sept 2026", date(2026, 9, 1)), (datetime(2026, 3, 2, 9, 30), date(2026, 3, 2)),
        (date(2026, 3, 2), date(2026, 3, 2)),
    ],
)  # fmt: skip
def test_days_are_read_the_british_way(said, day):
    assert read(xlsx_bytes([["Issue", "Raised"], ["a", said]]), today=TODAY).rows[0].raised_on == day


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("soon", "Raised says “soon”, which we can’t read as a date. It is left empty."),
        ("31/02/2026", "Raised says “31/02/2026”, which we can’t read as a date. It is left empty."),
        ("21/11/2026", "Raised says “21/11/2026”, a day that has not come yet. It is left empty."),
    ],
)
def test_a_day_we_can_not_use_is_told(said, note):
    row = read(csv_bytes([["Issue", "Raised"], ["a", said]]), today=TODAY).rows[0]
    assert (row.raised_on, row.notes) == (None, [note])


def test_a_row_without_its_issue_is_a_problem():
    row = read(csv_bytes([*SOURCE_HEAD, ["", "", "x", "", "Open", "", "", "", "Ring", ""]]), today=TODAY).rows[0]
    assert row.problems == ["There is no issue description. Say what gets in the way, or take the row out."]


def test_words_that_are_too_long_are_a_problem():
    row = read(csv_bytes([["Issue", "Countermeasure"], ["a" * 4000, "b" * 4001]]), today=TODAY).rows[0]
    assert row.problems == ["Countermeasure (now) is too long: 4,001 letters. Make it 4,000 or fewer."]


def test_what_a_formula_came_to_is_read():
    import io

    import openpyxl

    data = xlsx_bytes([["Issue", "Level"], ["a", "=1+1"]])  # no program has worked it out, so there is nothing to read
    assert openpyxl.load_workbook(io.BytesIO(data)).active["B2"].data_type == "f"
    assert read(data, today=TODAY).rows[0].level == ""
