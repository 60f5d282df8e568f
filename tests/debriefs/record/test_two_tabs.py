"""Two tabs of the same notes on one phone, killed without a signal: each keeps its own words, and both are shown."""

import re

import pytest
from playwright.sync_api import expect

from debriefs.models import Contribution
from tests import factories as f
from tests.debriefs.record.test_browser import write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, scrolls_sideways
from tests.helpers.device import a_page_beside, close, copies_are, on_device, ready_for_no_signal, rests, says

pytestmark = [pytest.mark.browser]
ONE, TWO = "From the first tab. " * 60, "From the second tab. " * 60


@pytest.fixture
def here(transactional_db, live_server_settings):
    from cycles.questions.sets import load_questions

    load_questions("default")
    return make_place()


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle)


@pytest.fixture
def tabs(page, live_server, sign_in, here, debrief):
    """Two pages of the same notes, with words typed into both while there was no signal."""
    page.set_viewport_size(PHONE)
    sign_in(here.worker, write_url(debrief), own=True)
    url = live_server.url + write_url(debrief)
    ready_for_no_signal(page)
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(url)
    beside = a_page_beside(page, live_server.url)
    page.context.set_offline(True)
    for tab, words in ((page, ONE), (other, TWO)):
        tab.fill("#id_now", words)
        rests(tab, words)
        says(tab, "Safe on this phone")

    def killed(*tabs, left=0):
        again = page.context.new_page()
        again.on("dialog", lambda dialog: dialog.accept())
        close(beside, *tabs, left=left)
        return again

    return page, other, url, killed


def test_both_are_shown_when_there_is_a_signal_and_nothing_is_dropped(tabs):
    page, other, url, killed = tabs
    assert on_device(page)["count"] == 2
    again = killed(page, other)
    again.context.set_offline(False)
    again.goto(url)
    again.wait_for_selector("text=Two versions of your notes")
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO}
    copies_are(again, 0)
    assert axe_violations(again) == []
    again.click("text=Keep both, one under the other")
    again.wait_for_selector("text=Two versions of your notes", state="detached")
    expect(again.locator("#id_now")).to_have_value(re.compile("From the second tab."))
    words = again.input_value("#id_now")
    assert (words.count("From the first tab."), words.count("From the second tab.")) == (60, 60)


def test_a_line_that_dies_between_the_two_still_shows_both(tabs):
    page, other, url, killed = tabs
    again = killed(page, other)
    again.context.set_offline(False)
    posts = []

    def second_is_lost(route):
        posts.append(route)
        if len(posts) == 2:
            route.abort()
        else:
            route.continue_()

    again.route("**/draft/", second_is_lost)
    again.goto(url)
    again.wait_for_selector("text=Two versions of your notes")
    assert len(posts) > 2, "sent again by the page that the words were laid back into"
    copies_are(again, 0)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO}


def test_without_a_signal_both_are_read_and_both_stay(tabs):
    page, other, url, killed = tabs
    again = killed(page, other)
    again.goto(url)  # the empty form that the device keeps
    again.wait_for_selector("[data-other-version]")
    assert again.input_value("#id_now") == TWO
    assert ONE.strip() in again.inner_text("[data-other-version]")
    assert not scrolls_sideways(again)
    again.fill("#id_now", TWO + "And on.")
    rests(again, TWO + "And on.")
    assert on_device(again)["count"] == 2
    last = killed(again)
    last.context.set_offline(False)
    last.goto(url)
    last.wait_for_selector("text=Two versions of your notes")
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO + "And on."}


def test_a_tab_that_lives_keeps_its_own_words_when_the_other_is_opened_again(tabs):
    page, other, url, killed = tabs
    again = killed(page, left=1)
    again.goto(url)
    again.wait_for_function("words => document.querySelector('#id_now').value === words", arg=ONE)
    assert again.locator("[data-other-version]").count() == 0
    other.fill("#id_now", TWO + "And on.")
    again.fill("#id_now", ONE + "And on.")
    rests(other, TWO + "And on.")
    rests(again, ONE + "And on.")
    assert on_device(again)["count"] == 2
    last = killed(again, other)
    last.context.set_offline(False)
    last.goto(url)
    last.wait_for_selector("text=Two versions of your notes")
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE + "And on.", TWO + "And on."}


def test_they_are_sent_from_any_other_page_too(tabs, live_server):
    page, other, _, killed = tabs
    again = killed(page, other)
    again.context.set_offline(False)
    again.goto(live_server.url + "/today/")
    copies_are(again, 0)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO}
