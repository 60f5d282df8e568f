import uuid

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.models import CycleLink, LearningCycle, Scale, Stage
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.stack import actions
from tests import factories as f

Status = LearningCycle.Status
quick = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_opening_a_cycle_keeps_its_first_purpose(here):
    cycle = actions.open_cycle(
        team=here.core, title="Debt", purpose="People thrive", old_purpose="Collect", by=here.worker, scale="team"
    )
    stated = cycle.purposes.get()
    assert (cycle.status, cycle.stage, cycle.place) == ("live", "purpose", here.place)
    assert (stated.purpose, stated.old_purpose, stated.by) == ("People thrive", "Collect", here.worker)


def test_opening_twice_with_one_form_makes_one_cycle(here):
    sent = {"team": here.core, "title": "Debt", "purpose": "People thrive", "by": here.worker}
    made = {actions.open_cycle(client_id=CLIENT, **sent).pk for _ in range(2)}
    assert len(made) == 1
    assert LearningCycle.objects.get(pk=made.pop()).purposes.count() == 1


CLIENT = uuid.uuid4()


def test_a_persons_cycle_is_not_opened_without_its_life(here):
    with pytest.raises(Refused) as refused:
        actions.open_cycle(team=here.core, title="x", purpose="y", by=here.worker, scale=Scale.PERSON)
    assert refused.value.field == "scale"


@pytest.mark.system(60)
def test_stating_the_purpose_anew_keeps_how_it_was_said(here):
    cycle = here.cycle
    actions.state_purpose(
        cycle=cycle, version=1, purpose="Balance", old_purpose="Fast, by rule", why="We listened", by=here.steward
    )
    cycle.refresh_from_db()
    assert (cycle.purpose, cycle.old_purpose, cycle.version) == ("Balance", "Fast, by rule", 2)
    newest = cycle.purposes.first()
    assert (newest.why, newest.by) == ("We listened", here.steward)


def test_a_stale_edit_writes_nothing(here):
    actions.edit_cycle(cycle=here.cycle, version=1, title="First", by=here.worker)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.edit_cycle(cycle=here.cycle, version=1, title="Second", by=here.colleague)
    assert refused.value.current.title == "First"
    assert LearningCycle.objects.get(pk=here.cycle.pk).title == "First"


@pytest.mark.system(8)
@quick
@given(path=st.lists(st.sampled_from(list(Stage)), max_size=12))
def test_any_order_of_stages_keeps_the_whole_history(here, path):
    """Each move follows from the one before, forward or back, and the rounds are counted from the history."""
    cycle = f.LearningCycleFactory(team=here.core)
    for stage in path:
        try:
            actions.move_stage(cycle=cycle, to_stage=stage, why="We saw more", by=here.worker)
        except Refused:
            cycle.refresh_from_db()
            assert cycle.stage == stage
    cycle.refresh_from_db()
    moves = list(cycle.stage_moves.order_by("pk"))
    walked = [Stage.PURPOSE, *[move.to_stage for move in moves]]
    assert [move.from_stage for move in moves] == walked[:-1]
    assert cycle.stage == walked[-1]
    rounds = sum((move.from_stage, move.to_stage) == (Stage.EMBED, Stage.PURPOSE) for move in moves)
    assert cycle.turn == 1 + rounds


PRESSES = {
    "go": lambda cycle, by: actions.go_live(cycle=cycle, by=by),
    "pause": lambda cycle, by: actions.pause(cycle=cycle, by=by),
    "end": lambda cycle, by: actions.end_cycle(
        cycle=cycle, embedded_words="Cards for workers", stopped_reason="It is normal now", by=by
    ),
}
FOLLOWS = {
    ("draft", "go"): "live",
    ("live", "go"): "live",
    ("paused", "go"): "live",
    ("live", "pause"): "paused",
    ("paused", "pause"): "paused",
    ("live", "end"): "ended",
    ("paused", "end"): "ended",
}


@quick
@given(presses=st.lists(st.sampled_from(sorted(PRESSES)), max_size=10))
def test_status_follows_the_rule_whatever_is_pressed(here, presses):
    cycle = f.LearningCycleFactory(team=here.core, status="draft")
    expected = "draft"
    for press in presses:
        allowed = (expected, press) in FOLLOWS
        if allowed:
            PRESSES[press](cycle, here.worker)
            expected = FOLLOWS[expected, press]
        else:
            with pytest.raises(Refused):
                PRESSES[press](cycle, here.worker)
        cycle.refresh_from_db()
        assert cycle.status == expected
        assert (cycle.ended_on is not None) == (expected == "ended")


@pytest.mark.parametrize(("embedded", "stopped", "field"), [("", "x", "embedded_words"), ("x", " ", "stopped_reason")])
def test_ending_asks_what_was_embedded_and_why_it_stopped(here, embedded, stopped, field):
    with pytest.raises(Refused) as refused:
        actions.end_cycle(cycle=here.cycle, embedded_words=embedded, stopped_reason=stopped, by=here.worker)
    assert refused.value.field == field


def test_the_database_refuses_an_end_without_a_reason(here):
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningCycle.objects.filter(pk=here.cycle.pk).update(status="ended")


def test_an_ended_cycle_does_not_move(here):
    PRESSES["end"](here.cycle, here.worker)
    with pytest.raises(Refused):
        actions.move_stage(cycle=here.cycle, to_stage="do", why="Again", by=here.worker)


@pytest.mark.system(14)
@pytest.mark.parametrize(
    ("mine", "other", "direction", "mine_is_below"),
    [
        ("team", "team", "horizontal", True),
        ("team", "place", "vertical", True),
        ("country", "place", "vertical", False),
    ],
)
def test_joined_cycles_lie_beside_or_above(here, mine, other, direction, mine_is_below):
    cycle = f.LearningCycleFactory(team=here.core, scale=mine)
    joined = f.LearningCycleFactory(team=here.working, scale=other)
    link = actions.link_cycles(cycle=cycle, other=joined, why="They know homes", by=here.steward)
    assert link.direction == direction
    assert link.source == (cycle if mine_is_below else joined)


def test_two_cycles_are_joined_once_whichever_asks(here):
    other = f.LearningCycleFactory(team=here.working)
    actions.link_cycles(cycle=here.cycle, other=other, why="Homes", by=here.steward)
    with pytest.raises(Refused):
        actions.link_cycles(cycle=other, other=here.cycle, why="Homes", by=here.steward)
    assert CycleLink.objects.count() == 1


def test_a_life_or_another_place_is_never_joined(here, elsewhere):
    life = f.LearningCycleFactory(team=here.core, scale="person")
    for other in (life, elsewhere.cycle, here.cycle):
        with pytest.raises(Refused):
            actions.link_cycles(cycle=here.cycle, other=other, why="Homes", by=here.steward)
    assert not CycleLink.objects.exists()
