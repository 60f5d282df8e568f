"""Mapping on a phone, and what the real browser makes of the picture."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cycles.maps import actions, step_actions
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, press, scrolls_sideways, unfit

pytestmark = pytest.mark.browser

# Every label as the browser sets it: inside its own shape, meeting no other label, on the paper.
LABELS_THAT_STRAY = """() => {
  const found = [];
  for (const map of document.querySelectorAll("svg.map")) {
    const paper = map.viewBox.baseVal, labels = [];
    for (const part of map.querySelectorAll("g")) {
      const shape = part.querySelector("path, rect").getBBox();
      for (const text of part.querySelectorAll("text")) {
        const box = text.getBBox(), name = text.textContent;
        if (box.x < shape.x || box.x + box.width > shape.x + shape.width) found.push(name + " leaves its shape");
        if (shape.y < 0 || shape.y + shape.height > paper.height || shape.x < 0 || shape.x + shape.width > paper.width)
          found.push(name + " leaves the paper");
        for (const other of labels)
          if (box.x < other.x + other.width && other.x < box.x + box.width
              && box.y + 4 < other.y + other.height && other.y + 4 < box.y + box.height)
            found.push(name + " meets another");
        labels.push(box);
      }
    }
  }
  return found;
}"""


def test_a_map_is_made_on_a_phone(transactional_db, page, live_server, sign_in, console):
    here = make_place()
    page.set_viewport_size(PHONE)

    # given a cycle without a map, the usual ones are tapped and two more written
    sign_in(here.worker, here.cycle.get_absolute_url())
    press(page, page.get_by_role("link", name="Draw it together"))
    for usual in ("The person", "Family and friends", "Income"):
        page.get_by_text(usual, exact=True).click()
    page.get_by_label("Other actors").fill("Council tax recovery\nEnforcement agents")
    page.get_by_label("Other factors").fill("Fear of the post")
    page.set_viewport_size(PHONE | {"height": 2400})  # all of it at once: the bar at the foot covers half a box else
    assert axe_violations(page) == []
    page.set_viewport_size(PHONE)
    press(page, page.get_by_role("button", name="Put them on the map"))

    # then one more, typed where the list is
    page.get_by_label("Who or what else?").fill("Benefits office")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("“Benefits office” is on the map.")).to_be_visible()

    # when two are tied, with how we know
    press(page, page.get_by_role("link", name="Tie two together"))
    page.get_by_label("From which?").select_option(label="Fear of the post (factor)")
    page.get_by_label("To which?").select_option(label="The person (actor)")
    page.get_by_text("Gets in the way", exact=True).click()
    page.get_by_text("We have seen it", exact=True).click()
    page.get_by_label("Who said so?").fill("Three families")
    assert axe_violations(page) == []
    press(page, page.get_by_role("button", name="Tie them"))

    # then the list and the picture both say so
    tie = page.get_by_role("row").filter(has_text="Three families")
    assert tie.inner_text().split()[:5] == ["Fear", "of", "the", "post", "gets"]
    told = page.get_by_role("img", name="The actors and factors of").text_content()
    assert "Fear of the post gets in the way of The person." in told
    assert page.locator("svg.map g").count() == 7
    assert page.evaluate(LABELS_THAT_STRAY) == []
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    assert here.cycle.elementties.get().basis == "seen"
    assert console == []


def a_full_map(here):
    """Long names and many ties; one changed since, one gone."""
    names = [f"{name} {number}" for number in range(8) for name in (
        "Family, friends, neighbours", "WWWW MMMM WWWW", "Ülkü Öğretmen Kooperatifi", "Council tax recovery", "Job"
    )]  # fmt: skip
    kinds = ("actor", "factor")
    made = actions.add_elements(
        cycle=here.cycle, named=[(kinds[n % 2], name, "") for n, name in enumerate(names)], by=here.worker
    )
    effects = ("helps", "hinders", "could_help")
    for number in range(1, 40):
        actions.tie_elements(
            cycle=here.cycle,
            source=made[number],
            target=made[number // 3],
            effect=effects[number % 3],
            basis="seen",
            by=here.worker,
        )
    actions.remove_element(element=made[-1], by=here.worker)
    actions.change_element(element=made[0], version=1, by=here.worker, effect="helps", why="They said so")
    actions.leave_feedback(cycle=here.cycle, text="Where is the school?", by=here.worker)
    step_actions.add_steps(cycle=here.cycle, activities=["A letter"], value="waste", by=here.worker)
    step_actions.add_steps(cycle=here.cycle, activities=["A visit"], value="value", by=here.worker)
    other = f.LearningCycleFactory(team=here.core)
    actions.add_elements(cycle=other, named=[("factor", names[1], "")], by=here.worker)
    return made


def test_pages_of_a_map_are_fit_for_everyone(transactional_db, page, live_server, sign_in, console):
    here = make_place()
    made = a_full_map(here)
    sign_in(here.worker, "/cycles/patterns/")
    found = []
    start = f"/cycles/{here.cycle.pk}"
    today = timezone.localdate()
    for url in (
        start + "/map/?all=1",
        f"{start}/map/since/?then={today - timezone.timedelta(days=1)}&now={today}",
        start + "/steps/",
        f"/cycles/map/parts/{made[0].pk}/",
        "/cycles/patterns/",
    ):
        found += unfit(page, live_server.url + url, more=lambda page: page.evaluate(LABELS_THAT_STRAY))
    assert "\n".join(found) == ""
    assert console == []


def test_a_map_prints_without_its_forms(transactional_db, page, live_server, sign_in):
    here = make_place()
    a_full_map(here)
    sign_in(here.worker, f"/cycles/{here.cycle.pk}/map/")
    page.emulate_media(media="print")
    assert page.locator("svg.map").is_visible()
    assert page.get_by_role("heading", name="How they are tied").is_visible()
    assert not page.get_by_label("Who or what else?").is_visible()
    assert not page.get_by_role("link", name="Tie two together").is_visible()
