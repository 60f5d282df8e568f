"""The stack: every cycle by scale and theme, usable with hundreds, and partnerships of agencies."""

import re

import pytest
from django.urls import reverse

from cycles.lessons.models import Offer
from cycles.models import CycleLink, Guide, LearningCycle
from hls.pages.gather import FEW, gathered
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat, queries_of

STACK = "cycles:stack"


def many(here, count=300):
    """A country's worth of cycles: 3 scales, 20 themes."""
    LearningCycle.objects.bulk_create(
        LearningCycle(
            place=here.place,
            team=here.core,
            title=f"Cycle number {i:03d}",
            purpose="Thriving lives",
            scale=["team", "organisation", "place"][i % 3],
            theme=f"Theme {i % 20:02d}",
        )
        for i in range(count)
    )


@pytest.fixture
def steward(client, here):
    client.force_login(here.steward)
    return client


@pytest.mark.system(14)
def test_the_stack_counts_each_scale_and_rests_on_lives(steward, here):
    f.LearningCycleFactory(team=here.working, scale="place")
    f.LearningCycleFactory(team=here.working, scale="country")
    drawing = steward.get(reverse(STACK)).context["stack"]
    assert "From the top: Country, 1 cycle; Place, 1 cycle; Organisation, 1 cycle; Person, people’s lives" in drawing


def test_lives_are_counted_for_their_own_team_and_never_by_theme(client, here):
    LearningCycle.objects.update(theme="Debt")
    for _ in range(6):
        f.CaseFactory(team=here.core, worker=here.worker)
    client.force_login(here.worker)
    assert "Person, 6 people" in client.get(reverse(STACK)).context["stack"]
    assert "6 people" not in client.get(reverse(STACK) + "?theme=Debt").text
    client.force_login(here.steward)
    assert "6 people" not in client.get(reverse(STACK)).text


@pytest.mark.system(14)
def test_three_hundred_cycles_are_gathered_and_open_on_demand(steward, here):
    many(here)
    page = steward.get(reverse(STACK))
    assert len(page.content) < 120_000
    assert page.text.count("<details") >= 60
    assert "Cycle number 000" not in page.text
    group = next(group for group in page.context["gathering"].groups if group.key == "team:theme 00")
    opened = steward.get(f"{reverse(STACK)}?{group.query}")
    assert "Cycle number 000" in opened.text
    assert "Cycle number 001" not in opened.text
    piece = steward.get(f"{reverse(STACK)}?{group.query}", headers={"HX-Request": "true"})
    assert "<main" not in piece.text
    assert piece.text.count("<li>") == group.count
    # Each is a plain link as well, for those without script.
    assert f'href="?{group.query.replace("&", "&amp;")}#{group.ident}"' in page.text


@pytest.mark.system(14)
def test_the_stack_asks_the_database_as_often_for_300_cycles_as_for_3(steward, here):
    many(here, 3)
    few = len(queries_of(steward, reverse(STACK)))
    many(here, 300)
    assert len(queries_of(steward, reverse(STACK))) <= few
    assert len(queries_of(steward, reverse(STACK) + "?open=team:theme 00")) <= few


def test_a_filter_by_theme_forgives_case_and_spaces(steward, here):
    f.LearningCycleFactory(team=here.core, title="One", theme="Money  and debt")
    f.LearningCycleFactory(team=here.core, title="Two", theme="money and Debt ")
    f.LearningCycleFactory(team=here.core, title="Three", theme="Home")
    page = steward.get(reverse(STACK) + "?theme=MONEY+and+debt").text
    assert "One" in page
    assert "Two" in page
    assert "Three" not in page
    assert "None about that" in steward.get(reverse(STACK) + "?theme=Nothing").text


def test_few_of_a_scale_stand_open_whatever_their_themes():
    few = gathered([(key, "team", f"theme {key}") for key in range(FEW)])
    assert [(group.label, group.rows) for group in few.groups] == [("", [])]
    more = gathered([(key, "team", "Debt" if key else "") for key in range(FEW + 1)])
    assert [(group.label, group.count) for group in more.groups] == [("Debt", FEW), ("No theme yet", 1)]
    assert all(group.rows is None for group in more.groups)


def test_links_that_wait_for_an_answer_are_shown_to_those_who_owe_it(client, here):
    above = f.LearningCycleFactory(team=here.working, title="Homes", scale="place")
    CycleLink.objects.create(source=here.cycle, target=above, direction="vertical", why="Arrears", by=here.worker)
    for who, waits in ((here.helper, True), (here.worker, False)):
        client.force_login(who)
        assert ("wait for an answer" in client.get(reverse(STACK)).text) is waits


def test_what_travelled_lately_is_told_to_who_may_read_it(client, here):
    above = f.LearningCycleFactory(team=here.working, title="Homes", scale="place")
    lesson = f.LessonFactory(cycle=here.cycle, text="Half the debts were our mistake")
    Offer.objects.create(lesson=lesson, to=above, direction="vertical", text=lesson.text, by=here.worker)
    for who, told in ((here.helper, True), (here.steward, True), (here.leader, False)):
        client.force_login(who)
        assert ("Half the debts were our mistake" in client.get(reverse(STACK)).text) is told


def test_the_stack_of_nothing_says_what_to_do(client, here):
    client.force_login(here.admin)
    assert "No cycles yet" in client.get(reverse(STACK)).text


def test_stack_query_count(steward, here):
    def one_more():
        other = f.LearningCycleFactory(team=here.working, scale="place", steward=here.steward)
        CycleLink.objects.create(source=here.cycle, target=other, direction="vertical", by=here.worker)
        lesson = f.LessonFactory(cycle=here.cycle)
        Offer.objects.create(lesson=lesson, to=other, direction="vertical", text="x", by=here.worker)
        f.TeamFactory(place=here.place, kind="partnership")

    # who is asking (3), keys and themes, the few in full, what travelled, what waits, partnerships and their agencies
    assert_queries_stay_flat(steward, reverse(STACK), one_more, most=9)


@pytest.mark.system(5)
def test_a_steward_finds_the_cycles_in_their_care_and_those_without_one(client, here):
    f.LearningCycleFactory(team=here.core, title="Kept by me", steward=here.steward)
    f.LearningCycleFactory(team=here.core, title="Kept by another", steward=f.UserFactory())
    client.force_login(here.steward)
    url = reverse("cycles:list")
    care, none = client.get(url + "?view=care").text, client.get(url + "?view=none").text
    assert "Kept by me" in care
    assert "Kept by another" not in care
    assert here.cycle.title in none
    assert "Kept by me" not in none
    client.force_login(here.worker)
    assert "In my care" not in client.get(url).text
    assert (
        f"Steward: {here.steward}" in client.get(LearningCycle.objects.get(title="Kept by me").get_absolute_url()).text
    )


# ------------------------------------------------------------------ partnerships


@pytest.fixture
def together(here):
    """Four bodies that act as one (DOMAIN.md 55), with a cycle, a principle and two people."""
    team = f.TeamFactory(place=here.place, kind="partnership", name="Ashbeck Together")
    team.agencies.set(f.AgencyFactory(place=here.place, name=name) for name in ("Homes", "Health", "Advice", "Police"))
    here.member = f.MembershipFactory(team=team, role="caseworker").user
    here.chief = f.MembershipFactory(team=team, role="leader").user
    here.ours = f.LearningCycleFactory(team=team, title="Revolving doors", scale="place")
    Guide.objects.create(team=team, kind="principle", text="No wrong door", by=here.member)
    Guide.objects.create(cycle=here.ours, kind="principle", text="Thrive, not survive", by=here.member)
    lesson = f.LessonFactory(cycle=here.ours, text="He was asked for his story eleven times")
    up = f.LearningCycleFactory(team=here.leadership, scale="country", title="With government")
    CycleLink.objects.create(source=here.ours, target=up, direction="vertical", by=here.member)
    Offer.objects.create(lesson=lesson, to=up, direction="vertical", text=lesson.text, by=here.member)
    return team


@pytest.mark.system(55)
def test_a_partnership_shows_its_agencies_guides_cycles_and_record(client, here, together):
    client.force_login(here.member)
    page = client.get(reverse("cycles:partnership", args=[together.pk])).text
    for words in ("Homes", "Health", "Advice", "Police", "No wrong door", "Thrive, not survive", "Revolving doors"):
        assert words in page
    assert here.chief.name in page
    assert "He was asked for his story eleven times" in page
    assert re.search(r"/partnerships/\d+/", client.get(here.ours.get_absolute_url()).text)


@pytest.mark.parametrize(
    ("who", "seen"), [("steward", True), ("leader", True), ("worker", False), ("helper", False), ("evidence", False)]
)
def test_who_sees_a_partnership(client, here, together, who, seen):
    client.force_login(getattr(here, who))
    url = reverse("cycles:partnership", args=[together.pk])
    assert client.get(url).status_code == (200 if seen else 404)
    assert (url in client.get(reverse(STACK)).text) is seen


def test_a_partnership_counts_lives_for_its_members_alone(client, here, together):
    for _ in range(5):
        f.CaseFactory(team=together, worker=here.member)
    url = reverse("cycles:partnership", args=[together.pk])
    client.force_login(here.member)
    assert "5 people" in client.get(url).text
    client.force_login(here.steward)
    assert "5 people" not in client.get(url).text


def test_a_team_that_is_no_partnership_has_no_such_page(steward, here):
    assert steward.get(reverse("cycles:partnership", args=[here.core.pk])).status_code == 404


def test_partnership_query_count(client, here, together):
    def one_more():
        together.agencies.add(f.AgencyFactory(place=here.place))
        cycle = f.LearningCycleFactory(team=together, scale="place", steward=here.steward)
        Guide.objects.create(team=together, kind="principle", text="x", by=here.member)
        lesson = f.LessonFactory(cycle=cycle)
        Offer.objects.create(lesson=lesson, to=here.ours, direction="horizontal", text="x", by=here.member)
        f.MembershipFactory(team=together, role="leader")

    client.force_login(here.member)
    # who is asking (3), the team, agencies, stewards, cycles, guides, what was shared, lives
    assert_queries_stay_flat(client, reverse("cycles:partnership", args=[together.pk]), one_more, most=10)
