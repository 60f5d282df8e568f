"""How long open things have waited: one dot for each, so that no average hides the oldest."""

from collections import Counter
from collections.abc import Mapping

from .paint import dots, line, nothing_yet, svg, text, texts

W, LEFT, RIGHT, TOP, ROW = 380, 14, 14, 8, 62
TALLEST = 3  # dots that fit above each other in a row; after that the count is written
TITLE = "How long open issues have waited, by who owns the next step"


def ageing(ident, rows, *, title=TITLE):
    """`rows`: (owner, [weeks open, …]), or (owner, {weeks: how many}) where there are too many to list."""
    rows = [(owner, tally(weeks)) for owner, weeks in rows]
    if not any(weeks for _, weeks in rows):
        return nothing_yet(ident, title, "Nothing is waiting.")
    most = _round_up(max(max(weeks, default=0) for _, weeks in rows))
    height = TOP + ROW * len(rows) + 38

    def x(week):
        return LEFT + 6 + week / most * (W - LEFT - RIGHT - 12)

    body = [_grid(x, most, height)]
    for place, (owner, weeks) in enumerate(rows):
        body.append(_row(x, TOP + ROW * (place + 1) - 10, owner, weeks))
    return svg(ident, W, height, title, "; ".join(_in_words(*row) for row in rows), "".join(body))


def ageing_table(rows):
    rows = [(owner, tally(weeks)) for owner, weeks in rows]
    return {
        "head": ["Who owns the next step", "Open", "Half open less than", "Oldest"],
        "rows": [
            [owner, weeks.total(), _weeks(middle(weeks)) if weeks else "", _weeks(max(weeks)) if weeks else ""]
            for owner, weeks in rows
        ],
    }


def tally(weeks):
    """How many have waited how many weeks, from the shortest wait up; a million of them are no longer than a year."""
    if not isinstance(weeks, Mapping):
        weeks = Counter(weeks)
    counts = Counter()
    for week in sorted(weeks):
        counts[max(0, int(week))] += weeks[week]
    return +counts


def middle(weeks):
    """The median of a tally: half have waited this long or less."""
    total = weeks.total()
    return (_at(weeks, (total - 1) // 2) + _at(weeks, total // 2)) / 2


def _at(weeks, place):
    for week, count in weeks.items():
        place -= count
        if place < 0:
            return week
    raise IndexError(place)


def _round_up(weeks):
    """The last week on the axis: a whole number of steps, and half a year at least."""
    step = _step(weeks)
    return max(28, -(-weeks // step) * step)


def _step(weeks):
    return next(step for step in (4, 8, 13, 26, 52, weeks) if weeks <= step * 8)


def _grid(x, most, height):
    marks = range(0, most + 1, _step(most))
    return "".join(
        line(x(week), TOP, x(week), height - 34) + text(x(week), height - 19, week, "t-2", anchor="middle")
        for week in marks
    ) + text(W - RIGHT, height - 4, "weeks open", "t-2", anchor="end")


def _row(x, base, owner, weeks):
    at = {week: x(week) for week in weeks}
    stones = [
        (at[week], base - 1 - height * 12) for week, count in weeks.items() for height in range(min(count, TALLEST))
    ]
    more = [(at[week] + 8, base - 22, f"×{count}") for week, count in weeks.items() if count > TALLEST]
    return (
        line(LEFT, base + 6, W - RIGHT, base + 6, "s-edge")
        + text(LEFT, base - 37, f"{owner}: {weeks.total():,} open", bold=True)
        + dots(stones, 5.2, "f-pine", "s-sheet")
        + texts(more, "t-2", 12)
    )


def _weeks(count):
    return "1 week" if count == 1 else f"{count:g} weeks"


def _in_words(owner, weeks):
    if not weeks:
        return f"{owner}: none open"
    return f"{owner}: {weeks.total():,} open, oldest {_weeks(max(weeks))}, half open {_weeks(middle(weeks))} or less"
