"""The stack on a laptop, by keyboard: from a steward's list to a link, its answer and its end."""

import pytest

from cycles.models import CycleLink, LearningCycle
from cycles.stack import actions
from tests import factories as f
from tests.helpers.browser import LAPTOP, axe_violations, press, unfit

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


def walk_to(page, label):
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
    sign_in(steward, "/cycles/")
    walk_to(page, "The whole stack")
    page.wait_for_url("**/cycles/stack/")
    assert axe_violations(page) == []
    assert page.get_by_text("Street 02").count() == 0
    walk_to(page, "Theme 2 10 cycles")
    page.get_by_role("link", name="Street 02", exact=True).wait_for()  # fetched when it was opened
    assert page.get_by_text("Street 01").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert axe_violations(page) == []
    page.get_by_label("Theme").focus()
    page.get_by_label("Theme").select_option("Money")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**theme=Money")
    walk_to(page, "Debt")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    walk_to(page, "Join it to another")
    page.get_by_label("Which cycle?").select_option(
        label="Homes (" + str(LearningCycle.objects.get(title="Homes").team) + ")"
    )
    page.get_by_label("Why join them?").fill("Arrears and debt sit in one kitchen")
    walk_to(page, "Join them")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    walk_to(page, "All that went along these links")
    page.get_by_text("No answer yet.").wait_for()
    assert axe_violations(page) == []
    link = CycleLink.objects.get()
    page.goto(live_server.url + f"/cycles/{link.target_id}/")
    walk_to(page, "Answer them")
    page.get_by_label("What do you say back?").fill("Bring three letters")
    walk_to(page, "Send")
    page.get_by_text("We said: Bring three letters").wait_for()
    page.goto(live_server.url + f"/cycles/{debt.pk}/joined/")
    walk_to(page, "End the link")
    page.get_by_label("Why does it end?").fill("The work moved on")
    walk_to(page, "End the link")
    page.wait_for_url(f"**{debt.get_absolute_url()}")
    assert not CycleLink.objects.exists()
    assert console == []


def test_path_and_purposes_read_well(page, live_server, scene, sign_in, console):
    steward, debt = scene
    sign_in(steward, "/cycles/")
    for url in (
        debt.get_absolute_url(),
        f"/cycles/{debt.pk}/purposes/",
        f"/cycles/{debt.pk}/joined/",
        "/cycles/stack/",
    ):
        assert unfit(page, live_server.url + url) == []
    page.goto(live_server.url + debt.get_absolute_url())
    picture, steps = page.locator("svg.pathpic"), page.locator("ol.way > li")
    assert steps.count() == picture.locator("circle").count() == 4
    assert console == []


def test_a_theme_opens_without_script(open_as, scene):
    steward, _ = scene
    bare = open_as(steward, viewport=LAPTOP, java_script_enabled=False)
    bare.goto("/cycles/stack/")
    bare.locator("summary", has_text="Theme 3").click()
    press(bare, bare.locator("details", has_text="Theme 3").get_by_role("link", name="Show them"))
    assert bare.get_by_role("link", name="Street 03", exact=True).is_visible()
