"""The journey of a debrief on a phone, counted; and networks that are cut, slow or lie."""

import time

import pytest
from django.urls import reverse

from debriefs.models import Contribution, Debrief, DebriefAnswer
from issues.models import Issue
from tests import factories as f
from tests.debriefs.record.test_browser import on_device, says, write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, own_device, scrolls_sideways

pytestmark = [pytest.mark.browser]
LONG = "She opens the post if I sit with her, and not on her own. " * 35  # a little over 2,000 letters
PORTAL = "<!doctype html><title>Free wifi</title><h1>Welcome to the café</h1><p>Press to go online.</p>"

# How long people take, beside what the machine takes: measured on phones in the hand, thumbs alone.
WORDS_A_MINUTE = 36  # typing with one thumb; talking to the phone is three times as fast
SECONDS_A_TAP = 1.5  # to find a thing on the screen and reach it
THUMB_REACH = 44  # pixels: the least that a thumb hits


@pytest.fixture
def here(transactional_db, live_server_settings):
    from cycles.questions.sets import load_questions

    load_questions("default")
    return make_place()


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle)


@pytest.fixture
def phone(page):
    page.set_viewport_size(PHONE)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


class Hand:
    """One hand on a phone: it taps, and it writes. What it does is counted."""

    def __init__(self, page):
        self.page, self.taps, self.words, self.began = page, 0, 0, time.monotonic()

    def tap(self, what):
        target = self.page.locator(what).first
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box["height"] >= THUMB_REACH - 0.5, (what, box)
        assert box["x"] >= 0, (what, box)
        assert box["x"] + box["width"] <= PHONE["width"], (what, box)
        target.click()
        self.taps += 1

    def write(self, what, words):
        """Tapping into a box is a tap; the words are words."""
        self.tap(what)
        self.page.locator(what).fill(words)
        self.words += len(words.split())

    @property
    def seconds(self):
        """The machine's own time as it passed, and a person's time for each tap and word."""
        return time.monotonic() - self.began + self.taps * SECONDS_A_TAP + self.words * 60 / WORDS_A_MINUTE


@pytest.mark.system(24)
def test_a_debrief_takes_less_than_ninety_seconds_and_twelve_taps(phone, live_server, sign_in, here, debrief, console):
    """From Today: words in three boxes, an issue with its level and a lesson, shared with the team."""
    sign_in(here.worker)
    phone.goto(live_server.url + "/today/")
    hand = Hand(phone)
    hand.tap("main a:has-text('Start my notes')")
    phone.wait_for_selector("#id_now")
    assert phone.locator("#id_now").bounding_box()["y"] + 44 < PHONE["height"]  # the first box is on the first screen
    hand.write("#id_now", "Letters reach people before anyone rings them.")
    hand.tap("#adds-now summary:has-text('Raise an issue')")
    hand.tap("#adds-now label:has-text('Sys')")
    hand.tap("#adds-now button:has-text('Add this issue')")
    phone.wait_for_selector("#adds-now .made")
    hand.write("#id_learn", "She opens the post when I sit beside her.")
    hand.tap("#adds-learn summary:has-text('Add learning')")
    hand.tap("#adds-learn button:has-text('Add this learning')")
    phone.wait_for_selector("#adds-learn .made")
    hand.write("#id_next-staff", "Ring her on Monday.")
    share = phone.locator("button:has-text('Finish and share')")
    assert share.bounding_box()["y"] > PHONE["height"] / 2  # where the thumb is
    hand.tap("button:has-text('Finish and share')")
    phone.wait_for_url("**" + debrief.get_absolute_url())
    assert hand.taps < 12, hand.taps
    assert hand.seconds < 90, hand.seconds
    assert (Issue.objects.count(), DebriefAnswer.objects.count(), Debrief.objects.get().state) == (1, 2, "held")
    assert console == []


@pytest.mark.system(25)
def test_a_hot_debrief_is_two_taps_and_its_words(phone, live_server, sign_in, here):
    sign_in(here.worker)
    phone.goto(live_server.url + "/today/")
    hand = Hand(phone)
    hand.tap("main a:has-text('hot debrief')")
    phone.locator("#id_issue").fill("Agents rang Joe this morning.")
    hand.tap("button:has-text('Call it now')")
    phone.wait_for_selector("text=Called. A message is on its way")
    assert hand.taps == 2
    assert axe_violations(phone) == []


def test_each_prompt_says_when_its_words_were_kept(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    own_device(phone)
    phone.goto(live_server.url + write_url(debrief))
    phone.fill("#id_now", "First.")
    phone.wait_for_function("() => document.getElementById('at-now').textContent.startsWith('Saved ')")
    assert phone.inner_text("#at-learn") == ""
    phone.context.set_offline(True)
    phone.fill("#id_learn", "Without a signal.")
    phone.wait_for_function("() => document.getElementById('at-learn').textContent.startsWith('On this phone')")
    assert phone.inner_text("#at-now").startswith("Saved ")
    phone.context.set_offline(False)
    phone.wait_for_function("() => document.getElementById('at-learn').textContent.startsWith('Saved ')", timeout=25000)
    phone.reload()
    assert phone.inner_text("#at-now").startswith("Saved ")
    assert phone.inner_text("#at-need") == ""


# ------------------------------------------------------------------ a network that lies


def lie(page, what="**/*"):
    page.route(what, lambda route: route.fulfill(status=200, content_type="text/html", body=PORTAL))


def test_a_cafes_own_page_is_never_taken_for_an_answer(phone, live_server, sign_in, here, debrief):
    """It answers 200 to anything: to a save, to a token, to a press of the button. Nothing is called saved."""
    sign_in(here.worker)
    own_device(phone)
    phone.goto(live_server.url + write_url(debrief))
    phone.fill("#id_now", "Before.")
    says(phone, "Saved")
    lie(phone)
    phone.fill("#id_now", "Before. " + LONG)
    says(phone, "Safe on this phone")
    phone.wait_for_timeout(700)
    assert phone.locator("h1:has-text('Welcome')").count() == 0
    assert "Saved" not in phone.inner_text("#save-state")
    assert on_device(phone)["count"] == 1
    phone.click("text=Finish and share")
    phone.wait_for_timeout(800)
    assert phone.input_value("#id_now") == "Before. " + LONG
    assert Contribution.objects.get().draft["words"]["now"] == "Before."
    phone.unroute("**/*")
    phone.wait_for_url("**" + debrief.get_absolute_url(), timeout=25000)  # it was asked to be shared, and now is
    assert DebriefAnswer.objects.get().text == ("Before. " + LONG).strip()


def test_words_kept_on_the_device_survive_a_cafes_own_page_on_other_pages(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    own_device(phone)
    phone.goto(live_server.url + write_url(debrief))
    phone.context.set_offline(True)
    phone.fill("#id_now", "From the bus.")
    says(phone, "Safe on this phone")
    phone.wait_for_timeout(700)
    lie(phone, "**/debriefs/*/draft/")  # the token comes through, the words do not
    phone.context.set_offline(False)  # the page tries again at once
    phone.goto(live_server.url + "/debriefs/")
    phone.wait_for_timeout(1500)
    assert on_device(phone)["count"] == 1
    assert not Contribution.objects.exclude(draft={}).exists()


def test_the_empty_form_is_not_replaced_by_a_cafes_own_page(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    own_device(phone)
    # Only the worker's own fetches lie: it must not keep that page as the form for when there is no signal.
    phone.context.route(
        "**/debriefs/blank/", lambda route: route.fulfill(status=200, content_type="text/html", body=PORTAL)
    )
    phone.goto(live_server.url + write_url(debrief))
    phone.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_timeout(500)
    phone.context.set_offline(True)
    phone.reload()
    assert "Free wifi" not in phone.title()


# ------------------------------------------------------------------ a slow one


def test_a_slow_network_is_called_slow_and_nothing_typed_meanwhile_is_lost(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    own_device(phone)
    phone.goto(live_server.url + write_url(debrief))
    held = []

    def hold_the_first(route):
        held.append(route)
        if len(held) > 1:
            route.continue_()

    phone.route("**/debriefs/*/draft/", hold_the_first)
    phone.fill("#id_now", "One.")
    says(phone, "slow signal", timeout=9000)
    assert "Saved" not in phone.inner_text("#save-state")
    phone.fill("#id_learn", "Typed while the first was on its way.")
    phone.wait_for_timeout(1500)
    held[0].continue_()
    says(phone, "Saved", timeout=15000)
    phone.wait_for_function("() => document.getElementById('at-learn').textContent.startsWith('Saved ')", timeout=15000)
    words = Contribution.objects.get().draft["words"]
    assert (words["now"], words["learn"]) == ("One.", "Typed while the first was on its way.")
    assert "other" not in Contribution.objects.get().draft


# ------------------------------------------------------------------ row 36: a phone without a signal


@pytest.mark.parametrize("run", range(5))
def test_two_thousand_letters_outlive_a_killed_tab_and_a_session_that_ran_out(
    phone, live_server, sign_in, here, debrief, run
):
    from django.contrib.sessions.models import Session

    sign_in(here.worker)
    own_device(phone)
    phone.goto(live_server.url + write_url(debrief))
    phone.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_timeout(400)
    phone.context.set_offline(True)
    phone.fill("#id_now", LONG)
    phone.wait_for_timeout(400 + 150 * run)  # far less than the five seconds that may be lost
    says(phone, "Safe on this phone")
    kept = on_device(phone)
    assert (kept["count"], "post" in kept["text"], kept["extractable"]) == (1, False, False)
    other = phone.context.new_page()
    phone.close(run_before_unload=False)
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(live_server.url + write_url(debrief))  # the empty form, from the device
    other.wait_for_function("() => document.getElementById('id_now').value.length > 2000", timeout=8000)
    assert other.input_value("#id_now") == LONG
    Session.objects.all().delete()
    other.context.set_offline(False)
    says(other, "Sign in", timeout=25000)
    other.click("#save-state a")
    other.fill("input[name=login]", here.worker.email)
    other.fill("input[name=password]", f.PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_url("**" + write_url(debrief))
    says(other, "Saved", timeout=25000)
    other.wait_for_timeout(700)
    assert on_device(other)["count"] == 0
    notes = Contribution.objects.get()
    assert notes.draft["words"]["now"] == LONG
    assert "other" not in notes.draft
    other.click("text=Finish and share")
    other.wait_for_url("**" + debrief.get_absolute_url())
    assert DebriefAnswer.objects.count() == 1


# ------------------------------------------------------------------ another phone


def test_a_change_of_phone_brings_the_words_along(phone, browser, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    phone.goto(live_server.url + write_url(debrief))
    phone.fill("#id_now", "Begun on the old phone.")
    says(phone, "Saved")
    new = browser.new_context(viewport=PHONE)
    try:
        page = new.new_page()
        page.goto(live_server.url + "/account/login/")
        page.fill("input[name=login]", here.worker.email)
        page.fill("input[name=password]", f.PASSWORD)
        page.click("main button[type=submit]")
        page.goto(live_server.url + write_url(debrief))
        assert page.input_value("#id_now") == "Begun on the old phone."
        assert page.inner_text("#at-now").startswith("Saved ")
    finally:
        new.close()


# ------------------------------------------------------------------ the recorder's tray


@pytest.mark.system(27)
def test_sentences_are_marked_with_a_finger_or_tapped_and_become_an_issue(phone, live_server, sign_in, here, console):
    from tests.debriefs.record.test_pages import share

    held = f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.recorder)
    share(held, here.worker, "His hold ran out. Nobody told us. We sat with him.")
    sign_in(here.recorder)
    phone.goto(live_server.url + held.get_absolute_url())
    phone.click("text=Sort what was said")
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)
    phone.locator(".sentence").nth(0).click()
    phone.evaluate(
        """() => { const words = document.querySelectorAll('.sentence span')[1].firstChild;
             document.getSelection().setBaseAndExtent(words, 2, words, 9); }"""
    )
    phone.wait_for_function("() => document.querySelectorAll('.sentence input:checked').length === 2")
    phone.locator("button:has-text('An issue')").first.click()
    assert phone.input_value("#id_description") == "His hold ran out. Nobody told us."
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)
    phone.click("text=Put it in the log")
    phone.wait_for_selector("text=It is in the log.")
    assert Issue.objects.get().ref in phone.inner_text("main")
    assert console == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_newer_pages_are_fit_for_all(page, live_server, sign_in, here, scheme):
    from tests.debriefs.record.test_pages import share

    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)
    held = f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.worker)
    f.MeasureFactory(cycle=here.cycle)
    answer = share(held, here.worker, "One sentence. Another one.")
    life = f.CaseFactory(team=here.core, worker=here.worker)
    planned = f.DebriefFactory(cycle=here.cycle)
    planned.cases.add(life)
    sign_in(here.worker)
    make = reverse("debriefs:make", args=[answer.pk])
    for address in (
        reverse("debriefs:sort", args=[held.pk]),
        *(f"{make}?s=0&as={kind}" for kind in ("issue", "lesson", "reading", "story", "follow-up")),
        reverse("debriefs:paper"),
        reverse("debriefs:paper_enter"),
        reverse("debriefs:hot"),
        write_url(planned),
    ):
        page.goto(live_server.url + address)
        for details in page.locator("details").all():
            details.evaluate("one => one.open = true")
        assert (address, axe_violations(page)) == (address, [])
        assert (address, scrolls_sideways(page)) == (address, False)
