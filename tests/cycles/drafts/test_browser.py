"""The same forms in a real browser: a network that is cut, a tab that is killed, a session that ran out."""

import pytest
from django.contrib.sessions.models import Session

from cycles.models import FormDraft
from tests import factories as f
from tests.debriefs.record.test_browser import on_device, says
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, own_device, scrolls_sideways

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
    sign_in(here.worker)
    own_device(page)
    page.goto(live_server.url + kept.page)
    for details in page.locator("details").all():
        details.evaluate("one => one.open = true")
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    box = f"[name={kept.box}]"
    page.fill(box, "With a signal.")
    says(page, "Saved")
    page.context.set_offline(True)
    page.fill(box, LONG)
    says(page, "Safe on this phone")
    page.wait_for_timeout(500)
    rows = on_device(page)
    assert (rows["count"], "asked her" in rows["text"], rows["extractable"]) == (1, False, False)
    other = page.context.new_page()
    page.close(run_before_unload=False)
    Session.objects.all().delete()
    other.context.set_offline(False)
    other.goto(live_server.url + kept.page)  # signed out: the way in leads back here
    other.fill("input[name=login]", here.worker.email)
    other.fill("input[name=password]", f.PASSWORD)
    other.click("main button[type=submit]")
    other.wait_for_url("**" + kept.page)
    other.wait_for_function("box => document.querySelector(box).value.length > 2000", arg=box)
    says(other, "Saved", timeout=15000)
    other.wait_for_function("() => document.getElementById('save-state').dataset.state === 'saved'")
    assert FormDraft.objects.get().draft["words"][kept.box] == LONG
    assert "other" not in FormDraft.objects.get().draft
    other.wait_for_timeout(500)
    assert on_device(other)["count"] == 0
    for name, said in kept.more.items():
        if name not in ("team", "scale"):
            other.fill(f"[name={name}]", said)
    with other.expect_navigation():
        other.click("button[value=share]")
    other.wait_for_timeout(700)  # the copy that was kept before it was sent goes
    assert on_device(other)["count"] == 0
    assert (kept.count(), FormDraft.objects.get().has_words) == (1, False)
    other.goto(live_server.url + kept.page)
    assert other.input_value(box) == ""
    # With the network cut on purpose, htmx says that a request was not sent.
    assert [line for line in console if "ERR_INTERNET" not in line and not line.startswith("htmx:")] == []
