"""The stack on a laptop, by keyboard: from a steward's list to a link, its answer and its end."""

import pytest

from cycles.models import CycleLink, LearningCycle
from cycles.stack import actions
from tests import factories as f
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, scrolls_sideways

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(transactional_db):
    """A steward's place: one cycle that has wandered, one above it, and forty of one scale on four themes."""
    place = f.PlaceFactory()
    core, leaders = f.TeamFactory(place=place, name="Core team"), f.TeamFactory(place=place, leadership=True)
    steward = f.MembershipFactory(place=place, team=None, role="steward").user
    debt = actions.open_cycle(
        team=core, title="Debt", purpose="Collect kindly", old_purpose="Collect", by=steward, theme="Money"
    )
    debt = actions.state_purpose(
        cycle=debt, version=1, purpose="People thrive", old_purpose="Collect", why="We listened", by=steward
    )
    for stage in ("do", "understand", "do"):
        debt = actions.move_stage(cycle=debt, to_stage=stage, why="We saw more", by=steward)
    f.LearningCycleFactory(team=leaders, title="Homes", scale="place", theme="Home")
    LearningCycle.objects.bulk_create(
        LearningCycle(
            place=place, team=core, title=f"Street {i:02d}", purpose="x", scale="team", theme=f"Theme {i % 4}"
        )
        for i in range(40)
    )
    return steward, debt


def press(page, label):
    """Walk there with Tab, as someone without a mouse would, and press Enter."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if label in (page.evaluate("document.activeElement.textContent || ''") or ""):
            break
    else:
        raise AssertionError(f"Tab never reached “{label}”")
    page.keyboard.press("Enter")


def test_the_stack_by_keyboard_on_a_laptop(page, live_server, scene, sign_in, console):
    steward, debt = scene
    page.set_viewport_size(LAPTOP)
    sign_in(steward)
    page.goto(live_server.url + "/cycles/")
    press(page, "The whole stack")
    page.wait_for_url("**/cycles/stack/")
    assert axe_violations(page) == []
    assert page.get_by_text("Street 02").count() == 0
    press(page, "Theme 2 10 cycles")
    page.get_by_role("link", name="Street 02", exact=True).wait_for()  # fetched when it was opened
    assert page.get_by_text("Street 01").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert axe_violations(page) == []
    page.get_by_label("Theme").focus()
    page.get_by_label("Theme").select_option("Money")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**theme=Money")
    press(page, "Debt")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    press(page, "Join it to another")
    page.get_by_label("Which cycle?").select_option(
        label="Homes (" + str(LearningCycle.objects.get(title="Homes").team) + ")"
    )
    page.get_by_label("Why join them?").fill("Arrears and debt sit in one kitchen")
    press(page, "Join them")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    press(page, "All that went along these links")
    page.get_by_text("No answer yet.").wait_for()
    assert axe_violations(page) == []
    link = CycleLink.objects.get()
    page.goto(live_server.url + f"/cycles/{link.target_id}/")
    press(page, "Answer them")
    page.get_by_label("What do you say back?").fill("Bring three letters")
    press(page, "Send")
    page.get_by_text("We said: Bring three letters").wait_for()
    page.goto(live_server.url + f"/cycles/{debt.pk}/joined/")
    press(page, "End the link")
    page.get_by_label("Why does it end?").fill("The work moved on")
    press(page, "End the link")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    assert not CycleLink.objects.exists()
    assert console == []


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (LAPTOP, "light")], ids=["phone-dark", "laptop-light"])
def test_path_and_purposes_read_well(page, live_server, scene, sign_in, console, size, scheme):
    steward, debt = scene
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    sign_in(steward)
    for url in (
        debt.get_absolute_url(),
        f"/cycles/{debt.pk}/purposes/",
        f"/cycles/{debt.pk}/joined/",
        "/cycles/stack/",
    ):
        page.goto(live_server.url + url)
        assert not scrolls_sideways(page)
        assert axe_violations(page) == []
    page.goto(live_server.url + debt.get_absolute_url())
    picture, steps = page.locator("svg.pathpic"), page.locator("ol.way > li")
    assert steps.count() == picture.locator("circle").count() == 4
    assert console == []


def test_a_theme_opens_without_script(browser, live_server, scene, sign_in, page):
    steward, _ = scene
    sign_in(steward)
    plain = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    bare = plain.new_page()
    bare.goto(live_server.url + "/cycles/stack/")
    bare.locator("summary", has_text="Theme 3").click()
    bare.locator("details", has_text="Theme 3").get_by_role("link", name="Show them").click()
    assert bare.get_by_role("link", name="Street 03", exact=True).is_visible()
    plain.close()
