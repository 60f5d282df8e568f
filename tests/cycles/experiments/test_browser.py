"""An experiment, the portfolio and a statement in a real browser, on a phone and on a laptop."""

import re

import pytest
from django.urls import reverse

from cycles import models as c
from debriefs.models import Debrief
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, PHONE, axe_violations, open_all, press, scrolls_sideways

pytestmark = pytest.mark.browser


@pytest.fixture
def here(transactional_db, live_server_settings):
    from cycles.questions.sets import load_questions

    load_questions("default")  # a transactional test before this one has emptied the tables
    return make_place()


@pytest.fixture
def limit(here):
    experiment = f.ExperimentFactory(
        cycle=here.cycle,
        running=True,
        end_point="unknown",
        contact="direct",
        question="What happens if the first contact is a conversation?",
        actions="Ring first\nThen visit",
    )
    f.ExperimentFactory(cycle=here.cycle, parent=experiment, title="The card")
    return f.LimitFactory(experiment=experiment, text="Nobody waits longer than before", by=here.worker)


def fit(page, console):
    assert axe_violations(page) == []
    assert not scrolls_sideways(page)
    assert console == []


def test_anyone_says_on_a_phone_that_a_limit_was_crossed(page, live_server, here, limit, sign_in, console):
    page.set_viewport_size(PHONE)
    sign_in(here.colleague, limit.experiment.get_absolute_url())
    assert page.get_by_text("We want to find out").is_visible()
    open_all(page)
    fit(page, console)
    page.get_by_label("What happened?").fill("He waited three weeks")
    press(page, page.get_by_role("button", name="Pause it now"))
    assert page.get_by_role("heading", name="It is paused").is_visible()
    fit(page, console)
    assert Debrief.objects.filter(kind="hot", experiment=limit.experiment).count() == 1


def test_the_portfolio_is_a_cross_on_a_laptop_and_a_list_on_a_phone(page, live_server, here, limit, sign_in, console):
    sign_in(here.worker)
    boxes = {}
    for name, size in (("laptop", LAPTOP), ("phone", PHONE)):
        page.set_viewport_size(size)
        page.goto(live_server.url + reverse("cycles:experiments"))
        boxes[name] = [page.locator(f"section[aria-labelledby=cell-{n}]").bounding_box() for n in (1, 2, 3, 4)]
        fit(page, console)
    one, two, three, four = boxes["laptop"]
    assert one["y"] == two["y"] < three["y"] == four["y"]
    assert one["x"] == three["x"] < two["x"] == four["x"]
    assert len({box["x"] for box in boxes["phone"]}) == 1


def test_a_statement_lies_open_with_both_sides(page, live_server, here, sign_in, console):
    statement = f.StatementFactory(cycle=here.cycle, by=here.worker, would_change="If they stayed shut", sure="fairly")
    f.EvidenceFactory(statement=statement, by=here.worker)
    sign_in(here.worker)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + statement.get_absolute_url())
    press(page, page.get_by_role("link", name=re.compile("what speaks against it")))
    assert page.get_by_label("Against it").is_checked()
    page.get_by_label("In your own words").fill("Two stayed shut")
    page.get_by_label("It makes us think again").check()
    fit(page, console)
    press(page, page.get_by_role("button", name="Add it"))
    assert page.get_by_role("heading", name="It is open again").is_visible()
    fit(page, console)
    page.set_viewport_size(LAPTOP)
    fit(page, console)
    assert c.Statement.objects.get().state == "reopened"
