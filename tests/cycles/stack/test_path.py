"""Stages move any way, every move is kept, and the picture is of what happened."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.models import Stage
from cycles.refusals import Refused
from cycles.stack import actions
from cycles.stack.on_cycle import on_cycle
from hls.charts.path import MOST, At, path
from tests import factories as f

STAGES = list(Stage)
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def numbers(drawing):
    tree = ElementTree.fromstring(str(drawing))  # our own text
    return [int(node.text) for node in tree.iter("text") if (node.text or "").isdecimal()]


@pytest.mark.system(8)
@quick
@given(moves=st.lists(st.tuples(st.sampled_from(STAGES), st.text(min_size=1, max_size=20)), max_size=14))
def test_the_path_replays_to_the_present_stage_and_loses_nothing(here, moves):
    """Whatever is pressed: the page's list, replayed, ends where the cycle is, and holds every why that was taken."""
    cycle = f.LearningCycleFactory(team=here.core)
    taken = []
    for stage, why in moves:
        was = cycle.stage
        why = why.replace("\x00", "")
        try:
            cycle = actions.move_stage(cycle=cycle, to_stage=stage, why=why, by=here.worker)
        except Refused:
            assert stage == was or not why.strip()
        else:
            taken.append((was, stage, why))
    shown = on_cycle(here.worker, cycle)
    kept = [step["move"] for step in [*shown["way_before"], *shown["way"]]]
    assert [(move.from_stage, move.to_stage, move.why) for move in kept] == taken
    at = Stage.PURPOSE
    for move in kept:
        assert move.from_stage == at
        at = move.to_stage
    assert at == cycle.stage
    assert [step["number"] for step in [*shown["way_before"], *shown["way"]]] == list(range(2, len(taken) + 2))
    assert numbers(shown["path"])[-1] == len(taken) + 1


@pytest.mark.system(8)
@pytest.mark.parametrize("to_stage", STAGES)
@pytest.mark.parametrize("from_stage", STAGES)
def test_every_stage_leads_to_every_other(here, from_stage, to_stage):
    cycle = f.LearningCycleFactory(team=here.core, stage=from_stage)
    if from_stage == to_stage:
        with pytest.raises(Refused):
            actions.move_stage(cycle=cycle, to_stage=to_stage, why="Again", by=here.worker)
        return
    assert actions.move_stage(cycle=cycle, to_stage=to_stage, why="We saw more", by=here.worker).stage == to_stage


@pytest.mark.system(65)
def test_a_stage_is_noted_without_moving_and_keeps_what_was_said_before(worker, here):
    url = reverse("cycles:stage_note", args=[here.cycle.pk])
    for text in ("Ten lives talked through", "Map redrawn with two people who know"):
        worker.post(url, {"stage": "understand", "text": text})
    here.cycle.refresh_from_db()
    assert here.cycle.stage == "purpose"
    page = worker.get(here.cycle.get_absolute_url()).text
    assert page.index("Map redrawn with two people") < page.index("Said before") < page.index("Ten lives talked")


@pytest.mark.system(65)
def test_why_it_stopped_stays_on_the_page_of_an_ended_cycle(worker, here):
    form = {"embedded_words": "Nobody assesses any more", "stopped_reason": "Covid came before the roll-out"}
    worker.post(reverse("cycles:end", args=[here.cycle.pk]), form)
    page = worker.get(here.cycle.get_absolute_url()).text
    assert "Covid came before the roll-out" in page
    assert "It ended here" in page
    refused = worker.post(reverse("cycles:stage_note", args=[here.cycle.pk]), {"stage": "do", "text": "More"})
    assert refused.status_code == 422
    assert not here.cycle.stage_notes.exists()


def test_a_note_sent_twice_is_kept_once(worker, here):
    url = reverse("cycles:stage_note", args=[here.cycle.pk])
    form = {"stage": "do", "text": "Five doors", "client_id": "5c6b0a52-0000-4000-8000-000000000001"}
    for _ in range(2):
        worker.post(url, form)
    assert here.cycle.stage_notes.count() == 1


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=70),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_the_picture_stays_in_its_frame_and_numbers_every_place(walk, end):
    turn, steps = 1, []
    for stage, rounds in walk:
        turn += rounds == 2
        steps.append(At(stage, turn))
    drawing = path("p", steps, end=end)
    tree = ElementTree.fromstring(str(drawing))  # our own text
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    for dot in tree.iter("circle"):
        assert 0 < float(dot.attrib["cx"]) - 12 < float(dot.attrib["cx"]) + 12 < width
        assert 0 < float(dot.attrib["cy"]) - 12 < float(dot.attrib["cy"]) + 12 < height
    drawn = min(len(steps), MOST)
    assert len(list(tree.iter("circle"))) == drawn
    if steps:
        assert [n for n in numbers(drawing) if n <= len(steps)][:drawn] == list(
            range(len(steps) - drawn + 1, len(steps) + 1)
        )
    spots = [(dot.attrib["cx"], dot.attrib["cy"]) for dot in tree.iter("circle")]
    assert len({y for _, y in spots}) == len(spots)  # one below the other, so no two numbers meet


def test_going_back_is_dashed_and_told_in_words_and_coming_round_is_not():
    drawing = str(path("p", [At(3), At(1), At(4), At(0, 2)]))
    dashed = re.findall(r'<path d="[^"]*" class="[^"]*"[^>]*stroke-dasharray', drawing)
    assert len(dashed) == 1
    assert "Do and learn then Understand then Embed and influence then Purpose" in drawing
    for word in ("%", "behind", "complete"):
        assert word not in drawing


@pytest.mark.system(8)
def test_the_page_never_says_how_far_or_how_late(worker, here):
    actions.move_stage(cycle=here.cycle, to_stage="embed", why="A try", by=here.worker)
    actions.move_stage(cycle=here.cycle, to_stage="understand", why="Back to listen", by=here.worker)
    page = worker.get(here.cycle.get_absolute_url()).text
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", page[page.index("<main") :], flags=re.S).lower()
    for words in ("% complete", "per cent", "progress", "overdue", "behind schedule", "<progress", "<meter"):
        assert words not in body
