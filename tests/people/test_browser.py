"""The account, the place and the way in, in a real browser: axe, no sideways scroll, and the keyboard alone."""

import pytest
from django.urls import reverse

from cycles.models import Role
from cycles.people import actions
from tests.factories import AgencyFactory
from tests.helpers.browser import PHONE, axe_violations, focused, press, unfit

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db):
    from tests.factories.fixtures import make_place

    world = make_place()
    world.agency = AgencyFactory(place=world.place)
    world.invitation, world.token = actions.invite(
        place=world.place,
        email="a.rather.long.address@council.example.org",
        role=Role.RECORDER,
        team=world.core,
        by=None,
    )
    return world


def pages_of(world):
    of_place = {"team": world.core, "agency": world.agency, "person": world.worker, "membership_new": world.worker}
    return [
        reverse("people:account"),
        reverse("people:place"),
        reverse("people:invite"),
        reverse("people:team_new"),
        reverse("people:agency_new"),
        *(reverse(f"people:{name}", args=[row.pk]) for name, row in of_place.items()),
        reverse("notices_failed"),
        reverse("account_change_password"),
    ]


def test_account_and_place_are_fit_for_everyone(page, live_server, sign_in, console, world):
    assert unfit(page, live_server.url + reverse("people:invitation", args=[world.token])) == []
    sign_in(world.admin, reverse("people:account"))
    for path in pages_of(world):
        assert unfit(page, live_server.url + path) == []
    assert console == []


def tab_to(page, locator, most=60):
    for _ in range(most):
        page.keyboard.press("Tab")
        if locator.evaluate("one => one === document.activeElement"):
            return
    pytest.fail("the keyboard does not come to it")


def test_someone_is_asked_in_by_keyboard_alone(page, live_server, sign_in, world):
    page.set_viewport_size(PHONE)
    sign_in(world.admin, reverse("people:place"))
    tab_to(page, page.get_by_role("link", name="Ask someone in"))
    page.keyboard.press("Enter")
    page.wait_for_url("**" + reverse("people:invite"))
    tab_to(page, page.locator("#id_email"))
    page.keyboard.type("no address")
    page.keyboard.press("Enter")
    focused(page, "[role=alert]")
    assert page.locator("#id_email").input_value() == "no address"
    assert axe_violations(page) == []


def test_mail_that_did_not_go_out_is_one_step_from_the_place(page, live_server, sign_in, world):
    sign_in(world.admin, reverse("people:place"))
    press(page, page.get_by_role("link", name="Messages that did not go out"))
    assert page.get_by_role("heading", level=1).inner_text() == "Messages that did not go out"
