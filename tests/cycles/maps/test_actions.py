"""Nothing on a map is lost: what was added, changed and taken off can be seen on the day it was so."""

import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cycles.maps import actions, history, step_actions
from cycles.maps.models import ElementTie, ElementVersion, MapStep, SystemElement
from cycles.refusals import ChangedMeanwhile, Refused
from tests.cycles.maps.drawn import add

TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def tied(here):
    """Recovery gets in the way of the person."""
    source, target = add(here.cycle, here.worker, "Recovery", "The person")
    tie = actions.tie_elements(cycle=here.cycle, source=source, target=target, effect="hinders", by=here.worker)
    return SimpleNamespace(source=source, target=target, tie=tie)


def backdate(row, days):
    """As if the newest version of it had been written so long ago; only the owner of the tables could."""
    newest = row.versions.last()
    row.versions.filter(pk=newest.pk).delete()
    newest.pk, newest.from_on = None, newest.from_on - days * DAY
    newest.save(force_insert=True)


# ------------------------------------------------------------------ actors and factors


@pytest.mark.system(2)
def test_several_go_on_the_map_at_once_and_prompts_are_known_by_name(here):
    named = [
        ("actor", "Family and friends", "actor.family"),
        ("factor", "  income ", ""),
        ("factor", "Fear of post", ""),
    ]
    made = actions.add_elements(cycle=here.cycle, named=named, by=here.worker)
    assert [(each.name, each.kind, each.prompt) for each in made] == [
        ("Family and friends", "actor", "actor.family"),
        ("income", "factor", "factor.income"),
        ("Fear of post", "factor", ""),
    ]
    assert [each.versions.get().name for each in made] == ["Family and friends", "income", "Fear of post"]


def test_the_same_name_goes_on_the_map_once(here):
    assert len(add(here.cycle, here.worker, "Housing", "housing ", "HOUSING.")) == 1
    assert add(here.cycle, here.colleague, "Housing") == []
    assert len(add(here.cycle, here.worker, "Housing", kind="factor")) == 1


def test_the_database_keeps_one_standing_element_of_a_name(here):
    add(here.cycle, here.worker, "Housing")
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemElement.objects.create(cycle=here.cycle, kind="actor", name="HOUSING", by=here.worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        SystemElement.objects.create(
            cycle=here.cycle, kind="actor", name="Income", prompt="factor.income", by=here.worker
        )


@pytest.mark.parametrize("names", [("İş", "iş"), ("STRASSE", "straße"), ("Ǆ", "ǆ"), ("Housing", "housing!")])
def test_no_two_names_fall_together_in_the_database_alone(here, names):
    assert len(add(here.cycle, here.worker, *names)) == 1


def test_a_map_is_not_endless(here, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 3)
    with pytest.raises(Refused, match="3 at most"):
        add(here.cycle, here.worker, *"abcd")
    assert not here.cycle.systemelements.exists()


def test_changed_words_are_kept_with_their_day(here):
    (element,) = add(here.cycle, here.worker, "Benefits")
    backdate(element, 30)
    changed = actions.change_element(
        element=element, version=1, by=here.colleague, name="Benefits office", effect="hinders", why="They said so"
    )
    assert (changed.name, changed.effect, changed.version) == ("Benefits office", "hinders", 2)
    (row,) = history.elements_with_versions(here.cycle)
    assert history.version_on(row.versions.all(), TODAY() - DAY).name == "Benefits"
    now = history.version_on(row.versions.all(), TODAY())
    assert (now.name, now.effect, now.why, now.by) == ("Benefits office", "hinders", "They said so", here.colleague)


def test_change_of_nothing_writes_nothing(here):
    (element,) = add(here.cycle, here.worker, "Benefits")
    actions.change_element(element=element, version=1, by=here.worker, name="Benefits")
    assert element.versions.count() == 1


def test_two_who_change_at_once_do_not_overwrite_each_other(here):
    (element,) = add(here.cycle, here.worker, "Benefits")
    actions.change_element(element=element, version=1, by=here.worker, note="First")
    with pytest.raises(ChangedMeanwhile):
        actions.change_element(element=element, version=1, by=here.colleague, note="Second")
    element.refresh_from_db()
    assert element.note == "First"


def test_change_to_a_name_that_is_there_is_refused(here):
    one, _ = add(here.cycle, here.worker, "Benefits", "Housing")
    with pytest.raises(Refused) as refused:
        actions.change_element(element=one, version=1, by=here.worker, name=" housing")
    assert refused.value.field == "name"


def test_taken_off_it_stays_on_every_day_before_and_its_ties_go_with_it(here, tied):
    for row in (tied.source, tied.target, tied.tie):
        backdate(row, 10)
    actions.remove_element(element=tied.source, by=here.worker, why="They stopped")
    elements, ties = history.elements_with_versions(here.cycle), history.ties_with_versions(here.cycle)
    yesterday, today = TODAY() - DAY, TODAY()
    assert {row.name for row in history.on_day(elements, yesterday)} == {"Recovery", "The person"}
    assert {row.name for row in history.on_day(elements, today)} == {"The person"}
    assert (len(history.on_day(ties, yesterday)), len(history.on_day(ties, today))) == (1, 0)
    assert tied.source.versions.last().why == "They stopped"


def test_put_back_brings_the_ties_that_went_with_it(here, tied):
    actions.remove_element(element=tied.source, by=here.worker)
    actions.remove_element(element=tied.source, by=here.worker)  # a second press
    assert tied.source.versions.count() == 2
    actions.put_element_back(element=tied.source, by=here.worker)
    assert here.cycle.systemelements.standing().count() == 2
    assert list(here.cycle.elementties.standing()) == [tied.tie]


def test_put_back_leaves_off_a_tie_whose_other_end_is_gone(here, tied):
    actions.remove_element(element=tied.source, by=here.worker)
    actions.remove_element(element=tied.target, by=here.worker)
    actions.put_element_back(element=tied.source, by=here.worker)
    assert not here.cycle.elementties.standing().exists()


def test_typing_a_name_again_brings_the_old_one_back(here, tied):
    actions.remove_element(element=tied.source, by=here.worker)
    (again,) = add(here.cycle, here.worker, "recovery")
    assert again == tied.source
    assert again.removed_on is None
    assert add(here.cycle, here.worker, "Recovery") == []


def test_what_is_off_the_map_is_not_changed(here, tied):
    actions.remove_tie(tie=tied.tie, by=here.worker)
    with pytest.raises(Refused, match="taken off"):
        actions.change_tie(tie=tied.tie, version=2, by=here.worker, effect="helps")


# ---------------------------------------------------------------------------------- ties


@pytest.mark.system(9)
def test_a_tie_says_what_it_does_and_how_we_know(here, tied):
    tie = actions.change_tie(
        tie=tied.tie, version=1, by=here.worker, effect="hinders", basis="seen", said_by="three families", note=""
    )
    assert (tie.get_basis_display(), tie.said_by) == ("We have seen it", "three families")
    assert str(tie) == "Recovery gets in the way of The person"
    assert [version.basis for version in tie.versions.all()] == ["", "seen"]


def test_the_same_tie_sent_twice_is_one(here, tied):
    again = actions.tie_elements(
        cycle=here.cycle, source=tied.source, target=tied.target, effect="hinders", by=here.worker
    )
    assert again == tied.tie
    with pytest.raises(Refused, match="tied this way already"):
        actions.tie_elements(cycle=here.cycle, source=tied.source, target=tied.target, effect="helps", by=here.worker)
    back = actions.tie_elements(
        cycle=here.cycle, source=tied.target, target=tied.source, effect="helps", by=here.worker
    )
    assert back != tied.tie


def test_a_tie_that_was_taken_off_comes_back_as_itself(here, tied):
    """So that an experiment that names it still names it."""
    actions.remove_tie(tie=tied.tie, by=here.worker)
    again = actions.tie_elements(
        cycle=here.cycle, source=tied.source, target=tied.target, effect="could_help", by=here.worker
    )
    assert again == tied.tie
    assert [(v.effect, v.is_here) for v in again.versions.all()] == [
        ("hinders", True),
        ("hinders", False),
        ("could_help", True),
    ]
    actions.remove_tie(tie=again, by=here.worker)
    assert actions.put_tie_back(tie=again, by=here.worker).removed_on is None


def test_a_tie_joins_two_standing_parts_of_its_own_map(here, elsewhere, tied):
    (other,) = add(elsewhere.cycle, elsewhere.worker, "Elsewhere")
    for source, target in ((tied.source, other), (tied.source, tied.source)):
        with pytest.raises(Refused):
            actions.tie_elements(cycle=here.cycle, source=source, target=target, effect="helps", by=here.worker)
    with pytest.raises(IntegrityError, match="of its own map"), transaction.atomic():
        ElementTie.objects.create(cycle=here.cycle, source=tied.source, target=other, effect="helps", by=here.worker)
    actions.remove_element(element=tied.target, by=here.worker)
    with pytest.raises(Refused, match="off the map"):
        actions.put_tie_back(tie=tied.tie, by=here.worker)


def test_versions_are_never_changed(here, tied):
    for model in (ElementVersion, type(tied.tie.versions.get())):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(why="rewritten")
    with pytest.raises((ProgrammingError, DatabaseError)), transaction.atomic():
        tied.source.versions.update(name="rewritten")


def test_a_cycle_goes_with_its_map(here, tied):
    step_actions.add_steps(cycle=here.cycle, activities=["Knock"], by=here.worker)
    actions.leave_feedback(cycle=here.cycle, text="No", by=here.worker, element=tied.source)
    here.cycle.delete()
    assert not SystemElement.objects.exists()
    assert not ElementVersion.objects.exists()
    assert not MapStep.objects.exists()


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["add", "off", "back", "change"]), st.integers(0, 3)), max_size=14
    )
)
@settings(max_examples=50, deadline=None)
def test_any_day_can_be_asked_for_whatever_happened(happened):
    """Versions written in any order of acts answer for each day as a plain replay of those acts does."""
    start, replay, rows = date(2026, 1, 1), {}, {}
    day = start
    for key, act, later in happened:
        day += later * DAY
        row = rows.setdefault(key, [])
        is_there = bool(row) and row[-1].is_here
        if (act == "add") == bool(row) or ((act in ("off", "change")) != is_there and act != "add"):
            continue
        name = f"{key} {len(row)}"
        row.append(SimpleNamespace(from_on=day, is_here=act != "off", name=name))
        replay.setdefault(key, []).append((day, None if act == "off" else name))
    for ahead in range(-1, 45, 3):
        asked = start + ahead * DAY
        for key, row in rows.items():
            found = history.version_on(row, asked)
            told = [name for when, name in replay.get(key, []) if when <= asked]
            assert (found.name if found else None) == (told[-1] if told else None)


def test_between_two_days_tells_what_came_went_and_changed(here, tied):
    for row in (tied.source, tied.target, tied.tie):
        backdate(row, 10)
    add(here.cycle, here.worker, "Advice bureau")
    actions.change_element(element=tied.target, version=1, by=here.worker, name="Kayleigh")
    actions.remove_element(element=tied.source, by=here.worker)
    elements = history.elements_with_versions(here.cycle)
    found = history.between(history.on_day(elements, TODAY() - DAY), history.on_day(elements, TODAY()))
    assert [version.name for _, version in found.came] == ["Advice bureau"]
    assert [version.name for _, version in found.went] == ["Recovery"]
    assert [(was.name, now.name) for _, was, now in found.changed] == [("The person", "Kayleigh")]
    assert not history.between(history.on_day(elements, TODAY()), history.on_day(elements, TODAY()))


# --------------------------------------------------------------------- steps and feedback


def activities(cycle):
    return [step.activity for step in cycle.mapsteps.standing()]


def test_steps_keep_their_order_and_move_one_place_at_a_time(here):
    _, second, third = step_actions.add_steps(cycle=here.cycle, activities=["a", "b", "c"], by=here.worker)
    assert step_actions.move_step(step=third, by_places=-1, by=here.worker) == 2
    assert activities(here.cycle) == ["a", "c", "b"]
    assert step_actions.move_step(step=second, by_places=1, by=here.worker) == 3  # it is last and stays last
    assert activities(here.cycle) == ["a", "c", "b"]
    step_actions.remove_step(step=third, by=here.worker, why="No need")
    assert activities(here.cycle) == ["a", "b"]
    step_actions.put_step_back(step=third, by=here.worker)
    assert activities(here.cycle) == ["a", "c", "b"]


def test_moving_loses_and_doubles_no_step(here):
    steps = step_actions.add_steps(cycle=here.cycle, activities=list("abcde"), by=here.worker)
    MapStep.objects.filter(cycle=here.cycle).update(order=1)  # as two writers at once might have left it
    for place, way in ((0, 1), (4, -1), (4, 1), (2, -1), (0, -1)):
        step_actions.move_step(step=steps[place], by_places=way, by=here.worker)
    assert sorted(activities(here.cycle)) == list("abcde")
    assert sorted(here.cycle.mapsteps.values_list("order", flat=True)) == [1, 2, 3, 4, 5]


def test_steps_sent_twice_are_there_once(here):
    sent = uuid.uuid4()
    for _ in range(2):
        step_actions.add_steps(cycle=here.cycle, activities=["a", "b"], by=here.worker, client_id=sent)
    assert activities(here.cycle) == ["a", "b"]
    assert [step.versions.count() for step in here.cycle.mapsteps.all()] == [1, 1]


def test_a_changed_step_keeps_what_it_was(here):
    (step,) = step_actions.add_steps(cycle=here.cycle, activities=["Assess"], by=here.worker, value="waste")
    step_actions.change_step(step=step, version=1, by=here.worker, activity="Listen", value="value", note="")
    assert [(v.activity, v.value) for v in step.versions.all()] == [("Assess", "waste"), ("Listen", "value")]


@pytest.mark.system(9)
def test_feedback_is_answered_once_and_stays(here):
    said = actions.leave_feedback(cycle=here.cycle, text="My sister is missing", said_by="Kayleigh", by=here.worker)
    actions.answer_feedback(feedback=said, reply="She is on it now", by=here.colleague)
    with pytest.raises(Refused, match="answered already"):
        actions.answer_feedback(feedback=said, reply="Another", by=here.worker)
    said.refresh_from_db()
    assert (said.reply, said.replied_by, said.said_by) == ("She is on it now", here.colleague, "Kayleigh")


def test_feedback_reply_without_who_is_refused_by_the_database(here):
    said = actions.leave_feedback(cycle=here.cycle, text="No", by=here.worker)
    said.reply = "Words"
    with pytest.raises(IntegrityError), transaction.atomic():
        said.save()


def test_two_places_keep_their_maps_apart(here, elsewhere):
    add(here.cycle, here.worker, "Housing")
    assert len(add(elsewhere.cycle, elsewhere.worker, "Housing")) == 1
    assert not SystemElement.objects.visible_to(elsewhere.worker).filter(cycle=here.cycle).exists()
