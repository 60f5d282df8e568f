"""A worker brings the team's spreadsheet in, on a phone and on a laptop, without a line of script."""

import os

import pytest
from playwright.sync_api import expect

from issues.log.models import Issue
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, dress, press, scrolls_sideways
from tests.issues.sheets.making import SOURCE_HEAD, xlsx_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = [
    ["North team issue log"],
    [],
    *SOURCE_HEAD,
    [
        "When benefits are wrong, council tax recovery carries on anyway.", "", "x", "", "Open", "", "x", "",
        "Ring the duty line. They hold recovery for 30 days.", "Check income before any enforcement step.",
    ],
    ["Kit for the home takes weeks: one panel says yes.", "x", "x", "", "Open", "", "", "", "", ""],
    [],
    ["We cannot buy small things people need on the same day.", "", "✓", "", "Closed", "", "✓", "", "Petty cash", "Cards"],
    ["Total", 1, 3],
]  # fmt: skip


def fit(page, name):
    for size, scheme, width in ((LAPTOP, "light", "1440"), (PHONE, "dark", "360")):
        dress(page, size, scheme)
        assert axe_violations(page) == []
        assert not scrolls_sideways(page)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def note(line, troubles):
    """Every error the browser tells of, but the 422 that a refused form is meant to have."""
    if line.type == "error" and "422" not in line.text:
        troubles.append(f"{line.text} {line.location['url']}")


@pytest.mark.system(35)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_spreadsheet_comes_in_with_its_questions_answered(transactional_db, open_as, script):
    here = make_place()
    troubles = []
    check = fit if script else (lambda page, name: None)

    # Given a worker who is signed in
    page = open_as(here.worker, java_script_enabled=script)
    page.on("console", lambda line: note(line, troubles))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto("/issues/import/")
    check(page, "import")

    # When they choose a file that is no spreadsheet, they are told beside the box and keep their choice
    page.select_option("select[name=cycle]", str(here.cycle.pk))
    page.set_input_files("input[type=file]", {"name": "log.xlsx", "mimeType": "", "buffer": b"%PDF-1.7"})
    page.get_by_role("button", name="Check my log").click()
    expect(page).to_have_title("There is a problem: Bring your own log – Cairn")
    expect(page.locator("select[name=cycle]")).to_have_value(str(here.cycle.pk))
    check(page, "import-error")

    # And then their own log
    data = xlsx_bytes(ROWS, merges=["A1:J1", "A3:A4", "B3:D3", "E3:E4", "F3:H3", "I3:J3"])
    page.set_input_files("input[type=file]", {"name": "Our log.xlsx", "mimeType": "", "buffer": data})
    page.get_by_role("button", name="Check my log").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what we understood")
    check(page, "check")

    # Then they are asked what only they can say, and nothing is in the log before their yes
    assert Issue.objects.count() == 0
    page.get_by_label("Sys", exact=True).check()
    press(page, page.get_by_role("button", name="Keep this answer"))
    page.get_by_role("button", name="Bring in 3 issues").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your log is in")
    check(page, "done")
    page.get_by_role("link", name="See the log").click()
    expect(page.locator("body")).to_contain_text("Kit for the home takes weeks")
    assert list(Issue.objects.order_by("number").values_list("level", "owner_tier", "status")) == [
        (2, "lship", "open"), (2, "", "open"), (2, "lship", "closed"),
    ]  # fmt: skip
    assert troubles == []
