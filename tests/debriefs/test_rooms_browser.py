"""The debriefs' rooms as someone meets them on a phone: a turn in two taps, belief in three, a one to one without script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from debriefs.belief.models import BeliefSpread
from debriefs.models import Debrief, FollowUp, MeasureWords, WelfareNote, WelfareTheme
from debriefs.plans.actions import edit_plan
from tests import factories as f
from tests.factories.fixtures import make_place
from tests.helpers.browser import PHONE, axe_violations, press, scrolls_sideways

pytestmark = [pytest.mark.browser]


@pytest.fixture
def here(transactional_db, live_server_settings, questions_again):
    return make_place()


@pytest.fixture
def questions_again(transactional_db):
    """A transactional test before this one has emptied the tables."""
    from cycles.questions.sets import load_questions

    load_questions("default")


BAR = 60  # what the bar at the foot of a phone covers


class Taps:
    """Each press of a finger is counted."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def tap(self, selector):
        self.page.locator(selector).first.click()
        self.count += 1


def fit(page):
    """What axe finds, and whether it scrolls sideways. Axe waits on timers, which a page without script has not."""
    return axe_violations(page) if page.has_script else [], scrolls_sideways(page)


def in_reach(page, selector):
    """On the first screen of a phone: nobody has to scroll for it."""
    box = page.locator(selector).last.bounding_box()
    return box is not None and box["y"] + box["height"] <= PHONE["height"] - BAR


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_turn_is_swapped_in_two_taps(here, open_as, script):
    plan = f.DebriefPlanFactory(cycle=here.cycle, cadence="daily", starts_on=timezone.localdate(), by=here.worker)
    edit_plan(plan=plan, version=1, by=here.worker, rota=[here.worker, here.colleague, here.recorder])
    first = Debrief.objects.filter(plan=plan).order_by("planned_for").first()
    had = first.recorder
    wants = here.colleague if had != here.colleague else here.recorder
    page = open_as(wants, java_script_enabled=script)
    page.goto(reverse("debriefs:list"))
    taps = Taps(page)
    taps.tap(f"a[href='{reverse('debriefs:take_turn', args=[first.pk])}']")
    page.wait_for_selector("button[name=user]")
    assert fit(page) == ([], False)
    taps.tap("button[name=user] >> nth=0")
    expect(page.locator("#messages")).to_contain_text("You record it")
    assert taps.count == 2
    first.refresh_from_db()
    assert first.recorder == wants, "one's own name comes first"
    assert Debrief.objects.filter(plan=plan, planned_for__gt=first.planned_for, recorder=had).exists()
    assert fit(page) == ([], False)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_belief_takes_three_taps(here, open_as, script):
    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    page = open_as(here.worker, java_script_enabled=script)
    page.goto(reverse("debriefs:belief", args=[debrief.pk]))
    taps = Taps(page)
    for about, words in (("mission", "Mostly"), ("experiment", "Not now"), ("part", "Fully")):
        page.wait_for_selector(f"button[name={about}]")
        assert in_reach(page, f"button[name={about}]"), "all five answers lie under the thumb"
        assert fit(page) == ([], False)
        taps.tap(f"button[name={about}]:has-text('{words}')")
    page.wait_for_selector("text=Thank you. That was all.")
    assert taps.count == 3
    assert fit(page) == ([], False)
    if script:
        expect(page.locator("#ask-now")).to_be_focused()  # the swap does not lose one's place
    assert sorted(BeliefSpread.objects.exclude(count=0).values_list("about", "belief")) == [
        ("experiment", 1), ("mission", 4), ("part", 5),
    ]  # fmt: skip


def test_how_belief_lies_is_drawn_for_everyone(here, open_as):
    from debriefs.belief.actions import give
    from debriefs.record.actions import write_up

    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    debrief.contributions.create(author=here.worker, shared_at=timezone.now())
    people = [here.worker, here.colleague, here.recorder, here.op_lead, f.MembershipFactory(team=here.core).user]
    for at, person in enumerate(people):
        give(debrief=debrief, about="mission", belief=2 + at % 3, by=person)
    write_up(debrief=debrief, by=here.recorder)
    page = open_as(here.colleague, color_scheme="dark")
    page.goto(reverse("debriefs:belief", args=[debrief.pk]))
    page.locator("details:has(table.data) summary").first.click()
    assert page.locator("table.data td").all_inner_texts() == ["0", "2", "2", "1", "0"]
    assert fit(page) == ([], False)


def test_a_one_to_one_on_a_phone_without_script(here, open_as):
    f.MeasureFactory(cycle=here.cycle, question="How easy was it to do right by the person?")
    page = open_as(here.worker, java_script_enabled=False)
    page.goto("/debriefs/")
    page.click("nav.views a:has-text('One to one')")
    page.wait_for_selector("main button:has-text('Open it')")
    assert fit(page) == ([], False)
    page.click(f"label:has-text('{here.op_lead}')")
    page.click("main button:has-text('Open it')")
    page.fill("textarea[name=words]", "I lie awake over the third letter.")
    press(page, "button:has-text('Save'):not(:has-text('to read'))")
    assert page.input_value("textarea[name=words]") == "I lie awake over the third letter."
    press(page, "button:has-text('to read')")
    assert WelfareNote.objects.get().shared_at is not None
    page.click("summary:has-text('questions')")
    page.fill("textarea[name^=m]", "Hard: three forms.")
    press(page, "button:has-text('Send to the recorder')")
    assert MeasureWords.objects.get().words == "Hard: three forms."
    page.click("summary:has-text('counted')")
    page.click("label:has-text('How much there is to do')")
    press(page, "button:has-text('Let it be counted')")
    assert WelfareTheme.objects.get().theme == "workload"
    assert fit(page) == ([], False)
    talk = page.url
    other = open_as(here.op_lead, java_script_enabled=False)
    other.goto(talk)
    assert "I lie awake over the third letter." in other.locator("blockquote.voice").inner_text()
    assert fit(other) == ([], False)
    third = open_as(here.recorder, java_script_enabled=False)
    assert third.goto(talk).status == 404
    third.goto("/debriefs/")
    third.click("nav.views a:has-text('tray')")
    expect(third.locator("main")).to_contain_text("Hard: three forms.")
    assert "letter" not in third.content()


def test_words_of_two_are_kept_as_they_are_typed(here, open_as):
    page = open_as(here.worker)
    page.goto(reverse("debriefs:talks"))
    page.click(f"label:has-text('{here.op_lead}')")
    page.click("main button:has-text('Open it')")
    page.fill("textarea[name=words]", "Some words")
    page.wait_for_selector("#save-state[data-state=saved]")
    assert WelfareNote.objects.get().words == "Some words"
    page.fill("textarea[name=words]", "Some words and more")
    page.wait_for_function("() => document.querySelector('[name=revision]').value === '2'")
    page.goto(page.url)
    assert page.input_value("textarea[name=words]") == "Some words and more"


def test_what_was_asked_for_is_arranged_and_answered_on_a_phone(here, open_as):
    debrief = f.DebriefFactory(cycle=here.cycle, held=True)
    row = FollowUp.objects.create(debrief=debrief, audience="leaders", text="Stop the third letter.")
    page = open_as(here.worker)
    page.goto(reverse("debriefs:follow_ups"))
    assert fit(page) == ([], False)
    page.click("main li a:has-text('Who, when')")
    page.wait_for_url("**/follow-ups/*/**")
    page.select_option("select[name=owner]", str(here.leader.pk))
    page.fill("input[name=due_on]", (timezone.localdate() + timedelta(days=7)).isoformat())
    assert fit(page) == ([], False)
    press(page, "main button:has-text('Save')")
    leader = open_as(here.leader)
    leader.goto("/today/")
    assert "Stop the third letter." in leader.locator("#asked ~ *, section:has(#asked)").first.inner_text()
    leader.click("a:has-text('Not doing it')")
    leader.fill("textarea[name=because]", "The law asks for it until March.")
    assert fit(leader) == ([], False)
    press(leader, "main button:has-text('Tell them why')")
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("no_need", here.leader)
    page.goto(reverse("debriefs:follow_ups") + "?view=answered")
    assert "The law asks for it until March." in page.locator("main").inner_text()
    assert fit(page) == ([], False)
