"""Steps of value and waste, maps of lives, and what the pages of a map ask of the database."""

import pytest

from cycles.maps import actions, step_actions
from cycles.models import AuditEntry
from tests import factories as f
from tests.cycles.maps.drawn import a_life, a_map, add, at, drawings, said_in, within
from tests.helpers.html import by_id, parse
from tests.helpers.queries import assert_queries_stay_flat, queries_of

# ---------------------------------------------------------------------- steps, value, waste


@pytest.mark.system(58)
def test_steps_show_value_and_waste_in_order_and_as_a_flow(worker, here):
    case = a_life(here)
    case.recorded_demand, case.real_demand = "council tax debt", "wrong benefits"
    case.save()
    steps = at("steps", case.cycle_id)
    worker.post(steps, {"activities": "Letter\nSecond letter", "value": "waste"})
    worker.post(steps, {"activities": "A visit to listen", "value": "value"})
    page = parse(worker.get(steps))
    said = said_in(by_id(page, "main"))
    assert "What was written down council tax debt What it was really about wrong benefits" in said
    assert "1 of 3 steps help the person, 2 do not." in said
    drawn = drawings(page, "flowpic")[0]
    assert "1, Letter: waste; 2, Second letter: waste; 3, A visit to listen: value." in said_in(drawn)


@pytest.mark.system(58)
def test_team_sees_how_often_recorded_and_real_demand_differ(worker, here):
    for number in range(9):
        case = f.CaseFactory(team=here.core, worker=here.worker)
        case.is_mismatch = number < 5
        case.save()
    page = worker.get(at("steps", here.cycle.pk)).content.decode()
    assert "differ in 5 or more of 9 lives" in page
    f.CaseFactory(team=here.core, worker=here.worker, is_mismatch=False)
    assert "differ in 5 of 10 lives" in worker.get(at("steps", here.cycle.pk)).content.decode()


def test_few_lives_are_not_told_apart_by_their_demand(worker, here):
    for number in range(4):
        f.CaseFactory(team=here.core, worker=here.worker, is_mismatch=bool(number))
    assert "differ" not in worker.get(at("steps", here.cycle.pk)).content.decode()


def test_steps_move_by_buttons(worker, here):
    worker.post(at("steps", here.cycle.pk), {"activities": "a\nb\nc"})
    last = here.cycle.mapsteps.get(activity="c")
    answer = worker.post(at("step_move", last.pk), {"way": "up"}, follow=True)
    assert "“c” is now step 2." in answer.content.decode()
    assert [step.activity for step in here.cycle.mapsteps.all()] == ["a", "c", "b"]
    worker.post(at("step_remove", last.pk), {"why": ""})
    assert [step.activity for step in here.cycle.mapsteps.standing()] == ["a", "b"]
    worker.post(at("step_back", last.pk))
    assert [step.activity for step in here.cycle.mapsteps.standing()] == ["a", "c", "b"]
    worker.post(at("step_edit", last.pk), {"activity": "C", "value": "waste", "version": 3})
    assert here.cycle.mapsteps.get(pk=last.pk).activity == "C"


# --------------------------------------------------------------------------------- lives


def test_a_life_keeps_its_map_to_those_alongside(client, here):
    case = a_life(here)
    client.force_login(here.colleague)
    assert client.get(at("map", case.cycle_id)).status_code == 404
    assert client.get(at("person_map", case.pk))["Location"] == at("person_why", case.pk)
    client.post(at("person_why", case.pk), {"reason": "She rang today"})
    assert client.get(at("person_map", case.pk))["Location"] == at("map", case.cycle_id)
    assert client.get(at("map", case.cycle_id)).status_code == 200
    # Opened for a reason, it is read and not changed.
    assert client.post(at("map", case.cycle_id), {"name": "x", "kind": "actor"}).status_code == 403
    client.force_login(here.steward)
    assert client.get(at("map", case.cycle_id)).status_code == 404
    assert client.get(at("person_map", case.pk)).status_code == 404


def test_each_reading_of_a_life_map_is_kept(worker, here):
    case = a_life(here)
    before = AuditEntry.objects.filter(act="case_read").count()
    pages = [at("map", case.cycle_id), at("map_since", case.cycle_id), at("steps", case.cycle_id)]
    (element,) = add(case.cycle, here.worker, "Her sister")
    for url in [*pages, at("element_edit", element.pk)]:
        assert worker.get(url).status_code == 200
    assert AuditEntry.objects.filter(act="case_read", target_ref=case.pk).count() == before + 4


def test_no_name_of_a_life_is_in_a_title_of_its_map(worker, here):
    case = a_life(here)
    (element,) = add(case.cycle, here.worker, "Kayleigh’s sister")
    for url in (at("map", case.cycle_id), at("element_edit", element.pk), at("steps", case.cycle_id)):
        title = next(parse(worker.get(url)).iter("title")).text
        assert "Kayleigh" not in title


def test_life_page_shows_its_map(worker, here):
    case = a_life(here)
    assert "No map yet." in worker.get(case.get_absolute_url()).content.decode()
    add(case.cycle, here.worker, "Her sister")
    page = worker.get(case.get_absolute_url()).content.decode()
    assert "Kayleigh’s life as a system" in page
    assert "Her sister" in page


# ------------------------------------------------------------------------------- queries


def test_map_query_count(worker, here):
    made = a_map(here)

    def more():
        (new,) = add(here.cycle, here.worker, f"More {here.cycle.systemelements.count()}")
        actions.tie_elements(cycle=here.cycle, source=new, target=made[0], effect="helps", by=here.worker)
        actions.remove_element(element=add(here.cycle, here.worker, f"Off {new.pk}")[0], by=here.worker)
        actions.leave_feedback(cycle=here.cycle, text="No", by=here.worker, element=new)

    # session, user, rights, the cycle; elements, ties, feedback, the base page's own
    assert_queries_stay_flat(worker, at("map", here.cycle.pk), more, most=12)


def test_since_query_count(worker, here):
    made = a_map(here)

    def more():
        (new,) = add(here.cycle, here.worker, f"More {here.cycle.systemelements.count()}")
        actions.tie_elements(cycle=here.cycle, source=new, target=made[0], effect="helps", by=here.worker)
        step_actions.add_steps(cycle=here.cycle, activities=["a"], by=here.worker)

    assert_queries_stay_flat(worker, at("map_since", here.cycle.pk), more, most=13)


def test_steps_query_count(worker, here):
    def more():
        step_actions.add_steps(cycle=here.cycle, activities=["a"], by=here.worker)

    assert_queries_stay_flat(worker, at("steps", here.cycle.pk), more, most=12)


def test_sixty_elements_work_everywhere(worker, here):
    worker.get(at("cycle", here.cycle.pk))  # begins the session
    few = len(queries_of(worker, at("cycle", here.cycle.pk)))
    made = a_map(here, parts=60)
    for other in made[2:20]:
        actions.tie_elements(cycle=here.cycle, source=made[0], target=other, effect="hinders", by=here.worker)
    assert len(queries_of(worker, at("cycle", here.cycle.pk))) == few
    for url in (at("map", here.cycle.pk), at("map", here.cycle.pk) + "?all=1", at("map_since", here.cycle.pk)):
        assert worker.get(url).status_code == 200
    whole = parse(worker.get(at("map", here.cycle.pk) + "?all=1"))
    assert len(within(drawings(whole)[0], "g")) == 60
