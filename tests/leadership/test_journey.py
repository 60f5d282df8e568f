"""In a real browser: a leader asks for a pack, watches it being built and takes it along; all pages with axe."""

from threading import Thread

import pytest
from django.db import connection
from pypdf import PdfReader

from hls.leadership import tasks
from hls.leadership.models import Summary
from tests.factories.fixtures import make_place
from tests.helpers.browser import (
    LAPTOP,
    PHONE,
    axe_violations,
    dress,
    press,
    scrolls_sideways,
    sign_in_with,
    unfit,
)
from tests.leadership.conftest import QUOTE, STORY, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def filled():
    return fill(make_place())


def build_beside():
    """What a worker does, on a thread of the test so that the page can be watched meanwhile."""

    def run():
        try:
            tasks.build(Summary.objects.get().pk)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def fit(page):
    """What is wrong with it as it stands, in the light and in the dark, wide and narrow."""
    found = []
    for size, scheme in ((LAPTOP, "light"), (PHONE, "dark")):
        dress(page, size, scheme)
        found += axe_violations(page) + (["scrolls sideways"] if scrolls_sideways(page) else [])
    return found


def test_a_leader_asks_watches_and_downloads(page, sign_in, console, filled, monkeypatch, tmp_path):
    monkeypatch.setattr(tasks, "nudge", lambda pk: None)
    dress(page, PHONE, "dark")
    sign_in(filled.leader)

    # Given the overview, with a voice beside the numbers
    assert page.url.endswith("/overview/")
    assert page.get_by_text(STORY).is_visible()
    assert page.get_by_text(QUOTE).first.is_visible()

    # When the leader asks for a summary
    press(page, page.get_by_role("link", name="Summaries"))
    page.get_by_role("button", name="Make the summary").click()
    page.get_by_text("It is in the queue…").wait_for()
    assert fit(page) == []
    worker = build_beside()

    # Then the page turns into the pack by itself, and the PDF can be taken along
    link = page.get_by_role("link", name="Download the PDF")
    link.wait_for(timeout=180_000)
    worker.join()
    page.get_by_role("heading", name="What we are learning").wait_for()
    assert fit(page) == []
    with page.expect_download() as taken:
        link.click()
    taken.value.save_as(tmp_path / "pack.pdf")
    assert len(PdfReader(tmp_path / "pack.pdf").pages) == 4

    # And what was said about it is written down
    page.get_by_label("What did you say, and what happens next?").fill("We start with the letters.")
    page.get_by_role("button", name="Discussed").click()
    page.get_by_text("Written down. This summary is closed.").wait_for()
    assert fit(page) == []
    assert console == []


def test_the_same_without_script(open_as, filled, monkeypatch):
    monkeypatch.setattr(tasks, "nudge", lambda pk: None)
    page = open_as(filled.leader, viewport=LAPTOP, java_script_enabled=False)
    page.goto("/summaries/")
    press(page, page.get_by_role("button", name="Make the summary"))
    build_beside().join()
    press(page, page.get_by_role("link", name="Look again"))

    assert page.get_by_role("link", name="Download the PDF, 4 pages").is_visible()
    page.get_by_label("What did you say, and what happens next?").fill("We start with the letters.")
    press(page, page.get_by_role("button", name="Discussed"))
    assert page.get_by_text("We start with the letters.").is_visible()


def test_today_is_fit_to_use(page, sign_in, console, filled):
    dress(page, PHONE, "dark")
    sign_in(filled.worker)

    assert page.url.endswith("/today/")
    assert fit(page) == []
    page.get_by_role("button", name="Partly").first.click()
    page.get_by_text("Thank you. Your answer is on the issue").wait_for()
    assert fit(page) == []
    assert console == []


def test_leaders_pages_are_fit_with_everything_open(page, live_server, filled):
    sign_in_with(page.context, filled.leader, live_server.url)
    for address in ("/overview/", "/decisions/", "/summaries/"):
        assert unfit(page, live_server.url + address) == []
