"""What the drill in whole browsers found (`bench.offline`): each is held here in small."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as f
from tests.debriefs.record.test_browser import write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE
from tests.helpers.device import STORE, ready_for_no_signal, rests, says

pytestmark = [pytest.mark.browser]
LISTED = """() => [...document.querySelectorAll('#debrief textarea, #debrief input[type=text]')]
  .filter(box => box.autocomplete !== 'off').map(box => box.name)"""


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
    # As on a network that leads nowhere: the phone itself believes that there is a signal.
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => true })")
    return page


def test_a_browser_does_not_note_the_words_to_put_them_back_after_a_crash(phone, live_server, sign_in, here, debrief):
    """What it would put back it keeps in the clear; it leaves out what asks not to be filled in."""
    sign_in(here.worker, write_url(debrief), own=True)
    assert phone.locator("#debrief textarea").count() > 3
    phone.wait_for_function(f"() => ({LISTED})().length === 0")
    phone.evaluate("document.querySelector('#debrief').append(document.createElement('textarea'))")
    phone.locator("#debrief > textarea").fill("Came later.")
    assert phone.evaluate(LISTED) == []
    ready_for_no_signal(phone)
    phone.context.set_offline(True)
    phone.reload()
    phone.wait_for_selector("form[data-blank]")
    phone.wait_for_function(f"() => ({LISTED})().length === 0")


def test_someone_who_never_pauses_is_kept_within_five_seconds(phone, live_server, sign_in, here, debrief):
    phone.clock.install()
    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    phone.clock.pause_at(timezone.now() + timedelta(minutes=1))
    phone.context.set_offline(True)
    for _ in range(30):
        phone.locator("#id_now").press_sequentially("a")
        phone.clock.run_for(150)
    kept = phone.evaluate(
        f"""async () => {{ {STORE}
          const store = await import('/static/js/drafts-store.js');
          return drafts.length && (await store.read(drafts[0])).find(([name]) => name === 'now')[1]; }}"""
    )
    assert kept, "nothing was kept while it was typed"
    phone.clock.run_for(300)
    rests(phone, "a" * 30)


def test_the_empty_form_says_that_words_are_safe_whatever_the_phone_believes(
    phone, live_server, sign_in, here, debrief
):
    sign_in(here.worker, write_url(debrief), own=True)
    ready_for_no_signal(phone)
    phone.context.set_offline(True)
    phone.reload()
    phone.wait_for_selector("form[data-blank]")
    phone.fill("#id_now", "First words of the evening.")
    rests(phone, "First words of the evening.")
    says(phone, "Safe on this phone")


def test_a_copy_that_is_read_while_all_is_wiped_makes_no_new_key(phone, live_server, sign_in, here, debrief):
    sign_in(here.worker, write_url(debrief), own=True)
    phone.context.set_offline(True)
    phone.fill("#id_now", "To be forgotten.")
    rests(phone, "To be forgotten.")
    found = phone.evaluate(
        """async () => {
          const store = await import('/static/js/drafts-store.js');
          const [row] = await store.all();
          await store.wipe();
          return [await store.read(row), await store.onlyUser()]; }"""
    )
    assert found == [None, None]
