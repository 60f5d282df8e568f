"""Drawings never fail, never lie outside their frame, never carry markup that people wrote."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hls import charts

WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
VALUES = st.one_of(st.none(), st.floats(-1e6, 1e6))
POINTS = st.lists(st.tuples(WORDS, VALUES, st.integers(0, 40)), max_size=40)
COUNTS = st.integers(0, 10_000)
SVG = "{http://www.w3.org/2000/svg}"
quick = settings(max_examples=60, deadline=None)


def parse(drawing):
    """The drawing as XML: well formed, named, without script, style or address."""
    tree = ElementTree.fromstring(str(drawing))  # our own text
    kinds = {node.tag for node in tree.iter()}
    assert kinds <= {"svg", "title", "desc", "line", "rect", "circle", "polyline", "path", "text", "g"}
    for node in tree.iter():
        assert not {name for name in node.attrib if name.startswith("on") or name in ("style", "href")}
    assert tree.find("title") is not None
    assert tree.find("desc") is not None
    return tree


def inside(tree):
    """Every dot and box lies within the frame."""
    _, _, width, height = map(float, tree.attrib["viewBox"].split())
    for node in tree.iter("circle"):
        assert 0 <= float(node.attrib["cx"]) <= width
        assert 0 <= float(node.attrib["cy"]) <= height
    for node in tree.iter("rect"):
        assert float(node.attrib["width"]) >= 0
        assert float(node.attrib["height"]) >= 0


@quick
@given(POINTS, WORDS, WORDS)
def test_run_chart_draws_anything(points, question, end):
    inside(parse(charts.run_chart("a", question, points, high=end, low=end)))
    charts.run_table(points)


@quick
@given(st.lists(st.tuples(WORDS, st.lists(st.integers(0, 900), max_size=30)), max_size=5))
def test_ageing_draws_anything(rows):
    inside(parse(charts.ageing("a", rows)))
    charts.ageing_table(rows)


@quick
@given(st.lists(st.tuples(WORDS, COUNTS, COUNTS), max_size=12), WORDS)
def test_before_after_draws_anything(rows, title):
    inside(parse(charts.before_after("a", title, rows)))


@quick
@given(st.lists(st.tuples(WORDS, COUNTS), max_size=40), WORDS, st.integers(-2, 50))
def test_columns_draw_anything(data, mark, mark_at):
    inside(parse(charts.columns("a", "What did it cost?", data, mark=mark, mark_at=mark_at)))


@quick
@given(st.lists(VALUES, max_size=20), WORDS)
def test_sparks_draw_anything(values, title):
    inside(parse(charts.sparks("a", title, values)))


@quick
@given(st.lists(st.tuples(WORDS, WORDS), max_size=6), st.one_of(st.none(), st.integers(0, 6)))
def test_stack_draws_anything(layers, now):
    parse(charts.stack("a", layers, now))


@pytest.mark.parametrize("now", range(5))
def test_wheel_names_the_stage(now):
    tree = parse(charts.wheel("a", now, times_round=2))
    assert "now at" in tree.find("title").text
    assert "Time round: 2" in tree.find("desc").text


def test_wheel_refuses_a_stage_that_is_not_there():
    with pytest.raises(ValueError, match="no stage 5"):
        charts.wheel("a", 5)


def test_cairn_and_bar_are_well_formed():
    parse(charts.cairn())
    ElementTree.fromstring(str(charts.bar(0.4)))
    assert charts.bar(0).count("<rect") == 1


def steady(values, n=8):
    return [(f"week {i}", value, n) for i, value in enumerate(values)]


def test_run_chart_has_no_median_before_twelve_points():
    drawing = charts.run_chart("a", "q", steady([1, 2] * 5 + [1]), high="", low="")
    assert charts.run_median([charts.Point(*p) for p in steady([1, 2] * 5 + [1])]) is None
    assert "no median yet" in drawing
    assert "stroke-dasharray" not in drawing


def test_run_chart_carries_on_the_median_of_the_first_twelve():
    points = steady([1, 3] * 6 + [9] * 6)
    assert charts.run_median([charts.Point(*p) for p in points]) == 2
    drawing = charts.run_chart("a", "q", points, high="", low="")
    assert "median of the first 12: 2" in drawing
    assert "7 points in a row sit above the median" in drawing


def test_run_of_five_is_no_run_and_points_on_the_line_are_passed_over():
    assert charts.longest_run([3] * 5, 2) == []
    assert charts.longest_run([3, 3, 3, 2, 3, 3, 3], 2) == [0, 1, 2, 4, 5, 6]


def test_run_chart_never_says_better_or_worse():
    drawing = charts.run_chart("a", "q", steady([1, 3] * 6 + [9] * 6), high="", low="")
    assert not re.search(r"\b(better|worse|target|good|bad)\b", str(drawing), re.I)


def test_points_with_few_answers_are_hollow_or_not_drawn():
    points = [("a", 1, 2), ("b", 2, 3), ("c", 3, 4), ("d", 4, 5)]
    tree = parse(charts.run_chart("a", "q", points, high="", low=""))
    fills = [node.attrib["fill"] for node in tree.iter("circle")]
    assert fills == ["#fffefb", "#fffefb", "#0d4a48"]


def test_table_of_a_run_chart_hides_what_the_chart_hides():
    rows = charts.run_table([("a", 1, 2), ("b", 2, 4), ("c", 3, 5), ("d", None, 0)])["rows"]
    assert rows == [
        ["a", "Too few to show", "fewer than 5"],
        ["b", "2", "fewer than 5"],
        ["c", "3", 5],
        ["d", "Too few to show", "No answers"],
    ]


def test_note_gives_no_sum_that_would_unmask_a_small_count():
    assert charts.run_note([("a", 1, 8), ("b", 1, 4)]) == "Up to 8 answers each time; a hollow dot has fewer than 5"
    assert charts.run_note([("a", 1, 8), ("b", 1, 5)]) == "n = 13 answers, 5 to 8 each time"


def test_a_gap_in_the_answers_stays_a_gap():
    points = [("a", 1, 5), ("b", 2, 5), ("c", 3, 0), ("d", 4, 5), ("e", 5, 5)]
    tree = parse(charts.run_chart("a", "q", points, high="", low=""))
    assert len(list(tree.iter("polyline"))) == 2


def test_for_paper_puts_the_description_in_the_title():
    drawing = charts.for_paper(charts.wheel("a", 0))
    assert "<desc" not in drawing
    assert "Five stages in a circle" in re.search("<title[^>]*>(.*?)</title>", drawing)[1]
