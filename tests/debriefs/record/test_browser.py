"""Notes on a phone, with and without a signal, in a real browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from debriefs.models import Contribution, Debrief, DebriefAnswer
from debriefs.record.drafts import save_notes
from issues.models import Issue
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, come_in, scrolls_sideways, unfit
from tests.helpers.device import a_page_beside, close, copies_are, on_device, ready_for_no_signal, rests, says

pytestmark = [pytest.mark.browser]
WORDS = "Saw Marie twice. " * 12


@pytest.fixture
def here(transactional_db, live_server_settings, questions_again):
    return make_place()


@pytest.fixture
def questions_again(transactional_db):
    """A transactional test before this one has emptied the tables."""
    from cycles.questions.sets import load_questions

    load_questions("default")


@pytest.fixture
def debrief(here):
    return f.DebriefFactory(cycle=here.cycle)


@pytest.fixture
def phone(page):
    page.set_viewport_size(PHONE)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def write_url(debrief):
    return reverse("debriefs:write", args=[debrief.pk])


def test_words_typed_without_signal_survive_a_reload_and_are_sent_once(
    phone, live_server, sign_in, here, debrief, console
):
    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    phone.fill("#id_now", "With a signal.")
    says(phone, "Saved")

    phone.context.set_offline(True)
    phone.fill("#id_now", "With a signal. " + WORDS)
    phone.fill("#id_learn", "She opens the post if I sit with her.")
    rests(phone, "With a signal. " + WORDS, "She opens the post if I sit with her.")
    says(phone, "Safe on this phone")
    kept = on_device(phone)
    assert kept["count"] == 1
    assert "Marie" not in kept["text"]
    assert kept["extractable"] is False
    assert Contribution.objects.get().draft["words"]["now"] == "With a signal."

    phone.reload()
    expect(phone.locator("#id_now")).to_have_value("With a signal. " + WORDS)
    expect(phone.locator("main")).to_contain_text("no signal", ignore_case=True)

    # The signal is back: the empty form makes way for the whole page, which sends what was kept.
    phone.context.set_offline(False)
    copies_are(phone, 0)
    says(phone, "Saved")
    expect(phone.locator("#id_learn")).to_have_value("She opens the post if I sit with her.")
    notes = Contribution.objects.get()
    assert notes.draft["words"]["now"].strip() == ("With a signal. " + WORDS).strip()
    assert "other" not in notes.draft

    phone.click("text=Finish and share")
    phone.wait_for_url("**" + debrief.get_absolute_url())
    assert DebriefAnswer.objects.count() == 2
    copies_are(phone, 0)


def test_words_kept_on_the_device_are_sent_from_the_next_page(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    phone.context.set_offline(True)
    phone.fill("#id_now", "From the bus.")
    rests(phone, "From the bus.")
    following = phone.context.new_page()
    phone.close(run_before_unload=False)
    phone.context.set_offline(False)
    following.goto(live_server.url + "/debriefs/")
    copies_are(following, 0)
    assert Contribution.objects.get().draft["words"]["now"] == "From the bus."


def test_signing_out_wipes_the_device(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    phone.context.set_offline(True)
    phone.fill("#id_now", "Nobody else's.")
    rests(phone, "Nobody else's.")
    phone.route("**/debriefs/token/", lambda route: route.abort())  # nothing can be sent
    phone.context.set_offline(False)
    phone.goto(live_server.url + reverse("account_logout"))
    assert on_device(phone)["count"] == 1
    phone.click("main button")
    phone.wait_for_url("**/account/login/**")
    assert on_device(phone)["count"] == 0


def test_a_shared_computer_keeps_nothing(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief))
    phone.context.set_offline(True)
    phone.fill("#id_now", "On a library computer.")
    says(phone, "Not saved yet")
    assert on_device(phone)["count"] == 0
    phone.context.set_offline(False)
    says(phone, "Saved")
    assert Contribution.objects.get().draft["words"]["now"] == "On a library computer."


def test_share_pressed_without_signal_is_done_when_it_is_back(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief))
    phone.fill("#id_now", "Shared from a tunnel.")
    says(phone, "Saved")
    phone.context.set_offline(True)
    phone.click("text=Finish and share")
    says(phone, "Not shared yet")
    assert Debrief.objects.get().state == "planned"
    phone.context.set_offline(False)
    phone.wait_for_url("**" + debrief.get_absolute_url())
    assert DebriefAnswer.objects.count() == 1


def test_a_debrief_with_an_issue_takes_few_taps_and_no_second_typing(
    phone, live_server, sign_in, here, debrief, console
):
    sign_in(here.worker, write_url(debrief))
    assert phone.locator("#id_now").bounding_box()["y"] < PHONE["height"]  # on the first screen
    taps = 0

    def tap(what):
        nonlocal taps
        taps += 1
        phone.locator(what).first.click()

    phone.fill("#id_now", "Letters reach people before anyone rings them.")
    tap("#adds-now summary:has-text('Raise an issue')")
    said = phone.locator("#id_now-issue-description")
    expect(said).to_have_value("Letters reach people before anyone rings them.")
    tap("#adds-now label:has-text('Sys')")
    tap("#adds-now button:has-text('Add this issue')")
    phone.wait_for_selector("#adds-now .made")
    issue = Issue.objects.get()
    assert issue.ref in phone.inner_text("#adds-now .made")
    phone.fill("#id_learn", "Sit beside them.")
    tap("#adds-learn summary:has-text('Add learning')")
    tap("#adds-learn button:has-text('Add this learning')")
    phone.wait_for_selector("#adds-learn .made")
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)
    tap("text=Finish and share")
    phone.wait_for_url("**" + debrief.get_absolute_url())
    assert taps <= 12
    assert axe_violations(phone) == []
    assert not scrolls_sideways(phone)
    assert console == []


def test_a_hot_debrief_cannot_be_called_offline_and_says_so(phone, live_server, sign_in, here):
    sign_in(here.worker, reverse("debriefs:hot"))
    assert axe_violations(phone) == []
    phone.fill("#id_issue", "A hold ended unseen.")
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed", lambda asked: "/token/" in asked.url):  # the press has had its answer
        phone.click("text=Call it now")
    says(phone, "can’t be called")
    assert phone.input_value("#id_issue") == "A hold ended unseen."
    phone.context.set_offline(False)
    phone.click("text=Call it now")
    phone.wait_for_selector("text=Called. A message is on its way")
    assert Debrief.objects.get(kind="hot").state == "held"


def test_signed_out_while_writing_the_words_stay_and_are_sent_after_signing_in(
    phone, live_server, sign_in, here, debrief
):
    from django.contrib.sessions.models import Session

    sign_in(here.worker, write_url(debrief), own=True)
    Session.objects.all().delete()
    phone.fill("#id_now", "Typed as the session ended.")
    rests(phone, "Typed as the session ended.")
    says(phone, "Sign in to send")
    assert phone.input_value("#id_now") == "Typed as the session ended."
    phone.click("#save-state a:not([target])")  # safe on the device, so that this page may be left
    come_in(phone, here.worker)
    phone.wait_for_url("**" + write_url(debrief))
    copies_are(phone, 0)
    says(phone, "Saved")
    assert phone.input_value("#id_now") == "Typed as the session ended."
    assert Contribution.objects.get().draft["words"]["now"] == "Typed as the session ended."


def test_two_open_pages_show_both_versions(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker)
    other = phone.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    for one in (phone, other):
        one.goto(live_server.url + write_url(debrief))
    phone.fill("#id_now", "From the phone")
    says(phone, "Saved")
    other.fill("#id_now", "From the laptop")
    says(other, "Also changed on another page")
    other.click("text=See both")
    other.wait_for_selector("text=Two versions of your notes")
    assert axe_violations(other) == []
    other.click("text=Keep both, one under the other")
    other.wait_for_selector("text=Two versions of your notes", state="detached")
    expect(other.locator("#id_now")).to_have_value(re.compile("From the phone"))
    expect(other.locator("#id_now")).to_have_value(re.compile("From the laptop"))


def test_an_old_copy_on_the_device_is_never_laid_over_newer_words(phone, live_server, sign_in, here, debrief):
    """Written without a signal on one phone, then on another, then the first is opened again."""
    sign_in(here.worker, write_url(debrief), own=True)
    beside = a_page_beside(phone, live_server.url)
    phone.fill("#id_now", "First.")
    says(phone, "Saved")
    phone.context.set_offline(True)
    phone.fill("#id_now", "First. From the bus.")
    rests(phone, "First. From the bus.")
    again = phone.context.new_page()
    close(beside, phone)
    begun = Contribution.objects.get()
    words = begun.draft["words"] | {"now": "First. From the other phone."}
    save_notes(debrief=debrief, words=words, revision=begun.revision, by=here.worker, writer="other", seq=1)
    again.context.set_offline(False)
    again.goto(live_server.url + write_url(debrief))
    says(again, "Also changed on another page")
    draft = Contribution.objects.get().draft
    assert (draft["words"]["now"], draft["other"]["now"]) == ("First. From the other phone.", "First. From the bus.")


AGE = """async (days) => {
  const db = await new Promise(ok => { const r = indexedDB.open('cairn-drafts', 1); r.onsuccess = () => ok(r.result); });
  await new Promise(ok => { const work = db.transaction('drafts', 'readwrite'); const all = work.objectStore('drafts');
    const r = all.getAll(); r.onsuccess = () => r.result.forEach(d => all.put({...d, since: Date.now() - days * 864e5}));
    work.oncomplete = ok; });
  db.close(); }"""


@pytest.mark.parametrize(("days", "left"), [(5.5, "2 more days"), (7.5, "")])
def test_old_words_are_warned_of_and_then_forgotten(phone, live_server, sign_in, here, debrief, days, left):
    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    phone.context.set_offline(True)
    phone.fill("#id_now", "An old thought.")
    rests(phone, "An old thought.")
    phone.evaluate(AGE, days)
    phone.reload()
    if left:
        says(phone, left)
        assert phone.input_value("#id_now") == "An old thought."
    else:
        copies_are(phone, 0)
        assert phone.input_value("#id_now") == ""


def test_every_debrief_page_is_fit_for_all(page, live_server, sign_in, here):
    from debriefs.models import FollowUp

    sign_in(here.worker)
    plan = f.DebriefPlanFactory(cycle=here.cycle, by=here.worker)
    held = f.DebriefFactory(cycle=here.cycle, held=True, recorder=here.worker)
    FollowUp.objects.create(debrief=held, audience="staff", text="Ring on Monday")
    missed = f.DebriefFactory(cycle=here.cycle, state="missed")
    planned = f.DebriefFactory(cycle=here.cycle)
    for address in (
        reverse("debriefs:list"),
        reverse("debriefs:new"),
        reverse("debriefs:plans"),
        reverse("debriefs:new_plan"),
        reverse("debriefs:plan", args=[plan.pk]),
        held.get_absolute_url(),
        missed.get_absolute_url(),
        reverse("debriefs:edit", args=[held.pk]),
        reverse("debriefs:discard", args=[planned.pk]),
        reverse("debriefs:blank"),
        write_url(planned),
    ):
        assert unfit(page, live_server.url + address) == []
