import io

import pytest
from django.core.management import CommandError, call_command

from issues.log.models import Issue
from tests.factories import LearningCycleFactory
from tests.issues.sheets.making import SOURCE_HEAD, SOURCE_MERGES, xlsx_bytes

ROWS = [*SOURCE_HEAD, ["Letters go out first", "", "x"], [], ["Total", 1], ["No one rang", "x"]]


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "our log.xlsx"
    path.write_bytes(xlsx_bytes(ROWS, merges=SOURCE_MERGES))
    return path


def run(path, cycle, by, *more):
    out = io.StringIO()
    call_command("import_issue_log", path, *more, cycle=str(cycle), by=by.email, stdout=out)
    return out.getvalue()


@pytest.mark.system(35)
def test_command_brings_a_log_in_once(here, log):
    assert run(log, here.cycle.pk, here.worker) == (
        f"Row 5 left out. It looks like a total.\n2 issues added to “{here.cycle}”. 0 there already.\n"
    )
    assert "Nothing was added again." in run(log, here.cycle.title.upper(), here.worker)
    assert Issue.objects.count() == 2


def test_command_only_looks_when_told_to(here, log):
    assert f"2 issues would be added to “{here.cycle}”." in run(log, here.cycle.pk, here.worker, "--dry-run")
    assert Issue.objects.count() == 0


def test_command_stops_at_what_it_would_have_to_ask(here, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("Issue,Level\n" + "a,Banana\n" * 22 + ",Sys\n")
    with pytest.raises(CommandError) as stopped:
        run(path, here.cycle.pk, here.worker)
    lines = str(stopped.value).splitlines()
    assert lines[0] == "Nothing was added. Put these right in the file, or answer them on the page:"
    assert lines[1] == "Row 2: Level says “Banana”. Which is it?"
    assert (len(lines), lines[-1]) == (22, "… and 3 more.")
    assert Issue.objects.count() == 0


def test_command_says_what_is_wrong(here, elsewhere, log, tmp_path):
    def fails(path, cycle, by):
        with pytest.raises(CommandError) as stopped:
            run(path, cycle, by)
        return str(stopped.value)

    here.admin.email = "nobody@example.org"
    assert fails(log, here.cycle.pk, here.admin) == "Nobody here signs in as nobody@example.org."
    none = "They need to be in its team, or a steward of its place."
    assert fails(log, here.cycle.pk, elsewhere.worker) == f"{elsewhere.worker} has no cycle “{here.cycle.pk}”. {none}"
    twin = LearningCycleFactory(team=here.core, title=here.cycle.title)
    assert fails(log, twin.title, here.worker) == (
        f"More than one cycle is called “{twin.title}”. Say its number: {[here.cycle.pk, twin.pk]}."
    )
    assert fails(tmp_path / "none.csv", here.cycle.pk, here.worker).endswith("none.csv: No such file or directory.")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1")
    assert fails(tmp_path / "a.pdf", here.cycle.pk, here.worker).startswith("This is not a spreadsheet.")
    assert Issue.objects.count() == 0
