"""The line of a change, drawn as stones on a path: from the lives it began with to what is normal now."""

from .paint import dot, line, nothing_yet, paint, shorten, svg, text
from .stone import stone

W, HEAD, STEP, GAP = 330, 30, 22, 18
PATH, WORDS, MOST, FITS = 20, 46, 4, 37
LEAN = (0.06, -0.05, 0.04, -0.06, 0.03)


def trace(ident, stations):
    """`stations`: (title, labels, what is out of sight in words, whether something is in place), in their order."""
    title = "The line of this change"
    if not stations:
        return nothing_yet(ident, title, "Nothing has come of it yet.", cls="tracepic")
    body, y = [], 8
    tops = []
    for place, station in enumerate(stations):
        drawn, tall = _station(place, station, y)
        tops.append(y)
        body.append(drawn)
        y += tall + GAP
    path = line(PATH, tops[0] + 10, PATH, tops[-1] + 10, "s-heather", 2)
    return svg(ident, W, y - GAP + 8, title, _described(stations), path + "".join(body), "tracepic")


def _station(place, station, y):
    title, labels, more, done = station
    fill = paint("f-pine") if done else paint("f-pinew", "s-pine")
    pebble = stone(PATH, y + 10, 30, 24, LEAN[place % 5])
    parts = [
        f'<path d="{pebble}" {fill} stroke-width="{0 if done else 1.2}"/>',
        text(WORDS, y + 15, title, size=16, bold=True),
    ]
    lines = _lines(labels, more)
    for step, (words, seen) in enumerate(lines):
        at = y + HEAD + step * STEP
        parts.append(dot(WORDS + 5, at, 4, *(("f-pine", "s-pine") if seen else ("f-none", "s-edge"))))
        parts.append(text(WORDS + 18, at + 5, words, "t" if seen else "t-2", 14))
    return "".join(parts), HEAD + len(lines) * STEP - 6


def _lines(labels, more):
    """What fits: a few of them, how many besides, and what is out of sight as a hollow dot."""
    some = labels if len(labels) <= MOST else labels[: MOST - 1]
    lines = [(shorten(words, FITS), True) for words in some]
    if len(labels) > len(some):
        lines.append((f"and {len(labels) - len(some)} more, in the list", True))
    if more:
        lines.append((shorten(more, FITS), False))
    return lines


def _described(stations):
    """The same in words; the list beside it has each in full."""
    told = []
    for title, labels, more, _ in stations:
        parts = [shorten(words, 80) for words in labels]
        told.append(f"{title}: {'; '.join([*parts, more] if more else parts)}")
    return ". ".join(told)
