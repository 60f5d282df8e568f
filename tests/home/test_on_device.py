"""Notes that rest on someone's own phone are named on Today until they are sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import FormDraft, Membership
from cycles.questions.sets import load_questions
from debriefs.models import Contribution
from tests import factories as f
from tests.debriefs.record.test_browser import write_url
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, press, scrolls_sideways
from tests.helpers.device import copies_are, says

KEEP = """async ([user, form]) => {
    const store = await import("/static/js/drafts-store.js");
    await store.keep(user, form, { revision: "0", seq: 1 }, { now: "She rang me back" });
}"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_notes_on_my_own_phone_are_listed_and_no_one_elses(page, live_server, sign_in):
    here = make_place()
    page.set_viewport_size(PHONE)
    sign_in(here.worker, "/today/", own=True)
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
    sign_in(here.worker, "/today/", own=True)
    page.evaluate(KEEP, [here.worker.pk, "/debriefs/987654321/draft/"])
    with page.expect_response("**/drafts/rescued/") as answer:
        page.reload()
    assert answer.value.ok
    copies_are(page, 0)
    page.reload()
    page.get_by_text("Words from a form you can’t open any more").click()
    page.get_by_text("She rang me back").wait_for()
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_text("Delete these words").click()
    press(page, page.get_by_role("button", name="Delete them"))
    page.wait_for_url("**/today/")
    assert page.get_by_text("Words from a form").count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_own", [True, False], ids=["own", "shared"])
def test_who_is_taken_off_the_team_while_writing_keeps_the_words(page, live_server, sign_in, is_own):
    """Rights end with the next save; what was typed comes to a page of its writer, and not to the team."""
    load_questions("default")
    here = make_place()
    debrief = f.DebriefFactory(cycle=here.cycle)
    sign_in(here.worker, write_url(debrief), own=is_own)
    page.fill("#id_now", "She rang me back.")
    says(page, "Saved")
    Membership.objects.filter(user=here.worker).update(to_on=timezone.localdate() - timedelta(days=1))
    page.fill("#id_now", "She rang me back, and we opened the post.")
    says(page, "You can’t send this any more.")
    copies_are(page, 0)
    (row,) = FormDraft.objects.all()
    assert row.draft["words"]["now"] == "She rang me back, and we opened the post."
    assert Contribution.objects.get().draft["words"]["now"] == "She rang me back."
    page.click("text=See them on Today")
    page.get_by_text("Words from a form you can’t open any more").wait_for()
