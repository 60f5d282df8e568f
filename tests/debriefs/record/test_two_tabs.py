"""Two tabs of the same notes on one phone, killed without a signal: each keeps its own words, and both are shown."""

import pytest

from debriefs.models import Contribution
from tests import factories as f
from tests.debriefs.record.test_browser import on_device, says, write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, own_device, scrolls_sideways

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
    sign_in(here.worker)
    own_device(page)
    url = live_server.url + write_url(debrief)
    page.set_viewport_size(PHONE)
    page.goto(url)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    other = page.context.new_page()
    other.set_viewport_size(PHONE)
    other.goto(url)
    page.wait_for_timeout(700)
    page.context.set_offline(True)
    for tab, words in ((page, ONE), (other, TWO)):
        tab.fill("#id_now", words)
        says(tab, "Safe on this phone")
        tab.wait_for_timeout(500)
    return page, other, url


def killed(*tabs):
    again = tabs[0].context.new_page()
    again.on("dialog", lambda dialog: dialog.accept())
    for tab in tabs:
        tab.close(run_before_unload=False)
    return again


def test_both_are_shown_when_there_is_a_signal_and_nothing_is_dropped(tabs):
    page, other, url = tabs
    assert on_device(page)["count"] == 2
    again = killed(page, other)
    again.context.set_offline(False)
    again.goto(url)
    again.wait_for_selector("text=Two versions of your notes", timeout=15000)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO}
    assert on_device(again)["count"] == 0
    assert axe_violations(again) == []
    again.click("text=Keep both, one under the other")
    again.wait_for_selector("text=Two versions of your notes", state="detached")
    assert again.input_value("#id_now").count("From the first tab.") == 60
    assert again.input_value("#id_now").count("From the second tab.") == 60


def test_without_a_signal_both_are_read_and_both_stay(tabs):
    page, other, url = tabs
    again = killed(page, other)
    again.goto(url)  # the empty form that the device keeps
    again.wait_for_selector("[data-other-version]")
    assert again.input_value("#id_now") == TWO
    assert ONE.strip() in again.inner_text("[data-other-version]")
    assert not scrolls_sideways(again)
    again.fill("#id_now", TWO + "And on.")
    again.wait_for_timeout(700)
    assert on_device(again)["count"] == 2
    last = killed(again)
    last.context.set_offline(False)
    last.goto(url)
    last.wait_for_selector("text=Two versions of your notes", timeout=15000)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO + "And on."}


def test_a_tab_that_lives_keeps_its_own_words_when_the_other_is_opened_again(tabs):
    page, other, url = tabs
    again = killed(page)
    again.goto(url)
    again.wait_for_function("words => document.querySelector('#id_now').value === words", arg=ONE)
    assert again.locator("[data-other-version]").count() == 0
    other.fill("#id_now", TWO + "And on.")
    again.fill("#id_now", ONE + "And on.")
    again.wait_for_timeout(700)
    assert on_device(again)["count"] == 2
    last = killed(again, other)
    last.context.set_offline(False)
    last.goto(url)
    last.wait_for_selector("text=Two versions of your notes", timeout=15000)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE + "And on.", TWO + "And on."}


def test_they_are_sent_from_any_other_page_too(tabs, live_server):
    page, other, _ = tabs
    again = killed(page, other)
    again.context.set_offline(False)
    again.goto(live_server.url + "/today/")
    again.wait_for_timeout(2500)
    draft = Contribution.objects.get().draft
    assert {draft["words"]["now"], draft["other"]["now"]} == {ONE, TWO}
    assert on_device(again)["count"] == 0
