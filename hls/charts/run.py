"""Run charts: a question asked again and again, and what the answers did.

There is no target and no threshold. The median of the first twelve points is carried on, so that a change
has something steady to show against; six in a row on one side are boxed, with a question in words.
"""

from statistics import median
from typing import NamedTuple

from .paint import dot, line, nothing_yet, paint, rect, svg, text

BASE = 12  # points that make the median
RUN = 6  # in a row on one side: worth a question
HOLLOW, TOO_FEW = 5, 3  # answers behind a point: below five it is hollow, below three not drawn

W, H = 380, 214
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 30, 40


class Point(NamedTuple):
    label: str
    value: float | None
    n: int


def run_median(points):
    """The middle of the first twelve points that may be drawn; None when there are not yet twelve."""
    values = [point.value for point in _drawn(points)]
    return median(values[:BASE]) if len(values) >= BASE else None


def longest_run(values, middle, least=RUN):
    """The places of the longest run on one side; points on the line are passed over."""
    best, current = [], []
    for place, value in enumerate(values):
        if value == middle:
            continue
        same_side = current and (values[current[-1]] > middle) == (value > middle)
        current = [*current, place] if same_side else [place]
        best = max(best, current, key=len)
    return best if len(best) >= least else []


def run_chart(ident, question, points, *, high, low, lo=None, hi=None, events=()):
    """`points`: (label, value, n) in order of time. `high` and `low` are the words at the ends of the scale.

    `events`: (place of the first point after it, name).
    """
    points = [Point(*point) for point in points]
    drawn = _drawn(points)
    if not drawn:
        return nothing_yet(ident, question, "Not enough answers to draw yet.")
    scale = _Scale(points, drawn, lo, hi)
    middle = run_median(points)
    run = _run(drawn, middle)
    body = [
        _frame(scale, high, low),
        *(_event(scale, place, name) for place, name in events if 0 < place < len(points)),
        _box(scale, run, points),
        _middle(scale, middle),
        _line(scale, points),
        *(_mark(scale, place, point) for place, point in enumerate(points) if _is_drawn(point)),
        _ends(points),
    ]
    return svg(ident, W, H, question, _in_words(points, drawn, middle, run), "".join(body))


def run_table(points):
    """The same points as a table; what may not be drawn may not be read there either."""
    rows = [_table_row(Point(*point)) for point in points]
    return {"head": ["When", "Value", "Answers"], "rows": rows}


def run_note(points):
    """How many answers stand behind a chart, in words; no exact sum beside counts that are hidden."""
    counts = [Point(*point).n for point in points]
    if not counts or max(counts) == 0:
        return "No answers yet"
    if any(0 < n < HOLLOW for n in counts):
        return f"Up to {max(counts)} answers each time; a hollow dot has fewer than {HOLLOW}"
    return f"n = {sum(counts)} answers, {min(counts)} to {max(counts)} each time"


def _table_row(point):
    if not _is_drawn(point):
        return [point.label, "Too few to show", "No answers" if not point.n else f"fewer than {HOLLOW}"]
    return [point.label, f"{point.value:g}", f"fewer than {HOLLOW}" if point.n < HOLLOW else point.n]


def _is_drawn(point):
    return point.value is not None and point.n >= TOO_FEW


def _drawn(points):
    return [point for point in (Point(*point) for point in points) if _is_drawn(point)]


def _run(drawn, middle):
    """The points of the longest run, or none."""
    if middle is None:
        return []
    return [drawn[place] for place in longest_run([point.value for point in drawn], middle)]


class _Scale:
    """Where a point lies: time from left to right, the ends of the scale at top and bottom."""

    def __init__(self, points, drawn, lo, hi):
        values = [point.value for point in drawn]
        self.lo = min(values) if lo is None else lo
        self.hi = max(values) if hi is None else hi
        if self.hi <= self.lo:  # all the same: draw it along the middle
            self.lo, self.hi = self.lo - 1, self.lo + 1
        self.step = (W - LEFT - RIGHT - 14) / max(len(points) - 1, 1)
        self.only = len(points) == 1

    def x(self, place):
        return W / 2 if self.only else LEFT + 7 + place * self.step

    def y(self, value):
        value = min(max(value, self.lo), self.hi)
        return TOP + (self.hi - value) / (self.hi - self.lo) * (H - TOP - BOTTOM)


def _frame(scale, high, low):
    top, bottom = scale.y(scale.hi), scale.y(scale.lo)
    return (
        line(LEFT, bottom, W - RIGHT, bottom)
        + line(LEFT, top, W - RIGHT, top)
        + text(LEFT, top - 6, high, "t-2")
        + text(LEFT, bottom + 15, low, "t-2")
    )


def _event(scale, place, name):
    x = (scale.x(place) + scale.x(place - 1)) / 2
    late = x > W * 0.6
    mark = line(x, TOP - 14, x, scale.y(scale.lo), "s-ink2", dash="2 3")
    return mark + text(x - 5 if late else x + 5, TOP - 6, name, "t", anchor="end" if late else "start", bold=True)


def _box(scale, run, points):
    if not run:
        return ""
    left, right = scale.x(points.index(run[0])) - 8, scale.x(points.index(run[-1])) + 8
    ys = [scale.y(point.value) for point in run]
    return rect(left, min(ys) - 9, right - left, max(ys) - min(ys) + 18, "f-heatherw", "s-heather", round=9, edge=1.2)


def _middle(scale, middle):
    if middle is None:
        return text(W - RIGHT, H - 22, f"Fewer than {BASE} points: no median yet", "t-2", anchor="end")
    y = scale.y(middle)
    words = f"median of the first {BASE}: {round(middle, 1):g}"
    return line(LEFT, y, W - RIGHT, y, "s-heather", 1.5, "7 4") + text(
        W - RIGHT, H - 22, words, "t-heather", anchor="end", bold=True
    )


def _line(scale, points):
    """One line for each stretch of points that may be drawn; a gap stays a gap."""
    stretches, current = [], []
    for place, point in enumerate(points):
        if _is_drawn(point):
            current.append(f"{scale.x(place):.1f},{scale.y(point.value):.1f}")
        elif current:
            stretches.append(current)
            current = []
    return "".join(
        f'<polyline points="{" ".join(stretch)}" {paint("f-none", "s-pine")} stroke-width="2" stroke-linejoin="round"/>'
        for stretch in [*stretches, current]
        if len(stretch) > 1
    )


def _mark(scale, place, point):
    x, y = scale.x(place), scale.y(point.value)
    if point.n < HOLLOW:
        return dot(x, y, 4, "f-sheet", "s-pine", edge=2)
    return dot(x, y, 4, "f-pine", "s-sheet")


def _ends(points):
    first = text(LEFT, H - 5, points[0].label, "t-2")
    return first + text(W - RIGHT, H - 5, points[-1].label, "t-2", anchor="end") if len(points) > 1 else first


def _in_words(points, drawn, middle, run):
    values = [point.value for point in drawn]
    words = [
        f"Run chart of {len(drawn)} points from {points[0].label} to {points[-1].label}.",
        f"Values from {min(values):g} to {max(values):g}.",
        f"Median of the first {BASE} points {round(middle, 1):g}."
        if middle is not None
        else f"Fewer than {BASE} points, so no median yet.",
        f"{run_note(points)}.",
    ]
    if run:
        side = "above" if run[0].value > middle else "below"
        words.append(f"{len(run)} points in a row sit {side} the median, from {run[0].label}. What changed?")
    return " ".join(words)


def sparks(ident, title, values, *, lo=0, hi=None, width=168, height=40):
    """A word-sized line for a table cell. Lines that share a table share `lo` and `hi`."""
    values = [value for value in values if value is not None]
    if not values:
        return nothing_yet(ident, title, "No numbers yet.", width, "spark")
    hi = max(values) if hi is None else hi
    span = hi - lo if hi > lo else 1
    xs = [4 + i * (width - 12) / max(len(values) - 1, 1) for i in range(len(values))]
    ys = [height - 6 - (min(max(value, lo), max(hi, lo)) - lo) / span * (height - 12) for value in values]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    body = (
        line(4, height - 6, width - 8, height - 6)
        + f'<polyline points="{points}" {paint("f-none", "s-pine")} stroke-width="2" stroke-linejoin="round"/>'
        + dot(xs[-1], ys[-1], 3.5, "f-pine", "s-sheet")
    )
    said = "From first to last: " + ", ".join(f"{value:g}" for value in values)
    return svg(ident, width, height, title, said, body, "spark")
