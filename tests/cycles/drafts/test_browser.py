"""The same forms in a real browser: a network that is cut, a tab that is killed, a session that ran out."""

import pytest
from django.contrib.sessions.models import Session

from cycles.models import FormDraft
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, come_in, open_all, press, scrolls_sideways
from tests.helpers.device import a_page_beside, close, copies_are, on_device, rests, says

pytestmark = [pytest.mark.browser]
LONG = "Nobody had asked her before. " * 70  # a little over 2,000 letters


@pytest.fixture
def here(transactional_db, live_server_settings):
    from cycles.questions.sets import load_questions

    load_questions("default")
    return make_place()


@pytest.mark.system(28)
@pytest.mark.parametrize("kept", ["look", "paper", "questions", "start", "issue", "card", "story"], indirect=True)
def test_words_outlive_a_cut_network_a_killed_tab_and_a_session_that_ran_out(
    page,
    live_server,
    sign_in,
    here,
    kept,
    console,
):
    page.set_viewport_size(PHONE)
    sign_in(here.worker, kept.page, own=True)
    beside = a_page_beside(page, live_server.url)
    open_all(page)
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    box = f"[name={kept.box}]"
    page.fill(box, "With a signal.")
    says(page, "Saved")
    page.context.set_offline(True)
    page.fill(box, LONG)
    rests(page, LONG)
    says(page, "Safe on this phone")
    rows = on_device(page)
    assert (rows["count"], "asked her" in rows["text"], rows["extractable"]) == (1, False, False)
    other = page.context.new_page()
    close(beside, page)
    Session.objects.all().delete()
    other.context.set_offline(False)
    other.goto(live_server.url + kept.page)  # signed out: the way in leads back here
    come_in(other, here.worker)
    other.wait_for_url("**" + kept.page)
    other.wait_for_function("box => document.querySelector(box).value.length > 2000", arg=box)
    copies_are(other, 0)
    says(other, "Saved")
    other.wait_for_function("() => document.getElementById('save-state').dataset.state === 'saved'")
    assert FormDraft.objects.get().draft["words"][kept.box] == LONG
    assert "other" not in FormDraft.objects.get().draft
    for name, said in kept.more.items():
        if name not in ("team", "scale"):
            other.fill(f"[name={name}]", said)
    press(other, "button[value=share]")
    copies_are(other, 0)  # the copy that was kept before it was sent goes
    assert (kept.count(), FormDraft.objects.get().has_words) == (1, False)
    other.goto(live_server.url + kept.page)
    assert other.input_value(box) == ""
    # With the network cut on purpose, htmx says that a request was not sent.
    assert [line for line in console if "ERR_INTERNET" not in line and not line.startswith("htmx:")] == []
