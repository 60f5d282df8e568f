"""What keeps turning up: by cycle where it may be seen, by number for lives, and never so that one life shows."""

import pytest
from django.urls import reverse

from cycles.maps import actions
from cycles.maps.patterns import in_lives, patterns_for
from cycles.models import User
from issues.models import Issue
from tests import factories as f
from tests.helpers.html import by_id, parse, text_of
from tests.helpers.queries import assert_queries_stay_flat

PATTERNS = "/cycles/patterns/"


def put(cycle, by, name, kind="factor", prompt=""):
    return actions.add_elements(cycle=cycle, named=[(kind, name, prompt)], by=by)


def lives(here, mapped, having, name="Fear of the post"):
    """So many lives with a map; the first of them have the name on it."""
    for number in range(mapped):
        cycle = f.CaseFactory(team=here.core, worker=here.worker).cycle
        put(cycle, here.worker, f"Something of life {number}", kind="actor")
        if number < having:
            put(cycle, here.worker, name)


def found(user):
    return {pattern.name: pattern for pattern in patterns_for(User.objects.get(pk=user.pk))}


@pytest.mark.parametrize(
    ("count", "mapped", "said"),
    [
        (9, 14, "in 9 of 14 lives"),
        (4, 14, "in fewer than 5 of 14 lives"),
        (0, 14, "in fewer than 5 of 14 lives"),
        (5, 10, "in 5 of 10 lives"),
        (10, 14, "in 5 or more of 14 lives"),
        (14, 14, "in 5 or more of 14 lives"),
        (5, 5, "in 5 or more of 5 lives"),
        (4, 4, "fewer than 5 lives have a map"),
        (0, 0, "fewer than 5 lives have a map"),
    ],
)
def test_counts_of_lives_hide_the_few_on_both_sides(count, mapped, said):
    assert in_lives(count, mapped) == said


def test_no_count_of_lives_tells_one_from_the_next_below_five():
    """Adding one life to a small group, or leaving one out of a big one, changes no word."""
    for mapped in range(5, 30):
        small = {in_lives(count, mapped) for count in range(5)}
        big = {in_lives(count, mapped) for count in range(max(mapped - 4, 5), mapped + 1)}
        assert len(small) == 1
        assert len(big) == 1


@pytest.mark.system(2)
def test_a_factor_on_several_maps_is_a_pattern(here):
    other = f.LearningCycleFactory(team=here.core)
    put(here.cycle, here.worker, "Income", prompt="factor.income")
    put(other, here.worker, "Not enough money", prompt="factor.income")
    put(here.cycle, here.worker, "Fear of the post")
    put(other, here.worker, "  fear of  the POST.")
    put(here.cycle, here.worker, "Only here")
    patterns = found(here.worker)
    assert set(patterns) == {"Income", "Fear of the post"}
    assert [element.name for element in patterns["Income"].elements] == ["Income", "Not enough money"]


def test_an_actor_and_a_factor_of_one_name_are_two_things(here):
    other = f.LearningCycleFactory(team=here.core)
    put(here.cycle, here.worker, "Health")
    put(other, here.worker, "Health", kind="actor")
    assert found(here.worker) == {}


def test_maps_out_of_sight_make_no_pattern(here, elsewhere):
    put(here.cycle, here.worker, "Fear of the post")
    put(elsewhere.cycle, elsewhere.worker, "Fear of the post")
    put(f.LearningCycleFactory(team=here.working), here.helper, "Fear of the post")
    assert found(here.worker) == {}
    assert set(found(here.steward)) == {"Fear of the post"}
    assert found(elsewhere.steward) == {}


def test_lives_are_counted_and_never_named(client, here):
    lives(here, 14, 9)
    client.force_login(here.steward)
    said = text_of(by_id(parse(client.get(PATTERNS)), "main"))
    assert "Fear of the post" in said
    assert "In 9 of 14 lives" in said
    assert "Alias" not in said
    assert "Something of life" not in said


def test_a_name_that_few_lives_share_is_not_told(client, here):
    lives(here, 14, 4, name="The man at number nine")
    for person in (here.steward, here.worker, here.leader):
        client.force_login(person)
        assert "number nine" not in client.get(PATTERNS).content.decode()


def test_few_lives_beside_a_cycle_are_told_as_few_whether_there_are_any_or_none(client, here):
    other = f.LearningCycleFactory(team=here.core)
    for cycle in (here.cycle, other):
        put(cycle, here.worker, "Fear of the post")
        put(cycle, here.worker, "Court costs")
    lives(here, 8, 3)
    patterns = found(here.steward)
    assert {patterns[name].in_lives for name in ("Fear of the post", "Court costs")} == {"in fewer than 5 of 8 lives"}


def test_order_of_patterns_tells_no_hidden_count(here):
    """Five of nine and eight of nine read the same, so they may not be sorted by what is hidden."""
    for number in range(9):
        cycle = f.CaseFactory(team=here.core, worker=here.worker).cycle
        if number < 5:
            put(cycle, here.worker, "A first")
        if number < 8:
            put(cycle, here.worker, "B second")
    assert [pattern.name for pattern in patterns_for(here.steward)] == ["A first", "B second"]


def test_everyone_is_told_the_same_count(here):
    """One count for the place: nothing to take away from anything."""
    lives(here, 12, 6)
    more = f.TeamFactory(place=here.place)
    worker = f.MembershipFactory(team=more, place=here.place).user
    for _ in range(3):
        put(f.CaseFactory(team=more, worker=worker).cycle, worker, "Fear of the post")
    assert {found(person)["Fear of the post"].in_lives for person in (here.worker, here.steward, worker)} == {
        "in 9 of 15 lives"
    }


def raise_form(client, name):
    page = parse(client.get(PATTERNS))
    row = next(li for li in page.iter("li") if name in text_of(li) and any(li.iter("form")))
    return {each.get("name"): each.get("value") for each in row.iter("input")}


@pytest.mark.system(2)
def test_a_pattern_becomes_a_system_issue_in_one_step(client, here):
    put(here.cycle, here.worker, "Fear of the post")
    lives(here, 14, 9)
    client.force_login(here.worker)
    sent = raise_form(client, "Fear of the post") | {"cycle": here.cycle.pk}
    response = client.post(PATTERNS, sent)
    issue = Issue.objects.get()
    assert response["Location"] == issue.get_absolute_url()
    assert issue.get_level_display() == "Sys"
    assert issue.kind == "system"
    assert issue.description == (
        "Fear of the post keeps turning up: in 9 of 14 lives and on the map of 1 Learning Cycle."
    )
    client.post(PATTERNS, sent)
    assert Issue.objects.count() == 1
    assert client.get(reverse("issues:edit", args=[issue.ref])).status_code == 200


def test_only_a_pattern_that_is_there_becomes_an_issue(client, here, elsewhere):
    put(here.cycle, here.worker, "Fear of the post")
    put(f.LearningCycleFactory(team=here.core), here.worker, "Fear of the post")
    client.force_login(here.worker)
    sent = raise_form(client, "Fear of the post")
    for odd in (
        {"pattern": "1:factor:made up", "cycle": here.cycle.pk},
        {"cycle": elsewhere.cycle.pk},
        {"cycle": ""},
        {"cycle": "x"},
        {"pattern": ""},
    ):
        assert client.post(PATTERNS, sent | {"cycle": here.cycle.pk} | odd).status_code == 422
    assert not Issue.objects.exists()


def test_patterns_query_count(client, here):
    other = f.LearningCycleFactory(team=here.core)
    client.force_login(here.steward)

    def more():
        name = f"Factor {here.cycle.systemelements.count()}"
        put(here.cycle, here.worker, name)
        put(other, here.worker, name)
        lives(here, 1, 1, name)

    assert_queries_stay_flat(client, PATTERNS, more, most=12)
