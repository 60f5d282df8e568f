"""Talk with a file, a dossier and the page of a body outside, in a real browser: fit for everyone, no word said twice."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from issues.dossiers import actions
from issues.models import Attachment, Comment
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, dress, open_all, press, scrolls_sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, live_server_settings):
    world = make_place()
    world.issue = f.IssueFactory(
        cycle=world.cycle, raised_by=world.worker, description="Money is taken too soon", level=3
    )
    story = f.StoryFactory(cycle=world.cycle)
    type(story).objects.filter(pk=story.pk).update(reach="public", checked_by_teller_on=timezone.localdate())
    return world


def test_from_talk_to_a_reply_from_outside(page, live_server, sign_in, world, console, tmp_path):
    def fit():
        open_all(page)
        for size, scheme in ((LAPTOP, "light"), (PHONE, "dark")):
            dress(page, size, scheme)
            assert axe_violations(page) == [], page.url
            assert not scrolls_sideways(page), page.url

    dress(page, PHONE, "dark")
    sign_in(world.worker, world.issue.get_absolute_url())
    notes = tmp_path / "notes of the day.txt"
    notes.write_text("Three letters in one week")
    page.fill("#say", f"Look at this, @{world.colleague.name}")
    page.click("summary:has-text('Put files beside it')")
    page.set_input_files("#say-files", notes)
    page.click("form:has(#say) button[type=submit]")
    page.wait_for_selector("#talk-here .voice:has-text('Look at this')")  # in place: no page is loaded anew
    assert page.url == live_server.url + world.issue.get_absolute_url()
    page.wait_for_selector("#messages:has-text('Added.')")  # a live region that was there before
    expect(page.locator("#say")).to_have_value("")
    expect(page.locator("#say-add")).to_be_focused()
    assert Comment.objects.get().namings.count() == 1
    page.click("#say-add")
    page.wait_for_selector("#say-form [data-invalid], #say-form .wrong")
    assert axe_violations(page) == []
    page.fill("#say-form textarea", "And a second word")
    page.click("#say-add")
    page.wait_for_selector("#talk-here .voice:has-text('And a second word')")
    assert Comment.objects.count() == 2
    with page.expect_download() as kept:
        page.click("text=notes of the day.txt")
    assert kept.value.path().read_text() == "Three letters in one week"
    assert Attachment.objects.get().kind == "txt"
    fit()

    press(page, "text=Make a dossier")
    fit()
    page.fill("#id_asks", "Wait a month")
    page.check("input[name=stories]")
    press(page, "text=Keep it")
    fit()
    press(page, "text=Change it")
    page.fill("#id_asks", "Wait two months")
    press(page, "text=Keep it")
    press(page, "text=How it read before")
    assert page.locator(".voice:has-text('Wait a month')").count() == 1
    fit()
    press(page, "text=Back to the dossier")
    press(page, "text=Show it to a body outside")
    page.fill("#id_to_whom", "A department")
    press(page, "text=Make a link")
    address = page.input_value("#address")
    fit()

    page.context.clear_cookies()
    page.goto(address)
    fit()
    page.fill("#id_words", "We can do that from May.")
    page.click("text=Send")
    page.wait_for_url("**#sent")
    assert "It has reached those who work on it" in page.content()
    assert page.context.cookies() == [], "nothing is left with them"
    fit()
    actions.end_link(link=world.issue.dossier.links.get(), by=world.worker)
    assert page.goto(address).status == 404

    sign_in(world.worker, world.issue.get_absolute_url())
    assert page.locator(".talk .tag:has-text('From outside')").count() == 1
    fit()
    assert [line for line in console if "404" not in line] == []
