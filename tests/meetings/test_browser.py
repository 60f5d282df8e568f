"""A live meeting on a laptop and triage, both by the keys alone; the pages with axe, on a phone and in the dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from issues.forum_cases import actions as forum_actions
from issues.groups import beside
from issues.groups.models import Decision
from issues.log import actions as log
from issues.models import ForumCase, Meeting
from tests.factories import (
    CaseFactory,
    ForumCaseFactory,
    ForumFactory,
    IssueFactory,
    MeetingFactory,
    MembershipFactory,
)
from tests.factories.fixtures import make_place
from tests.helpers.browser import LAPTOP, axe_violations, press, sign_in_with, unfit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db, live_server_settings):
    world = make_place()
    world.issue = IssueFactory(cycle=world.cycle, raised_by=world.worker, description="Letters run first", level=2)
    log.escalate(issue=world.issue, to_team=world.leadership, why="Policy", asks="May it wait?", by=world.worker)
    return world


def press_to(page, name, role="link"):
    """Tab until the control of that name has the focus, as someone without a mouse would."""
    return tab_to(page, page.get_by_role(role, name=name, exact=True))


def tab_to(page, target):
    for _ in range(80):
        if target.evaluate("e => e === document.activeElement"):
            return target
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} was not reached with Tab")


def enter(page):
    """Press what has the focus, and wait for the page it loads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.system(48)
def test_live_meeting_on_a_laptop_by_keys(page, live_server, sign_in, world, console):
    meeting = MeetingFactory(team=world.leadership, by=world.leader)
    page.set_viewport_size(LAPTOP)
    sign_in(world.leader, meeting.get_absolute_url())

    last = meeting.items.last()
    press_to(page, f"Move “{last.title}” up", "button")
    enter(page)
    page.wait_for_url("**#item-*")
    assert meeting.items.last() != last

    page.get_by_role("button", name="Begin the meeting").press("Enter")
    page.wait_for_url("**/live/*/")
    item = meeting.items.get(kind="issue")
    for _ in range(6):
        if page.url.endswith(item.get_absolute_url()):
            break
        page.wait_for_selector("[data-turn]")
        with page.expect_navigation():
            page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_contain_text("Letters run first")
    assert axe_violations(page) == []

    press_to(page, "Decide")
    enter(page)
    page.get_by_label("Not now, because…").press("Space")
    page.locator("#id_words").press_sequentially("After the summer")
    press_to(page, "Record and tell them", "button")
    enter(page)
    page.wait_for_url(f"**{item.get_absolute_url()}")
    assert Decision.objects.get().words == "After the summer"

    press_to(page, "Promise")
    enter(page)
    page.locator("#id_text").press_sequentially("We ask the lawyers")
    page.fill("#id_due_on", "2030-01-04")
    press_to(page, "Keep the promise", "button")
    enter(page)
    expect(page.locator("main")).to_contain_text("We ask the lawyers")
    with page.expect_navigation():
        page.keyboard.press("ArrowLeft")
    assert not page.url.endswith(item.get_absolute_url())

    page.goto(live_server.url + reverse("meetings:end", args=[meeting.pk]))
    press_to(page, "End it and keep the minutes", "button")
    enter(page)
    page.wait_for_url("**/minutes/")
    for said in ("After the summer", "We ask the lawyers"):
        expect(page.locator("main")).to_contain_text(said)
    assert axe_violations(page) == []
    assert Meeting.objects.get().state == "held"
    assert console == []


def test_an_agenda_can_be_dragged_as_well(page, live_server, sign_in, world, console):
    meeting = MeetingFactory(team=world.leadership, by=world.leader)
    first, second, *_ = meeting.items.all()
    page.set_viewport_size(LAPTOP)
    sign_in(world.leader, meeting.get_absolute_url())
    with page.expect_navigation():  # letting go sends the order
        page.drag_and_drop(f"#item-{second.pk}", f"#item-{first.pk}", target_position={"x": 30, "y": 3})
    expect(page.locator("ol.agenda > li").first).to_have_attribute("id", f"item-{second.pk}")
    assert list(meeting.items.all())[:2] == [second, first]
    assert console == []


@pytest.mark.parametrize("shown", [12, 2])
def test_agenda_is_dragged_beside_triage_too(page, live_server, sign_in, world, console, shown, monkeypatch):
    """Twice, as it is swapped in anew; where only the first few stand there, the rest stays behind them."""
    monkeypatch.setattr(beside, "ITEMS_MOST", shown)
    MembershipFactory(place=world.place, team=world.leadership, user=world.steward, role="steward")
    meeting = MeetingFactory(team=world.leadership, by=world.leader)
    first, second, *rest = meeting.items.all()
    page.set_viewport_size(LAPTOP)
    sign_in(world.steward, "/triage/")
    for upper, lower in ((first, second), (second, first)):
        with page.expect_response("**/triage/**"):
            page.drag_and_drop(f"#item-{lower.pk}", f"#item-{upper.pk}", target_position={"x": 30, "y": 3})
        expect(page.locator("ol.agenda > li").first).to_have_attribute("id", f"item-{lower.pk}")
        assert list(meeting.items.all()) == [lower, upper, *rest]
    assert console == []


def test_agenda_is_sent_in_place_and_printed(page, live_server, sign_in, world, console):
    """Beside triage what was ticked and typed stays while it is sent."""
    MembershipFactory(place=world.place, team=world.leadership, user=world.steward, role="steward")
    MeetingFactory(team=world.leadership, by=world.leader)
    IssueFactory(cycle=world.cycle, description="The van comes late", owner_tier="lship")
    page.add_init_script("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.set_viewport_size(LAPTOP)
    sign_in(world.steward, "/triage/")
    page.fill("#p-why", "Half a thought")
    tab_to(page, page.get_by_role("button", name="Send the agenda"))
    page.keyboard.press("Enter")
    expect(page.locator("#agenda")).to_contain_text("Sent ")
    expect(page.locator("#messages")).to_contain_text("Sent to the members.")
    expect(page.get_by_role("button", name="Send the agenda")).to_have_count(0)
    assert page.input_value("#p-why") == "Half a thought"
    page.get_by_role("link", name="Print the agenda").click()
    expect(page.locator("body[data-printed=yes]")).to_be_attached()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert axe_violations(page) == []
    assert console == []


def test_triage_by_keys(page, live_server, sign_in, world, console):
    loose = [
        IssueFactory(cycle=world.cycle, description=f"The van comes late {n}", owner_tier="lship") for n in range(3)
    ]
    page.set_viewport_size(LAPTOP)
    sign_in(world.steward, "/triage/")
    page.get_by_role("checkbox", name=f"Choose {loose[0].ref}").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#give")).to_contain_text("2 ticked issues")
    tab_to(page, page.locator("summary", has_text="Or, with the 2 ticked issues…"))
    page.keyboard.press("Enter")
    expect(page.locator("#p-name")).to_be_hidden()  # one of the two is open at a time
    page.locator("#id_to_team").focus()
    page.select_option("#id_to_team", str(world.leadership.pk))
    page.locator("#id_asks").press_sequentially("May it come at nine?")
    page.locator("#id_why").press_sequentially("Only you hold the contract")
    press_to(page, "Give it and tell them", "button")
    enter(page)
    expect(page.locator("#messages")).to_contain_text("Done for all 2.")
    assert sum(issue.moves.filter(to_team=world.leadership).exists() for issue in loose) == 2
    assert axe_violations(page) == []
    assert console == []


def test_pages_are_fit_for_everyone(page, live_server, world, console):
    forum = ForumFactory(place=world.place)
    member = MembershipFactory(team=forum, place=world.place).user
    case = CaseFactory(team=world.core, worker=world.worker, alias="Jo")
    row = ForumCaseFactory(case=case, team=forum, by=world.worker)
    forum_actions.write_plan(forum_case=row, text="A room", by=world.worker)
    forum_actions.mark_risks(forum_case=row, marks={"Neglect": ("++", "+")}, seen=0, by=world.worker)
    ForumCase.objects.filter(pk=row.pk).update(state="brought")
    meeting = MeetingFactory(team=world.leadership, by=world.leader, is_live=True)
    item = meeting.items.get(kind="issue")

    def look(user, *addresses):
        sign_in_with(page.context, user, live_server.url)
        for address in addresses:
            assert unfit(page, live_server.url + address) == []

    look(
        world.leader,
        reverse("meetings:list", args=[world.leadership.slug]),
        reverse("meetings:standing", args=[world.leadership.slug]),
        reverse("meetings:plan", args=[world.leadership.slug]),
        meeting.get_absolute_url(),
        *[one.get_absolute_url() for one in meeting.items.all()],
        *[reverse(f"meetings:{name}", args=[item.pk]) for name in ("decide", "promise", "defer", "talk")],
        reverse("meetings:end", args=[meeting.pk]),
        *[
            reverse(f"issues:{name}", args=[world.issue.ref])
            for name in ("pledge_new", "recommend", "ask_back", "split")
        ],
        reverse("issues:recommendations"),
        world.leadership.get_absolute_url(),
    )
    look(
        world.worker,
        reverse("issues:forum_bring", args=[case.pk]),
        *[
            reverse(f"issues:forum_{name}", args=[row.pk])
            for name in ("case", "plan", "risks", "state", "consent", "change")
        ],
    )
    assert member
    assert console == []


def test_a_meeting_runs_without_script(open_as, live_server, world):
    page = open_as(world.leader, viewport=LAPTOP, java_script_enabled=False)
    meeting = MeetingFactory(team=world.leadership, by=world.leader)
    first, second, *_ = meeting.items.all()
    page.goto(live_server.url + meeting.get_absolute_url())
    press(page, f"#item-{first.pk} button[name=down]")
    assert list(meeting.items.all())[:2] == [second, first]
    page.get_by_role("button", name="Begin the meeting").click()
    page.locator("nav.turn a[rel=next]").click()
    expect(page.locator(".eyebrow")).to_contain_text("2 of")
    page.get_by_role("link", name="Write what was said").click()
    page.fill("#id_words", "We heard it")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("main")).to_contain_text("We heard it")


def test_agenda_beside_triage_is_put_in_order_in_place(page, live_server, sign_in, world, console):
    """A move swaps the agenda alone: what is ticked and typed stays, the keys stay, and the new place is said."""
    MembershipFactory(place=world.place, team=world.leadership, user=world.steward, role="steward")
    loose = IssueFactory(cycle=world.cycle, description="The van comes late", owner_tier="lship")
    meeting = MeetingFactory(team=world.leadership, by=world.leader)
    first, second, *_ = meeting.items.all()
    page.set_viewport_size(LAPTOP)
    sign_in(world.steward, "/triage/")
    page.get_by_role("checkbox", name=f"Choose {loose.ref}").check()
    expect(page.locator("#group")).to_have_text("Gather ticked issue as a pattern")
    page.fill("#p-why", "Half a thought")
    press_to(page, f"Move “{second.title}” up", "button")
    page.keyboard.press("Enter")
    expect(page.locator("#agenda .agenda > li").first).to_have_attribute("id", f"item-{second.pk}")
    expect(page.locator("[role=status]", has_text=f"“{second.title}” is number 1 of")).to_be_attached()
    expect(page.locator(f"#down-{second.pk}")).to_be_focused()  # it is first now, so it can only go down
    assert page.input_value("#p-why") == "Half a thought"
    assert page.get_by_role("checkbox", name=f"Choose {loose.ref}").is_checked()
    assert list(meeting.items.all())[:2] == [second, first]
    page.locator("summary", has_text="Or, with the").click()
    page.get_by_text("Set its level or its owner").click()
    page.get_by_text("Or, only answer them…").click()
    assert axe_violations(page) == []
    assert console == []
    assert unfit(page, live_server.url + "/triage/") == []
