"""A system map: actors as stones, factors as plates, and what ties them, drawn so that colour carries nothing.

What a tie does shows in its line and at its end: helps, a solid line to an arrow; gets in the way, dashes to a
bar; could help, dots to a ring. How we know shows in how heavy it is: seen is heavy, assumed is light.
"""

import math
from dataclasses import dataclass
from functools import cache

from django.utils.html import escape
from django.utils.safestring import mark_safe

from .map_layout import LEAD, SIZE, SMALL, at, in_lines, lay_out
from .paint import dot, line, lines, nothing_yet, paint, rect, svg, text
from .stone import stone

FOLD = 9  # more than this at once is a picture that nobody reads
SAYS = {"helps": "helps", "hinders": "gets in the way of", "could_help": "could help"}
LINES = {
    "helps": ("s-pine", ""),
    "hinders": ("s-clay", "9 5"),
    "could_help": ("s-edge", "1.5 5"),
}
HEAVY, LIGHT = 2.8, 1.3
MARKS = {"new": "new", "gone": "gone since", "changed": "changed"}
TOLD = 14  # ties told in the description; the list beside it tells them all


@dataclass(frozen=True)
class Part:
    """One actor or factor. `mark`: new, gone, changed or nothing, in a picture of two dates."""

    key: object
    name: str
    kind: str = "actor"
    is_centre: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Tie:
    """`source` and `target` are keys of parts. `effect`: helps, hinders or could_help."""

    source: object
    target: object
    effect: str
    is_seen: bool = False
    mark: str = ""


def most_tied(parts, ties, most=FOLD):
    """The parts with the most ties, in their own order; the centre is always among them."""
    if len(parts) <= most:
        return list(parts)
    count = dict.fromkeys((part.key for part in parts), 0)
    for tie in ties:
        for end in (tie.source, tie.target):
            if end in count:
                count[end] += 1
    rank = {part.key: place for place, part in enumerate(parts)}
    best = sorted(parts, key=lambda part: (not part.is_centre, -count[part.key], rank[part.key]))[:most]
    return sorted(best, key=lambda part: rank[part.key])


def lay_out_map(parts, ties):
    """Where everything stands. Several parts of one key share a box that fits each: for pictures that must agree."""
    labels = {}
    for part in parts:
        labels.setdefault(part.key, []).append(part.name)
    return lay_out(
        labels,
        list(dict.fromkeys((tie.source, tie.target) for tie in ties)),
        centre=next((part.key for part in parts if part.is_centre), None),
        more_lines={part.key for part in parts if part.mark},
    )


def system_map(ident, title, parts, ties, *, layout=None, empty="Nothing on the map yet."):
    """The picture. `layout`: one made by `lay_out_map` for more than is drawn here."""
    if not parts:
        return nothing_yet(ident, title, empty, width=380)
    layout = layout or lay_out_map(parts, ties)
    shown = {part.key: part for part in parts}
    drawn = [tie for tie in ties if tie.source in shown and tie.target in shown]
    body = [_tie(tie, layout.boxes, layout.bends[tie.source, tie.target], shown) for tie in drawn]
    body += [_part(part, layout.boxes[part.key]) for part in parts]
    return svg(ident, layout.wide, layout.high, title, described(parts, drawn), "".join(body), "map")


def described(parts, ties):
    """The picture in words, for those who do not see it."""
    names = {part.key: part.name for part in parts}
    told = []
    for kind, label in (("actor", "Actors"), ("factor", "Factors")):
        if some := [_named(part) for part in parts if part.kind == kind]:
            told.append(f"{label}: {', '.join(some)}.")
    told += [f"{names[tie.source]} {SAYS[tie.effect]} {names[tie.target]}{_as_mark(tie.mark)}." for tie in ties[:TOLD]]
    if not ties:
        told.append("Nothing is tied yet.")
    elif len(ties) > TOLD:
        told.append(f"And {len(ties) - TOLD} more ties; the list tells them all.")
    return " ".join(told)


def _named(part):
    return part.name + _as_mark(part.mark)


def _as_mark(mark):
    return f" ({MARKS[mark]})" if mark else ""


def _part(part, box):
    """A stone for an actor, a plate for a factor. What has gone is an outline in dashes."""
    gone = ' stroke-dasharray="4 4"' if part.mark == "gone" else ""
    edge = 3 if part.mark in ("new", "changed") else 1.4
    if part.kind == "actor":
        fill = _fill(part, "f-pine", "f-pinew", "s-pine")
        shape = f'<path d="{stone(box.x, box.y, box.wide, box.high)}" {fill} stroke-width="{edge}"{gone}/>'
    else:
        fill = _fill(part, "f-pine", "f-gorsew", "s-gorse")
        shape = (
            f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.wide:.1f}" height="{box.high:.1f}" rx="4"'
            f' {fill} stroke-width="{edge}"{gone}/>'
        )
    return f"<g>{shape}{_label(part, box)}</g>"


def _fill(part, centre, plain, edge):
    return paint("f-sheet", edge) if part.mark == "gone" else paint(centre if part.is_centre else plain, edge)


def _label(part, box):
    on = "t-on" if part.is_centre and part.mark != "gone" else "t"
    up = 6.5 if part.mark else 0
    words = lines(
        box.x, box.y - up, "\n".join(in_lines(part.name)), on, SIZE, bold=part.kind == "actor", lead=LEAD / SIZE
    )
    if part.mark:
        quiet = "t-on" if on == "t-on" else "t-2"
        words += text(box.x, box.foot - 9, MARKS[part.mark], quiet, SMALL, "middle")
    return words


def _tie(tie, boxes, bend, shown):
    one, other = boxes[tie.source], boxes[tie.target]
    colour, dash = LINES[tie.effect]
    start = _edge_of(one, other, bend, shown[tie.source].kind, from_start=True)
    end = _edge_of(one, other, bend, shown[tie.target].kind, from_start=False)
    x1, y1 = at(one, other, bend, start)
    x2, y2 = at(one, other, bend, end)
    # The control point of the part of the curve between the two edges.
    middle = at(one, other, bend, (start + end) / 2)
    cx, cy = 2 * middle[0] - (x1 + x2) / 2, 2 * middle[1] - (y1 + y2) / 2
    round_ends = ' stroke-linecap="round"' if tie.effect == "could_help" else ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    wide = HEAVY if tie.is_seen else LIGHT
    faint = ' stroke-opacity=".75"' if tie.mark == "gone" else ""
    return (
        f'<path d="M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}" {paint("f-none", colour)}'
        f' stroke-width="{wide}"{dashes}{round_ends}{faint}/>'
        + _end(tie.effect, colour, x2, y2, math.atan2(y2 - cy, x2 - cx))
    )


def _edge_of(one, other, bend, kind, *, from_start):
    """How far along the curve it leaves the box it comes from, or reaches the box it goes to."""
    box = one if from_start else other
    inside, outside = (0.0, 0.5) if from_start else (1.0, 0.5)
    for _ in range(11):
        half = (inside + outside) / 2
        if _is_inside(box, kind, *at(one, other, bend, half)):
            inside = half
        else:
            outside = half
    return outside


def _is_inside(box, kind, x, y):
    if kind == "factor":
        return box.holds(x, y, 2)
    return abs((x - box.x) / (box.wide / 2 + 2)) ** 2.7 + abs((y - box.y) / (box.high / 2 + 2)) ** 2.7 <= 1


def _end(effect, colour, x, y, way):
    """What the tie does, at its end: an arrow, a bar or a ring."""
    ahead, aside = (math.cos(way), math.sin(way)), (-math.sin(way), math.cos(way))

    def point(forward, sideways):
        return x + ahead[0] * forward + aside[0] * sideways, y + ahead[1] * forward + aside[1] * sideways

    if effect == "helps":
        corners = " ".join(f"{px:.1f},{py:.1f}" for px, py in (point(1, 0), point(-10, 5), point(-10, -5)))
        return f'<polygon points="{corners}" {paint("f-pine")}/>'
    if effect == "hinders":
        return line(*point(-1, 7), *point(-1, -7), colour, 3)
    return dot(*point(-4, 0), 3.6, "f-sheet", colour, edge=1.6)


KEY = [
    ("helps", "helps"),
    ("hinders", "gets in the way"),
    ("could_help", "could help"),
]


@cache
def map_key():
    """What the lines and shapes mean: (drawing, words), for a line above the picture."""
    found = []
    for effect, words in KEY:
        colour, dash = LINES[effect]
        drawn = line(1, 8, 27, 8, colour, 2.4, dash) + _end(effect, colour, 35, 8, 0)
        found.append((_sample(drawn, 38), words))
    found.append((_sample(line(1, 8, 35, 8, "s-ink2", HEAVY), 36), "seen"))
    found.append((_sample(line(1, 8, 35, 8, "s-ink2", LIGHT), 36), "assumed, or not said"))
    actor = f'<path d="{stone(18, 8, 30, 13)}" {paint("f-pinew", "s-pine")} stroke-width="1.2"/>'
    found.append((_sample(actor, 36), "actor"))
    found.append((_sample(rect(4, 2, 28, 12, "f-gorsew", "s-gorse", edge=1.2), 36), "factor"))
    return found


def _sample(drawn, wide):
    return mark_safe(f'<svg viewBox="0 0 {escape(wide)} 16" aria-hidden="true" focusable="false">{drawn}</svg>')
