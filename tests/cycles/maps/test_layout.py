"""The picture of a map, whatever is on it: nothing overlaps, all of it is on the paper, the same each time."""

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hls.charts import Part, Tie, flow, flow_words, lay_out_map, map_key, most_tied, system_map
from hls.charts.map_layout import LEAD, SIZE, at, cut, in_lines, width_of

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=80
) | st.sampled_from(
    ["Family, friends, neighbours", "Income", "W" * 80, "A very long name " * 4, "北岸的邻居们和朋友们"]
)


@st.composite
def maps(draw):
    count = draw(st.integers(5, 40))
    parts = [
        Part(key, draw(NAMES), draw(st.sampled_from(["actor", "factor"])), key == 0 and draw(st.booleans()))
        for key in range(count)
    ]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(ends, max_size=60, unique=True))
    effects = st.sampled_from(["helps", "hinders", "could_help"])
    return parts, [Tie(one, other, draw(effects), draw(st.booleans())) for one, other in pairs]


def apart(one, other):
    return one.right <= other.left or other.right <= one.left or one.foot <= other.top or other.foot <= one.top


@given(maps())
@settings(max_examples=60, deadline=None)
def test_layout_overlaps_nowhere_and_stays_on_the_paper(drawn):
    parts, ties = drawn
    layout = lay_out_map(parts, ties)
    assert layout.boxes.keys() == {part.key for part in parts}
    for one, other in combinations(layout.boxes.values(), 2):
        assert apart(one, other), (one, other)
    for part in parts:
        box, lines = layout.boxes[part.key], in_lines(part.name)
        # A label lies inside its own box, so no label can meet another.
        assert max(map(width_of, lines)) <= box.wide
        assert len(lines) * LEAD <= box.high
        assert box.left >= 0
        assert box.right <= layout.wide
        assert box.top >= 0
        assert box.foot <= layout.high


@given(maps())
@settings(max_examples=30, deadline=None)
def test_ties_stay_on_the_paper_from_end_to_end(drawn):
    parts, ties = drawn
    layout = lay_out_map(parts, ties)
    assert layout.bends.keys() == {(tie.source, tie.target) for tie in ties}
    for (source, target), bend in layout.bends.items():
        for step in range(21):
            x, y = at(layout.boxes[source], layout.boxes[target], bend, step / 20)
            assert 0 <= x <= layout.wide
            assert 0 <= y <= layout.high


@given(maps())
@settings(max_examples=15, deadline=None)
def test_picture_is_the_same_each_time_and_well_formed(drawn):
    parts, ties = drawn
    once = system_map("m", "A map", parts, ties)
    assert once == system_map("m", "A map", list(parts), list(ties))
    tree = ElementTree.fromstring(once)
    assert tree.get("role") == "img"
    assert [child.tag for child in tree[:2]] == ["title", "desc"]
    assert len(tree.findall(".//g")) == len(parts)
    assert " style=" not in once


def test_an_overlap_would_be_noticed():
    """Positive control: two boxes that were laid on each other fail the rule above."""
    layout = lay_out_map([Part(0, "Income"), Part(1, "Job")], [])
    one, other = layout.boxes.values()
    assert apart(one, other)
    assert not apart(one, replace(other, x=one.x + 10, y=one.y))


def test_tied_parts_stand_nearer_than_the_rest():
    parts = [Part(key, f"Part {key}", is_centre=key == 0) for key in range(16)]
    ties = [Tie(0, key, "helps") for key in range(1, 6)]
    boxes = lay_out_map(parts, ties).boxes

    def far(key):
        return ((boxes[key].x - boxes[0].x) / 150) ** 2 + ((boxes[key].y - boxes[0].y) / 90) ** 2

    assert max(far(key) for key in range(1, 6)) < min(far(key) for key in range(8, 16)) + 1
    assert sum(far(key) for key in range(1, 6)) < sum(far(key) for key in range(6, 11))


def test_a_small_map_runs_no_tie_under_another_box():
    from hls.charts.map_layout import _under

    parts = [Part(key, f"Part {key}", is_centre=key == 0) for key in range(9)]
    ties = [Tie(key, 0, "helps") for key in range(1, 7)] + [Tie(7, 1, "hinders"), Tie(8, 2, "could_help")]
    layout = lay_out_map(parts, ties)
    for (source, target), bend in layout.bends.items():
        others = [box for key, box in layout.boxes.items() if key not in (source, target)]
        assert _under(layout.boxes[source], layout.boxes[target], bend, others) == 0


def test_there_and_back_run_apart():
    layout = lay_out_map([Part(0, "One"), Part(1, "Two")], [Tie(0, 1, "helps"), Tie(1, 0, "hinders")])
    assert layout.bends[0, 1] != layout.bends[1, 0]


def test_what_a_tie_does_is_told_without_colour():
    parts = [Part(0, "One"), Part(1, "Two", "factor")]
    drawn = {
        effect: system_map("m", "A map", parts, [Tie(0, 1, effect)]) for effect in ("helps", "hinders", "could_help")
    }
    ties = {effect: ElementTree.fromstring(svg).find(".//path[@stroke-width='1.3']") for effect, svg in drawn.items()}
    assert ties["helps"].get("stroke-dasharray") is None
    assert ties["hinders"].get("stroke-dasharray") == "9 5"
    assert ties["could_help"].get("stroke-dasharray") == "1.5 5"
    ends = {effect: (svg.count("<polygon"), svg.count("<line"), svg.count("<circle")) for effect, svg in drawn.items()}
    assert ends == {"helps": (1, 0, 0), "hinders": (0, 1, 0), "could_help": (0, 0, 1)}
    assert "One gets in the way of Two." in drawn["hinders"]


def test_seen_ties_are_heavier_than_assumed_ones():
    parts = [Part(0, "One"), Part(1, "Two")]
    assert 'stroke-width="2.8"' in system_map("m", "A map", parts, [Tie(0, 1, "helps", is_seen=True)])
    assert 'stroke-width="2.8"' not in system_map("m", "A map", parts, [Tie(0, 1, "helps")])


def test_fold_keeps_the_most_tied_and_the_centre():
    parts = [Part(key, f"Part {key}", is_centre=key == 13) for key in range(14)]
    ties = [Tie(key, key + 1, "helps") for key in range(8)]
    kept = [part.key for part in most_tied(parts, ties)]
    assert len(kept) == 9
    assert 13 in kept
    assert set(range(1, 8)) <= set(kept)
    assert most_tied(parts[:9], ties) == parts[:9]


def test_words_of_a_map_are_escaped():
    parts = [Part(0, "<script>alert(1)</script>"), Part(1, 'a"b&c')]
    drawn = system_map("m", "<b>", parts, [Tie(0, 1, "helps")])
    assert "<script" not in drawn
    assert "<b>" not in drawn


def test_an_empty_map_says_so():
    assert "Nothing on the map yet." in system_map("m", "A map", [], [])


@pytest.mark.parametrize("words", ["", " ", "W" * 300, "a " * 300, "\u202eabc", "北" * 80])
def test_labels_always_fit(words):
    lines = in_lines(words)
    assert 1 <= len(lines) <= 3
    assert all(width_of(line) <= 112 for line in lines)
    assert width_of(cut("W" * 50, 100, SIZE)) <= 100


def test_description_of_a_big_map_is_not_endless():
    parts = [Part(key, f"Part {key}") for key in range(30)]
    ties = [Tie(key, key + 1, "helps") for key in range(29)]
    assert "And 15 more ties; the list tells them all." in system_map("m", "A map", parts, ties)


def test_key_shows_every_line_and_shape():
    assert [words for _, words in map_key()] == [
        "helps",
        "gets in the way",
        "could help",
        "seen",
        "assumed, or not said",
        "actor",
        "factor",
    ]
    assert all("aria-hidden" in drawn for drawn, _ in map_key())


def test_flow_tells_value_from_waste_without_colour():
    steps = [("A letter goes out", "waste"), ("We knock", "value"), ("A call", "")]
    drawn = flow("f", "The work", steps)
    assert "1, A letter goes out: waste; 2, We knock: value; 3, A call: not sure yet." in drawn
    boxes = ElementTree.fromstring(drawn).findall(".//rect")
    assert [box.get("stroke-dasharray") for box in boxes] == ["7 4", None, "1.5 4"]
    assert [word in drawn for word in (">Waste<", ">Value<", ">Not sure yet<")] == [True] * 3
    assert flow_words(steps) == "1 of 3 steps help the person, 1 do not, nobody is sure of 1."


@given(st.lists(st.tuples(NAMES, st.sampled_from(["value", "waste", ""])), min_size=1, max_size=40))
@settings(max_examples=30, deadline=None)
def test_flow_steps_follow_each_other_on_the_paper(steps):
    tree = ElementTree.fromstring(flow("f", "The work", steps))
    wide, high = (float(side) for side in tree.get("viewBox").split()[2:])
    foot = 0.0
    for box in tree.findall(".//rect"):
        x, y, box_wide, box_high = (float(box.get(name)) for name in ("x", "y", "width", "height"))
        assert y >= foot
        assert x + box_wide <= wide
        foot = y + box_high
    assert foot <= high
