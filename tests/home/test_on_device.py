"""Notes that rest on someone's own phone are named on Today until they are sent."""

import pytest

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
    # An address that takes no notes any more: it can't be sent, so it must stay in sight.
    page.evaluate(KEEP, [str(here.worker.pk), "/debriefs/987654321/draft/"])
    page.evaluate(KEEP, [str(here.colleague.pk), "/debriefs/987654322/draft/"])

    page.reload()

    page.get_by_text("Safe on this phone since").wait_for()
    assert page.locator("#device-drafts li").count() == 1
    assert "She rang me back" not in page.content()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
