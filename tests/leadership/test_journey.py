"""In a real browser: a leader asks for a pack, watches it being built and takes it along; all pages with axe."""

from threading import Thread

import pytest
from django.db import connection
from pypdf import PdfReader

from hls.leadership import tasks
from hls.leadership.models import Summary
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, scrolls_sideways
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


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_leader_asks_watches_and_downloads(page, live_server, sign_in, console, filled, monkeypatch, tmp_path, size):
    monkeypatch.setattr(tasks, "nudge", lambda pk: None)
    page.set_viewport_size(size)
    sign_in(filled.leader)

    # Given the overview, with a voice beside the numbers
    assert page.url.endswith("/overview/")
    assert page.get_by_text(STORY).is_visible()
    assert page.get_by_text(QUOTE).first.is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)

    # When the leader asks for a summary
    page.get_by_role("link", name="Summaries").click()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Make the summary").click()
    page.get_by_text("It is in the queue…").wait_for()
    assert axe_violations(page) == []
    worker = build_beside()

    # Then the page turns into the pack by itself, and the PDF can be taken along
    link = page.get_by_role("link", name="Download the PDF")
    link.wait_for(timeout=60_000)
    worker.join()
    assert page.get_by_role("heading", name="What we are learning").is_visible()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    with page.expect_download() as taken:
        link.click()
    taken.value.save_as(tmp_path / "pack.pdf")
    assert len(PdfReader(tmp_path / "pack.pdf").pages) == 4

    # And what was said about it is written down
    page.get_by_label("What did you say, and what happens next?").fill("We start with the letters.")
    page.get_by_role("button", name="Discussed").click()
    page.get_by_text("Written down. This summary is closed.").wait_for()
    assert axe_violations(page) == []
    assert console == []


def test_the_same_without_script(browser, live_server, filled, monkeypatch):
    from tests.factories import PASSWORD

    monkeypatch.setattr(tasks, "nudge", lambda pk: None)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/account/login/")
    page.fill("input[name=login]", filled.leader.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")

    page.goto(live_server.url + "/summaries/")
    page.get_by_role("button", name="Make the summary").click()
    build_beside().join()
    page.get_by_role("link", name="Look again").click()

    assert page.get_by_role("link", name="Download the PDF, 4 pages").is_visible()
    page.get_by_label("What did you say, and what happens next?").fill("We start with the letters.")
    page.get_by_role("button", name="Discussed").click()
    assert page.get_by_text("We start with the letters.").is_visible()
    context.close()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (LAPTOP, "dark")], ids=["phone-light", "laptop-dark"])
def test_today_is_fit_to_use(page, live_server, sign_in, console, filled, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    sign_in(filled.worker)

    assert page.url.endswith("/today/")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    if scheme == "dark":
        return
    page.get_by_role("button", name="Partly").first.click()
    page.get_by_text("Thank you. Your answer is on the issue").wait_for()
    assert axe_violations(page) == []
    assert console == []


@pytest.mark.parametrize("url", ["/overview/", "/decisions/", "/summaries/"])
def test_leaders_pages_are_fit_in_the_dark(page, live_server, sign_in, filled, url):
    page.emulate_media(color_scheme="dark")
    sign_in(filled.leader)
    page.goto(live_server.url + url)

    assert axe_violations(page) == []
