"""The room in a real browser: axe, keyboard, no sideways scroll, and the loop with script and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from issues.log import actions
from issues.log.models import Issue
from issues.patterns.actions import make_pattern, say_what_is_underneath
from tests.factories import IssueFactory
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, PHONE, sign_in_with, unfit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, live_server_settings):
    world = make_place()
    world.issue = IssueFactory(
        cycle=world.cycle, raised_by=world.worker, description="Recovery letters frighten families", level=2,
        countermeasure="Ring first", system_change="A policy",
    )  # fmt: skip
    return world


def test_pages_are_fit_for_everyone(page, live_server, world, console):
    other = IssueFactory(cycle=world.cycle)
    actions.escalate(issue=world.issue, to_team=world.leadership, why="Policy", asks="Change it?", by=world.worker)
    actions.set_response(issue=world.issue, kind="countermeasure", text="A list", state="in_place", by=world.steward)

    def look(user, *addresses):
        sign_in_with(page.context, user, live_server.url)
        for address in addresses:
            assert unfit(page, live_server.url + address) == []

    ref = world.issue.ref
    look(
        world.worker,
        "/issues/", "/issues/?level=macro", "/issues/new/", f"/issues/{ref}/", f"/issues/{ref}/history/",
        *[f"/issues/{other.ref}/{name}/" for name in ("edit", "level", "countermeasure", "close", "escalate", "seen")],
    )  # fmt: skip
    pattern = make_pattern(issues=[world.issue, other], description="Letters", underneath="A date", by=world.steward)
    say_what_is_underneath(pattern=pattern, underneath="Two dates", version=1, by=world.worker)
    under = f"/patterns/{pattern.ref}/"
    look(world.worker, under, f"{under}underneath/", f"/issues/{pattern.ref}/history/")
    look(world.leader, f"/issues/{ref}/answer/", world.leadership.get_absolute_url(), "/groups/")
    look(world.steward, "/triage/", "/triage/?tab=waiting")
    assert console == []


def test_filter_swaps_the_log_pushes_the_address_and_says_the_count(page, live_server, sign_in, world, console):
    IssueFactory(cycle=world.cycle, description="The bus stopped", level=1)
    page.set_viewport_size(LAPTOP)
    sign_in(world.worker, "/issues/")
    page.select_option("#f-level", "sys")
    page.wait_for_url("**/issues/?level=sys")
    expect(page.locator("table.log tbody tr")).to_have_count(1)
    expect(page.locator("body > p.sr[role=status]")).to_have_text("1 issue, newest change first")
    page.fill("#q", "frighten")
    expect(page.locator("#count")).to_contain_text("closest first")
    assert "frighten" not in page.url
    for _ in range(26):
        IssueFactory(cycle=world.cycle, description="The tariff changed")
    page.select_option("#f-level", "")
    page.fill("#q", "tariff")
    expect(page.locator("#count")).to_have_text("The 25 closest with those words, closest first")
    page.get_by_role("button", name="Show more of what is close").click()
    expect(page.locator("#count")).to_have_text("26 issues with those words, closest first")
    page.go_back()
    page.wait_for_url("**/issues/")
    assert console == []


def test_seen_before_appears_while_typing_and_one_press_adds_to_it(page, live_server, sign_in, world, console):
    page.set_viewport_size(PHONE)
    sign_in(world.colleague, "/issues/new/")
    page.locator("#id_description").press_sequentially("Families hide from recovery letters")
    page.get_by_role("button", name="It is this one").click()
    page.wait_for_url(f"**/issues/{world.issue.ref}/")
    assert world.issue.sightings.filter(by=world.colleague).get().words == "Families hide from recovery letters"
    assert console == []


def test_the_loop_by_keyboard_and_without_script(open_as, live_server, world):
    """Raise, be asked, escalate, decide, read the answer: plain pages, the Tab and Enter keys."""
    worker = open_as(world.worker, java_script_enabled=False)
    worker.goto(live_server.url + "/issues/new/")
    worker.focus("#id_description")
    worker.keyboard.type("Recovery letters frighten families again")
    worker.get_by_role("button", name="Raise this issue").press("Enter")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Have you seen one of these?")
    worker.get_by_role("button", name="No, raise it as new").press("Enter")
    expect(worker.get_by_role("heading", level=1)).to_have_text("Recovery letters frighten families again")
    issue = Issue.objects.get(description="Recovery letters frighten families again")
    worker.get_by_role("link", name="We cannot change this here").press("Enter")
    worker.select_option("#id_to_team", str(world.leadership.pk))
    worker.fill("#id_why", "It is council policy")
    worker.fill("#id_asks", "May recovery wait?")
    worker.get_by_role("button", name="Raise it").press("Enter")
    expect(worker.locator("main")).to_contain_text("Asked on")

    leader = open_as(world.leader, java_script_enabled=False)
    leader.goto(live_server.url + reverse("issues:group", args=[world.leadership.slug]))
    leader.get_by_role("link", name="Answer").press("Enter")
    leader.get_by_label("Yes, we will change it").press("Space")
    leader.fill("#id_words", "Yes, from January")
    leader.get_by_role("button", name="Record and tell them").press("Enter")
    expect(leader.locator(".error-summary")).to_contain_text("Say what will be normal from now on.")
    leader.fill("#id_new_normal", "Recovery waits for a talk")
    leader.get_by_role("button", name="Record and tell them").press("Enter")
    expect(leader.locator("#messages")).to_contain_text("Recorded.")
    issue.refresh_from_db()
    assert issue.system_change_state == "agreed"

    worker.goto(live_server.url + issue.get_absolute_url())
    assert "Yes, from January" in worker.content()
    worker.goto(live_server.url + "/issues/")
    worker.locator("summary", has_text="Search and filter").click()
    worker.fill("#q", "frighten again")
    worker.get_by_role("button", name="Show").press("Enter")
    expect(worker.locator("#count")).to_have_text("2 issues with those words, closest first")
    assert worker.url == live_server.url + "/issues/"
