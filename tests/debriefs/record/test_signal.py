"""The journey of a debrief on a phone, counted; and networks that are cut, slow or lie."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from debriefs.models import Contribution, Debrief, DebriefAnswer
from issues.models import Issue
from tests import factories as f
from tests.debriefs.record.test_browser import write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, come_in, scrolls_sideways, unfit
from tests.helpers.device import (
    a_page_beside,
    close,
    copies_are,
    on_device,
    ready_for_no_signal,
    rests,
    said_beside,
    says,
)

pytestmark = [pytest.mark.browser]
LONG = "She opens the post if I sit with her, and not on her own. " * 35  # a little over 2,000 letters
PORTAL = "<!doctype html><title>Free wifi</title><h1>Welcome to the café</h1><p>Press to go online.</p>"

# How long people take: measured on phones in the hand, thumbs alone.
WORDS_A_MINUTE = 36  # typing with one thumb; talking to the phone is three times as fast
SECONDS_A_TAP = 1.5  # to find a thing on the screen and reach it
SECONDS_AN_ANSWER = 3  # until a page has come over a slow network; what we take of it the bench holds far lower
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
        self.page, self.taps, self.words, self.answers = page, 0, 0, 0

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

    def await_answer(self, what):
        self.page.wait_for_selector(what)
        self.answers += 1

    @property
    def seconds(self):
        """By count, as a machine may be busy with other things."""
        waited = self.taps * SECONDS_A_TAP + self.answers * SECONDS_AN_ANSWER
        return waited + self.words * 60 / WORDS_A_MINUTE


@pytest.mark.system(24)
def test_a_debrief_takes_less_than_ninety_seconds_and_twelve_taps(phone, live_server, sign_in, here, debrief, console):
    """From Today: words in three boxes, an issue with its level and a lesson, shared with the team."""
    sign_in(here.worker, "/today/")
    hand = Hand(phone)
    hand.tap("main a:has-text('Start my notes')")
    hand.await_answer("#id_now")
    assert phone.locator("#id_now").bounding_box()["y"] + 44 < PHONE["height"]  # the first box is on the first screen
    hand.write("#id_now", "Letters reach people before anyone rings them.")
    hand.tap("#adds-now summary:has-text('Raise an issue')")
    hand.tap("#adds-now label:has-text('Sys')")
    hand.tap("#adds-now button:has-text('Add this issue')")
    hand.await_answer("#adds-now .made")
    hand.write("#id_learn", "She opens the post when I sit beside her.")
    hand.tap("#adds-learn summary:has-text('Add learning')")
    hand.tap("#adds-learn button:has-text('Add this learning')")
    hand.await_answer("#adds-learn .made")
    hand.write("#id_next-staff", "Ring her on Monday.")
    share = phone.locator("button:has-text('Finish and share')")
    assert share.bounding_box()["y"] > PHONE["height"] / 2  # where the thumb is
    hand.tap("button:has-text('Finish and share')")
    phone.wait_for_url("**" + debrief.get_absolute_url())
    hand.await_answer("h1")
    assert hand.taps < 12, hand.taps
    assert hand.seconds < 90, hand.seconds
    assert (Issue.objects.count(), DebriefAnswer.objects.count(), Debrief.objects.get().state) == (1, 2, "held")
    assert console == []


@pytest.mark.system(25)
def test_a_hot_debrief_is_two_taps_and_its_words(phone, live_server, sign_in, here):
    sign_in(here.worker, "/today/")
    hand = Hand(phone)
    hand.tap("main a:has-text('hot debrief')")
    phone.locator("#id_issue").fill("Agents rang Joe this morning.")
    hand.tap("button:has-text('Call it now')")
    phone.wait_for_selector("text=Called. A message is on its way")
    assert hand.taps == 2
    assert axe_violations(phone) == []


def test_each_prompt_says_when_its_words_were_kept(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    phone.fill("#id_now", "First.")
    said_beside(phone, "now", "Saved ")
    assert phone.inner_text("#at-learn") == ""
    phone.context.set_offline(True)
    phone.fill("#id_learn", "Without a signal.")
    said_beside(phone, "learn", "On this phone")
    assert phone.inner_text("#at-now").startswith("Saved ")
    phone.context.set_offline(False)
    said_beside(phone, "learn", "Saved ")
    phone.reload()
    assert phone.inner_text("#at-now").startswith("Saved ")
    assert phone.inner_text("#at-need") == ""


# ------------------------------------------------------------------ a network that lies


def lie(page, what="**/*"):
    page.route(what, lambda route: route.fulfill(status=200, content_type="text/html", body=PORTAL))


def test_a_cafes_own_page_is_never_taken_for_an_answer(phone, live_server, sign_in, here, debrief):
    """It answers 200 to anything: to a save, to a token, to a press of the button. Nothing is called saved."""
    sign_in(here.worker, write_url(debrief), own=True)
    phone.fill("#id_now", "Before.")
    says(phone, "Saved")
    lie(phone)
    phone.fill("#id_now", "Before. " + LONG)
    rests(phone, "Before. " + LONG)
    says(phone, "Safe on this phone")
    assert phone.locator("h1:has-text('Welcome')").count() == 0
    assert "Saved" not in phone.inner_text("#save-state")
    assert on_device(phone)["count"] == 1
    phone.click("text=Finish and share")
    says(phone, "It is shared when you are back")
    assert phone.input_value("#id_now") == "Before. " + LONG
    assert Contribution.objects.get().draft["words"]["now"] == "Before."
    phone.context.set_offline(True)  # out of the café, and its network with it
    phone.unroute("**/*")
    phone.context.set_offline(False)
    phone.wait_for_url("**" + debrief.get_absolute_url())  # it was asked to be shared, and now is
    assert DebriefAnswer.objects.get().text == ("Before. " + LONG).strip()


def test_words_kept_on_the_device_survive_a_cafes_own_page_on_other_pages(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    phone.context.set_offline(True)
    phone.fill("#id_now", "From the bus.")
    rests(phone, "From the bus.")
    following = phone.context.new_page()
    phone.close(run_before_unload=False)
    lie(following, "**/debriefs/*/draft/")  # the token comes through, the words do not
    following.context.set_offline(False)
    with following.expect_response("**/debriefs/*/draft/"):
        following.goto(live_server.url + "/debriefs/")
    following.wait_for_timeout(500)
    assert on_device(following)["count"] == 1
    assert not Contribution.objects.exclude(draft={}).exists()


def test_the_empty_form_is_not_replaced_by_a_cafes_own_page(phone, live_server, sign_in, here, debrief):
    # Only the worker's own fetches lie: it must not keep that page as the form for when there is no signal.
    told = []

    def answer(route):
        told.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body=PORTAL)

    phone.context.route("**/debriefs/blank/", answer)
    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    assert len(told) == 1
    phone.context.set_offline(True)
    phone.reload()
    assert "Free wifi" not in phone.title()


# ------------------------------------------------------------------ a slow one


def test_a_slow_network_is_called_slow_and_nothing_typed_meanwhile_is_lost(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    held = []

    def hold_the_first(route):
        held.append(route)
        if len(held) > 1:
            route.continue_()

    phone.route("**/debriefs/*/draft/", hold_the_first)
    phone.fill("#id_now", "One.")
    says(phone, "low signal")
    assert "Saved" not in phone.inner_text("#save-state")
    phone.fill("#id_learn", "Typed while the first was on its way.")
    rests(phone, "Typed while the first was on its way.")
    phone.wait_for_timeout(1500)  # so that it waits its turn behind the first
    held[0].continue_()
    says(phone, "Saved")
    said_beside(phone, "learn", "Saved ")
    words = Contribution.objects.get().draft["words"]
    assert (words["now"], words["learn"]) == ("One.", "Typed while the first was on its way.")
    assert "other" not in Contribution.objects.get().draft


# ------------------------------------------------------------------ row 36: a phone without a signal


def test_two_thousand_letters_outlive_a_killed_tab_and_a_session_that_ran_out(
    phone, live_server, sign_in, here, debrief
):
    from django.contrib.sessions.models import Session

    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    beside = a_page_beside(phone, live_server.url)
    phone.context.set_offline(True)
    phone.fill("#id_now", LONG)
    rests(phone, LONG)
    says(phone, "Safe on this phone")
    kept = on_device(phone)
    assert (kept["count"], "post" in kept["text"], kept["extractable"]) == (1, False, False)
    other = phone.context.new_page()
    close(beside, phone)
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(live_server.url + write_url(debrief))  # the empty form, from the device
    expect(other.locator("#id_now")).to_have_value(LONG)
    Session.objects.all().delete()
    other.context.set_offline(False)
    says(other, "Sign in")
    other.click("#save-state a")
    come_in(other, here.worker)
    other.wait_for_url("**" + write_url(debrief))
    copies_are(other, 0)
    says(other, "Saved")
    notes = Contribution.objects.get()
    assert notes.draft["words"]["now"] == LONG
    assert "other" not in notes.draft
    other.click("text=Finish and share")
    other.wait_for_url("**" + debrief.get_absolute_url())
    assert DebriefAnswer.objects.count() == 1


def test_words_rest_on_the_device_within_five_seconds_and_are_tried_again_every_fifteen(
    phone, live_server, sign_in, here, debrief
):
    """By the page's own clock, which the test moves: how busy the machine is says nothing."""
    phone.clock.install()
    sign_in(here.worker, write_url(debrief), own=True)
    phone.clock.pause_at(timezone.now() + timedelta(minutes=1))
    lie(phone)
    phone.fill("#id_now", "On the way home.")
    phone.clock.run_for(5_000)
    rests(phone, "On the way home.")
    says(phone, "Safe on this phone")
    phone.unroute("**/*")
    with phone.expect_response("**/debriefs/*/draft/"):
        phone.clock.run_for(15_000)
    copies_are(phone, 0)
    assert Contribution.objects.get().draft["words"]["now"] == "On the way home."


# ------------------------------------------------------------------ another phone


def test_a_change_of_phone_brings_the_words_along(phone, browser, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief))
    phone.fill("#id_now", "Begun on the old phone.")
    says(phone, "Saved")
    new = browser.new_context(viewport=PHONE)
    try:
        page = new.new_page()
        page.goto(live_server.url + "/account/login/")
        come_in(page, here.worker)
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
    sign_in(here.recorder, held.get_absolute_url())
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
    expect(phone.locator("#id_description")).to_have_value("His hold ran out. Nobody told us.")
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)
    phone.click("text=Put it in the log")
    phone.wait_for_selector("text=It is in the log.")
    assert Issue.objects.get().ref in phone.inner_text("main")
    assert console == []


def test_the_newer_pages_are_fit_for_all(page, live_server, sign_in, here):
    from tests.debriefs.record.test_pages import share

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
        assert unfit(page, live_server.url + address) == []
