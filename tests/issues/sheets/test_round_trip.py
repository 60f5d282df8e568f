"""What goes out comes back the same, and nothing in it runs."""

import csv
import io
import itertools
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.log.actions import close_issue, set_response
from issues.log.models import Issue
from issues.sheets import actions, writing
from issues.sheets.guard import guarded, unguarded
from issues.sheets.reading import read
from tests.factories import IssueFactory, LearningCycleFactory
from tests.issues.sheets.making import csv_bytes

TODAY = date(2026, 11, 20)
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "\n=1", "\u200b=1", "﹢1"]
STARTS = tuple("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫−")
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40).map(
    lambda text: text.replace("\r\n", "\n").replace("\r", "\n").strip()  # as every form keeps them
)
hard = st.sampled_from(
    [
        *RISKY, "'tis", "''=1", "'=1", "'", "''", "5 < 6 & 7", "Ŵyn ŷd yn Ŵpsala", "שלום עולם", "🙂👩‍👩‍👧",
        'say "yes", no',
        "a,b;c\td|e", "one\ntwo\n\nthree", "Total", "Totals 3", "0012", "1", "true", "2026-01-02", "_x0041_",
        "_x005F_x0041_",
        "a\x0bb", "a\x1fb", "#N/A", "sep=;", "Issue description", "-", "x\ufffe", "end\u2028sep", "\ufeffmark",
    ]
).map(str.strip)  # fmt: skip
words = st.one_of(texts, hard)


@given(words)
def test_the_guard_comes_off_as_it_went_on(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(STARTS)


@pytest.mark.parametrize("text", RISKY)
def test_the_guard_is_put_on_what_a_spreadsheet_would_run(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["'tis the letter", "plain", "a=b", "", "5 < 6", "“-”"])
def test_the_guard_leaves_plain_words_alone(text):
    assert guarded(text) == unguarded(text) == text


def test_a_hand_written_dash_is_not_taken_for_a_guard():
    row = read(csv_bytes([["Issue", "Status"], ["- no one rang", "open"]]), today=TODAY).rows[0]
    assert row.issue == "- no one rang"


def out(issues, kind):
    if kind == "csv":
        return "".join(writing.csv_lines(issues)).encode()
    with writing.xlsx_file(issues) as file:
        return file.read()


_numbers = itertools.count(1)


def back(data, cycle, by):
    sheet = read(data, today=timezone.localdate())
    assert [(row.questions, row.problems, row.notes) for row in sheet.rows] == [([], [], [])] * len(sheet.rows)
    actions.import_rows(
        cycle=cycle, rows=sheet.rows, by=by, file_name="x", digest=f"{next(_numbers):064d}"
    )  # fmt: skip


def table(cycle):
    """All that the file says, but the ref: numbers are the place's own."""
    ref = writing.LOWER.index("Ref")
    found = writing.rows(Issue.objects.filter(cycle=cycle).order_by("number"))
    return [[cell for at, cell in enumerate(row) if at != ref] for row in found]


row = st.fixed_dictionaries(
    {
        "issue": words.filter(bool),
        "level": st.sampled_from(["", "ind", "sys", "macro"]),
        "owner": st.sampled_from(["", "team", "lship", "govt"]),
        "status": st.sampled_from(["open", "closed"]),
        "countermeasure": words,
        "system_change": words,
        "countermeasure_state": st.sampled_from(
            [("trying", None), ("not_needed", None), ("in_place", date(2026, 9, 22))]
        ),
        "system_change_state": st.sampled_from(
            [("working_out", None), ("agreed", None), ("agreed", date(2027, 1, 4)), ("in_place", date(2026, 1, 2))]
        ),
        "raised_on": st.dates(date(2020, 1, 1), date(2026, 11, 1)),
        "closed_on": st.dates(date(2020, 1, 1), date(2026, 11, 1)),
    }
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(row, min_size=1, max_size=8))
def test_out_and_in_and_out_again_says_the_same(here, kind, rows):
    from issues.sheets.reading import Row

    first, second = LearningCycleFactory(team=here.core), LearningCycleFactory(team=here.core)
    made = [
        Row(number, **(facts if facts["status"] == "closed" else facts | {"closed_on": None}))
        for number, facts in enumerate(rows, 3)
    ]
    actions.import_rows(cycle=first, rows=made, by=here.worker, file_name="x", digest=f"{next(_numbers):064d}")
    back(out(Issue.objects.filter(cycle=first).order_by("number"), kind), second, here.worker)
    assert table(second) == table(first)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_log_that_was_worked_on_comes_back_whole(here, kind):
    issue = IssueFactory(
        cycle=here.cycle, level=2, owner_tier="lship", countermeasure="=HYPERLINK(1)", raised_by=here.worker
    )
    set_response(
        issue=issue, kind="system_change", text="Ring first", state="in_place", in_place_on=date(2026, 9, 7),
        by=here.leader,
    )  # fmt: skip
    close_issue(issue=issue, how="new_normal", words="It works", countermeasure="not_needed", by=here.worker)
    IssueFactory(cycle=here.cycle, owner_tier="govt", system_change="Ask")
    second = LearningCycleFactory(team=here.core)
    back(out(Issue.objects.filter(cycle=here.cycle).order_by("number"), kind), second, here.worker)
    assert table(second) == table(here.cycle)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_downloaded_log_adds_nothing_to_the_log_it_came_from(here, kind):
    IssueFactory(cycle=here.cycle, description="=1+1", countermeasure="'quoted")
    IssueFactory(cycle=here.cycle, description="Twice")
    IssueFactory(cycle=here.cycle, description="Twice")
    back(out(Issue.objects.order_by("number"), kind), here.cycle, here.worker)
    assert Issue.objects.count() == 3


# ------------------------------------------------------------ the pages


def body(response):
    return b"".join(response.streaming_content)


@pytest.fixture
def risky_log(here):
    for text in RISKY:
        IssueFactory(
            cycle=here.cycle, description=f"{text} x", countermeasure=text, system_change=text, raised_by=here.worker
        )


def test_no_cell_of_a_csv_begins_like_a_formula(client, here, risky_log):
    client.force_login(here.worker)
    response = client.get(reverse("issues:export_csv"))
    cells = [cell for line in csv.reader(io.StringIO(body(response).decode("utf-8-sig"), newline="")) for cell in line]
    assert [cell for cell in cells if cell.startswith(STARTS)] == []
    assert "'=1+1 x" in cells


def test_no_cell_of_a_workbook_is_a_formula(client, here, risky_log):
    client.force_login(here.worker)
    book = openpyxl.load_workbook(io.BytesIO(body(client.get(reverse("issues:export_xlsx")))))
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "d"}
    assert [c.value for c in cells if c.data_type == "s" and c.value.startswith(STARTS)] == []


@pytest.mark.parametrize("name", ["export_csv", "export_xlsx", "import_empty"])
def test_a_download_is_a_file_and_never_a_page(client, here, name):
    client.force_login(here.worker)
    response = client.get(reverse(f"issues:{name}"))
    assert len(body(response)) > 100
    response.close()
    assert response.headers["Content-Disposition"].startswith('attachment; filename="issue-log-20')
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_the_shape_is_the_sources_own(here):
    IssueFactory(cycle=here.cycle, description="One", level=3, owner_tier="govt", raised_on=date(2026, 2, 3))
    upper, lower, only = csv.reader(io.StringIO(out(Issue.objects.all(), "csv").decode("utf-8-sig")))
    assert upper[:10] == ["Issue description", "Level", "", "", "Status", "Owner", "", "", "Action required", ""]
    assert lower[:10] == [
        "", "Ind", "Sys", "Macro", "", "Team", "L’ship", "Govt", "Countermeasure (now)", "System change (new normal)",
    ]  # fmt: skip
    assert only == ["One", "", "", "✓", "Open", "", "", "✓", "", "", "", "", "A-001", "2026-02-03", ""]


def test_export_keeps_to_the_filter_and_to_what_one_may_see(client, here, elsewhere):
    IssueFactory(cycle=here.cycle, description="Mine, macro", level=3)
    IssueFactory(cycle=here.cycle, description="Mine, sys", level=2)
    IssueFactory(cycle=LearningCycleFactory(team=here.working), description="Not my team", level=3)
    IssueFactory(cycle=elsewhere.cycle, description="Not my place", level=3)
    client.force_login(here.worker)
    found = read(body(client.get(reverse("issues:export_csv"), {"level": "macro"})), today=TODAY)
    assert [row.issue for row in found.rows] == ["Mine, macro"]
    found = read(body(client.post(reverse("issues:export_csv"), {"q": "sys"})), today=TODAY)
    assert [row.issue for row in found.rows] == ["Mine, sys"]
    client.force_login(elsewhere.worker)
    found = read(body(client.get(reverse("issues:export_xlsx"))), today=TODAY)
    assert [row.issue for row in found.rows] == ["Not my place"]


def test_export_names_no_raiser_and_no_life(client, here):
    from tests.factories import CaseFactory

    case = CaseFactory(team=here.core, alias="Kayleighmarker")
    by = case.worker
    IssueFactory(cycle=here.cycle, description="Wrong award", case=case, raised_by=by, words="The team's own words")
    client.force_login(here.steward)
    text = body(client.get(reverse("issues:export_csv"))).decode()
    assert "Wrong award" in text
    for secret in (case.alias, by.name, by.email, by.short_name, "The team's own words"):
        assert secret not in text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["export_csv", "export_xlsx"])
def test_export_query_count(client, here, count, name, django_assert_max_num_queries):
    for _ in range(count):
        IssueFactory(cycle=here.cycle, countermeasure="a", system_change="b")
    client.force_login(here.worker)
    with django_assert_max_num_queries(9):  # who asks (4), how many, the issues by a cursor (3), the audit
        body(client.get(reverse(f"issues:{name}")))
