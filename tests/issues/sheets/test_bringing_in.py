import hashlib
from datetime import date

import pytest
from django.utils import timezone

from cycles.refusals import Refused
from issues.log.actions import raise_issue
from issues.log.models import Issue, IssueAccess, IssueStep, Level, Response, Sighting
from issues.log.tallies import FlowTally
from issues.sheets import actions
from issues.sheets.models import ImportBatch, Upload
from issues.sheets.reading import read
from issues.sheets.tasks import forget_uploads
from tests.factories import IssueFactory, LearningCycleFactory
from tests.issues.sheets.making import SOURCE_HEAD, csv_bytes

TODAY = date(2026, 11, 20)
ROWS = [
    *SOURCE_HEAD,
    ["Letters go out before anyone rings", "", "x", "", "Open", "", "x", "", "Hold the letter", "Ring first"],
    ["She had to wait five weeks", "", "", "x", "closed", "", "", "x", "", ""],
    ["Only said out loud", "", "", "", "", "", "", "", "", ""],
]


def bring_in(data, here, *, cycle=None, by=None):
    sheet = read(data, today=TODAY)
    return actions.import_rows(
        cycle=cycle or here.cycle, rows=sheet.rows, by=by or here.worker, file_name="log.csv",
        digest=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


@pytest.mark.system(35)
def test_rows_come_in_as_issues_of_the_named_cycle(here):
    batch = bring_in(csv_bytes(ROWS), here)
    assert (batch.added, batch.known) == (3, 0)
    first, second, third = Issue.objects.order_by("number")
    assert (first.description, first.level, first.owner_tier, first.status) == (ROWS[2][0], Level.SYS, "lship", "open")
    assert {r.kind: (r.text, r.state) for r in first.responses.all()} == {
        "countermeasure": ("Hold the letter", "trying"),
        "system_change": ("Ring first", "working_out"),
    }
    assert (first.countermeasure_state, first.system_change_state) == ("trying", "working_out")
    assert (second.level, second.owner_tier) == (Level.MACRO, "govt")
    assert (third.level, third.owner_tier, third.status) == (None, "", "open")
    assert {i.cycle for i in (first, second, third)} == {here.cycle}
    assert {i.held_by for i in (first, second, third)} == {here.core}


def test_a_closed_row_says_closed_before_import(here):
    bring_in(csv_bytes(ROWS), here)
    closed = Issue.objects.get(status="closed")
    assert (closed.closed_how, closed.get_closed_how_display()) == ("imported", "Closed before import")
    assert closed.closed_on == timezone.localdate()
    assert [s.words for s in closed.steps.filter(what="closed")] == ["Closed before import"]


def test_an_imported_issue_has_the_history_of_one_raised_by_hand(here):
    """Both ways must leave the same rows behind, or a page would show one poorer than the other."""
    by_hand = raise_issue(
        cycle=here.cycle, description="By hand", by=here.worker, level=2, owner_tier="lship",
        countermeasure="Hold the letter", system_change="Ring first",
    )  # fmt: skip
    bring_in(csv_bytes(ROWS[:3]), here)
    imported = Issue.objects.exclude(pk=by_hand.pk).get()

    def traces(issue):
        return {
            "issue": (issue.level, issue.owner_tier, issue.status, issue.held_by, issue.version, issue.raised_by),
            "states": (issue.countermeasure_state, issue.system_change_state),
            "access": list(IssueAccess.objects.filter(issue=issue).values_list("team", flat=True)),
            "sightings": [(s.team, s.by, s.words == issue.description) for s in Sighting.objects.filter(issue=issue)],
            "responses": list(
                Response.objects.filter(issue=issue).order_by("kind").values_list("kind", "text", "state")
            ),
            "steps": list(IssueStep.objects.filter(issue=issue).values_list("what", "words", "state", "team", "by")),
        }

    assert traces(imported) == traces(by_hand)
    flow = {}
    for tally in FlowTally.objects.all():
        key = (tally.level, tally.owner_tier, tally.status, tally.countermeasure_state, tally.system_change_state)
        flow[key] = flow.get(key, 0) + tally.n
    assert {key: n for key, n in flow.items() if n} == {(2, "lship", "open", "trying", "working_out"): 2}


def test_days_in_the_file_are_kept(here):
    rows = [["Issue", "Status", "Date raised", "Date closed"], ["Old", "closed", "03/02/2026", "1 March 2026"]]
    bring_in(csv_bytes(rows), here)
    issue = Issue.objects.get()
    assert (issue.raised_on, issue.closed_on, issue.held_since) == (
        date(2026, 2, 3),
        date(2026, 3, 1),
        date(2026, 2, 3),
    )
    assert issue.steps.get(what="raised").at.date() == date(2026, 2, 3)


def test_the_same_file_again_adds_nothing(here):
    data = csv_bytes(ROWS)
    bring_in(data, here)
    with pytest.raises(
        actions.AlreadyIn, match=r"^This very file came into “Cycle \d+” on .+\. Nothing was added again\.$"
    ):
        bring_in(data, here)
    assert Issue.objects.count() == 3


def test_a_longer_file_adds_only_what_is_new(here):
    bring_in(csv_bytes(ROWS), here)
    batch = bring_in(csv_bytes([*ROWS, ["A fourth thing"]]), here)
    assert (batch.added, batch.known) == (1, 3)
    assert Issue.objects.count() == 4


def test_a_row_is_known_again_after_the_issue_was_reworded(here):
    bring_in(csv_bytes(ROWS), here)
    Issue.objects.filter(number=1).update(description="Letters go out too soon")
    batch = bring_in(csv_bytes(ROWS, delimiter=";"), here)
    assert (batch.added, batch.known) == (0, 3)


def test_an_issue_raised_by_hand_is_known_by_its_words(here):
    IssueFactory(cycle=here.cycle, description="only  SAID out loud")
    assert bring_in(csv_bytes(ROWS), here).known == 1


def test_two_rows_that_say_the_same_are_two_issues_once(here):
    rows = [["Issue", "Level"], ["No one rang", "Ind"], ["No one rang", "Sys"]]
    assert bring_in(csv_bytes(rows), here).added == 2
    again = bring_in(csv_bytes([*rows, ["No one rang", "Macro"]]), here)
    assert (again.added, again.known) == (1, 2)


def test_another_cycle_may_take_the_same_file(here):
    bring_in(csv_bytes(ROWS), here)
    assert bring_in(csv_bytes(ROWS), here, cycle=LearningCycleFactory(team=here.core)).added == 3


def test_nobody_is_told_of_an_import(here):
    bring_in(csv_bytes(ROWS), here)
    assert not here.worker.notices.exists()
    assert not here.colleague.notices.exists()


def many(count, bad=()):
    rows = [["Issue description", "Level", "Countermeasure (now)"]]
    for number in range(1, count + 1):
        rows.append(["" if number in bad else f"Thing {number} gets in the way", "Sys", "We ring"])
    return csv_bytes(rows)


def test_one_bad_row_in_ten_thousand_keeps_everything_out(here):
    data = many(10_000, bad=[9_000])
    sheet = read(data, today=TODAY)
    with pytest.raises(Refused):
        bring_in(data, here)
    assert [row.number for row in sheet.rows if row.problems] == [9_001]
    assert (Issue.objects.count(), ImportBatch.objects.count(), IssueStep.objects.count()) == (0, 0, 0)
    here.place.refresh_from_db()
    assert here.place.issue_counter == 0


def test_a_failure_half_way_keeps_everything_out(here, monkeypatch):
    """The positive control of all or nothing: the last write fails, and the first are gone too."""

    def fails(*args, **kwargs):
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(actions.ImportBatch.objects, "create", fails)
    with pytest.raises(RuntimeError):
        bring_in(csv_bytes(ROWS), here)
    assert Issue.objects.count() == 0


def test_rows_of_many_batches_come_in_whole(here, monkeypatch):
    """How long ten thousand take is for bench/import_log.py to say."""
    monkeypatch.setattr(actions, "AT_A_TIME", 400)
    batch = bring_in(many(1_000), here)
    assert batch.added == Issue.objects.count() == 1_000
    assert Response.objects.count() == 1_000
    assert list(Issue.objects.order_by("number").values_list("number", flat=True)[:2]) == [1, 2]


def test_import_takes_a_handful_of_queries_however_long_it_is(here, django_assert_max_num_queries):
    data = many(600)
    with django_assert_max_num_queries(25):  # the same for 3 rows as for 600
        bring_in(data, here)


def test_uploads_are_forgotten_after_a_day(here, time_machine):
    sheet = read(csv_bytes(ROWS), today=TODAY)
    time_machine.move_to("2026-11-20 12:00")
    upload = actions.keep_upload(sheet=sheet, cycle=here.cycle, by=here.worker, file_name="a.csv", digest="1" * 64)
    assert Upload.objects.visible_to(here.worker).get() == upload
    assert not Upload.objects.visible_to(here.colleague).exists()
    time_machine.move_to("2026-11-21 12:01")
    assert not Upload.objects.visible_to(here.worker).exists()
    forget_uploads()
    assert not Upload.objects.exists()
    other = actions.keep_upload(sheet=sheet, cycle=here.cycle, by=here.worker, file_name="b.csv", digest="2" * 64)
    forget_uploads()
    assert list(Upload.objects.all()) == [other]


def test_a_life_takes_no_log(here):
    life = LearningCycleFactory(team=here.core, scale="person")
    with pytest.raises(Refused, match="A life keeps its own page"):
        bring_in(csv_bytes(ROWS), here, cycle=life)
