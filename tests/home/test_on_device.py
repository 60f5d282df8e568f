"""Notes that rest on someone's own phone are named on Today until they are sent."""

import pytest

from tests.debriefs.record.test_browser import on_device
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, own_device, scrolls_sideways

KEEP = """async ([user, form]) => {
    const store = await import("/static/js/drafts-store.js");
    await store.keep(user, form, { revision: "0", seq: 1 }, { now: "She rang me back" });
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_notes_on_my_own_phone_are_listed_and_no_one_elses(page, live_server, sign_in):
    here = make_place()
    page.set_viewport_size(PHONE)
    sign_in(here.worker)
    own_device(page)
    assert page.locator("#device-drafts").is_hidden()
    # What can't be sent at all must stay in sight.
    page.route("**/draft/", lambda route: route.abort())
    page.evaluate(KEEP, [str(here.worker.pk), "/debriefs/987654321/draft/"])
    page.evaluate(KEEP, [str(here.colleague.pk), "/debriefs/987654322/draft/"])

    page.reload()

    page.get_by_text("Safe on this phone since").wait_for()
    assert page.locator("#device-drafts li").count() == 1
    assert "She rang me back" not in page.content()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_notes_with_nowhere_to_go_come_to_a_page_of_their_own(page, live_server, sign_in):
    """Written up meanwhile, or of a team that one has left: the address answers 404, and no word is lost for it."""
    here = make_place()
    page.set_viewport_size(PHONE)
    sign_in(here.worker)
    own_device(page)
    page.evaluate(KEEP, [here.worker.pk, "/debriefs/987654321/draft/"])
    with page.expect_response("**/drafts/rescued/") as answer:
        page.reload()
    assert answer.value.ok
    page.wait_for_timeout(300)
    assert on_device(page)["count"] == 0
    page.reload()
    page.get_by_text("Words from a form you can’t open any more").click()
    page.get_by_text("She rang me back").wait_for()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_text("Delete these words").click()
    page.get_by_role("button", name="Delete them").click()
    page.wait_for_url("**/today/")
    assert page.get_by_text("Words from a form").count() == 0
