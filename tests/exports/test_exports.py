"""Every view goes out as it stands, with nothing that a spreadsheet would run and nothing its reader may not see."""

import csv
import io

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import AuditEntry
from issues.groups.actions import decide
from issues.log import actions
from issues.patterns.actions import make_pattern
from issues.pledges.actions import answer, recommend
from tests import factories as f

FORMULA = "=1+1"


def table(client, what, **query):
    """The rows of the CSV, which are those of the workbook as well."""
    rows = list(csv.reader(io.StringIO(read(client, f"download_{what}_csv", query).decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(read(client, f"download_{what}_xlsx", query)))
    cells = [["" if cell is None else said(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
    assert cells == rows
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    return rows


def said(cell):
    return f"{cell:%Y-%m-%d}" if hasattr(cell, "year") else str(cell)


def read(client, name, query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    return b"".join(answer.streaming_content)


@pytest.fixture
def steward(client, here):
    client.force_login(here.steward)
    return client


def test_triage_goes_out_as_it_is_filtered(steward, here, elsewhere):
    kept = f.IssueFactory(cycle=here.cycle, description=FORMULA, level=3)
    f.IssueFactory(cycle=here.cycle, level=2)
    f.IssueFactory(cycle=elsewhere.cycle, level=3)
    rows = table(steward, "triage", level="macro")
    assert [(row[0], row[12]) for row in rows[2:]] == [(f"'{FORMULA}", kept.ref)]


def test_what_lies_under_a_pattern_goes_out_as_far_as_its_reader_sees(client, steward, here):
    one, two = (f.IssueFactory(cycle=here.cycle, raised_by=here.worker) for _ in range(2))
    pattern = make_pattern(description="Letters before calls", issues=[one, two], by=here.steward)
    assert [row[12] for row in table(steward, "pattern", ref=pattern.ref)[2:]] == [one.ref, two.ref]
    assert client.get(reverse("download_pattern_csv"), {"ref": one.ref}).status_code == 404
    client.force_login(here.helper)
    assert client.get(reverse("download_pattern_csv"), {"ref": pattern.ref}).status_code == 404


def test_what_lies_before_a_group_goes_out_for_those_who_may_open_its_page(client, here, elsewhere):
    held, asked, _other = (f.IssueFactory(cycle=here.cycle, raised_by=here.worker) for _ in range(3))
    for issue in (held, asked):
        actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    actions.accept(move=held.moves.get(), by=here.leader)
    client.force_login(here.leader)
    rows = table(client, "group", group=here.leadership.slug)
    assert [row[12] for row in rows[2:]] == [held.ref, asked.ref]
    for who in (here.helper, here.worker, elsewhere.leader):
        client.force_login(who)
        assert client.get(reverse("download_group_csv"), {"group": here.leadership.slug}).status_code == 404


def test_recommendations_go_out_and_name_the_issue_only_to_those_who_see_it(client, here, elsewhere):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Zqissue")
    advice = recommend(
        issue=issue, team=here.leadership, to=f.AgencyFactory(place=here.place, name="The board"), text=FORMULA,
        why="Yours", by=here.leader,
    )  # fmt: skip
    answer(recommendation=advice, says="no", answer="No money", version=1, by=here.leader)
    commissioner = f.MembershipFactory(team=here.evidence_team, place=here.place, role="commissioner").user
    for who, ref in ((here.worker, issue.ref), (commissioner, "")):
        client.force_login(who)
        _, row = table(client, "recommendations")
        assert row[2:5] == ["The board", ref, f"'{FORMULA}"]
        assert row[7:9] == ["No, because…", "No money"]
        assert "Zqissue" not in str(row)
    for who in (here.helper, elsewhere.leader):
        client.force_login(who)
        assert len(table(client, "recommendations")) == 1


def test_decisions_go_out_with_the_words_of_the_group(client, here):
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="The post waits")
    actions.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="May we?", by=here.worker)
    decide(issue=issue, team=here.leadership, outcome="not_now", words="@after April", by=here.leader)
    client.force_login(here.leader)
    head, row = table(client, "decisions")
    assert head[:4] == ["Decided on", "Group", "Ref", "Issue"]
    assert row[2:6] == [issue.ref, "The post waits", "Not now, because…", "'@after April"]
    assert table(client, "decisions", barrier="1") == [head]


def test_stories_go_out_as_a_list_without_their_words(client, here):
    shared = f.StoryFactory(cycle=here.cycle, shared=True, title="The post", told_by="=Rowan", body="Zqbody")
    f.StoryFactory(cycle=here.cycle, reach="team", checked_by_teller_on=timezone.localdate(), title="Zqteam")
    f.StoryFactory(cycle=here.cycle, shared=True, withdrawn_on=timezone.localdate(), title="Zqtakenback")
    f.StoryFactory(cycle=here.cycle, title="Zqdraft", written_by=here.worker)
    client.force_login(here.worker)
    rows = table(client, "stories")
    assert [row[:2] for row in rows[1:]] == [[shared.title, "'=Rowan"]]


def test_what_leaves_is_written_down_and_slowed_down(steward, here):
    read(steward, "download_triage_csv", {})
    entries = AuditEntry.objects.filter(act="export").values_list("actor_ref", "place_ref", "kind")
    assert list(entries) == [(here.steward.pk, here.place.pk, "issue")]
    cache.set(f"limit-export-user-{here.steward.pk}", 20)
    assert steward.get(reverse("download_stories_csv")).status_code == 429


@pytest.mark.parametrize("what", ["triage", "stories"])
def test_an_export_asks_as_often_for_many(steward, here, what):
    def add():
        f.IssueFactory(cycle=here.cycle, countermeasure="Ring")
        f.StoryFactory(cycle=here.cycle, shared=True)

    add()
    read(steward, f"download_{what}_csv", {})
    with CaptureQueriesContext(connection) as one:
        read(steward, f"download_{what}_csv", {})
    add(), add()
    with CaptureQueriesContext(connection) as three:
        read(steward, f"download_{what}_csv", {})
    assert len(one) == len(three)


def test_links_keep_what_is_filtered(steward, here):
    f.IssueFactory(cycle=here.cycle, level=3)
    page = steward.get(reverse("issues:triage"), {"level": "macro"}).content.decode()
    assert reverse("download_triage_csv") + "?tab=&amp;level=macro" in page
