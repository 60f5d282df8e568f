"""Where the parts of a system map stand: pure, the same each time, no two boxes touching.

Every box has a slot of its own in rows laid like bricks, wide enough for the widest, so that nothing can
overlap however the slots are dealt out. Dealing them out is what makes the picture readable: those that are
tied come to stand near each other, with few boxes between them. ADR 0014 says why it is done like this.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

SIZE, SMALL, LEAD = 13.5, 11.5, 16.0
WORDS_WIDE, WORDS_DEEP = 112, 3  # a label is at most this wide and this many lines; the list has it in full
PAD_X, PAD_Y = 15, 11
GAP_X, GAP_Y, EDGE = 26, 44, 12
SWAY = 5  # how far a box may stand from the middle of its slot; less than half of either gap
LEAST_WIDE = 700
ROUNDS = 12

NARROW, WIDE = set("iljtfrI.,;:'’|!()[]/- "), set("mwMWOQGCD@%&—")


@dataclass(frozen=True)
class Box:
    """Where a label stands: the middle, and how wide and high the shape around it is."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def left(self):
        return self.x - self.wide / 2

    @property
    def right(self):
        return self.x + self.wide / 2

    @property
    def top(self):
        return self.y - self.high / 2

    @property
    def foot(self):
        return self.y + self.high / 2

    def holds(self, x, y, more=0.0):
        return abs(x - self.x) <= self.wide / 2 + more and abs(y - self.y) <= self.high / 2 + more


@dataclass(frozen=True)
class Layout:
    """`boxes` by key; `bends`: for each tie, by its two keys, the point that draws its curve aside."""

    wide: float
    high: float
    boxes: dict
    bends: dict


def width_of(words, size=SIZE):
    """How wide bold words come out, rather too wide than too narrow: a server has no font to measure."""
    return sum(_wide(sign) for sign in words) * size


def _wide(sign):
    if ord(sign) > 0x2E7F:  # signs as wide as they are high: Chinese, Japanese, Korean, pictures
        return 1.3
    if sign in NARROW:
        return 0.37
    if sign in WIDE:
        return 0.92
    return 0.72 if sign.isupper() else 0.6


def cut(words, most, size=SIZE):
    """As much of the words as fits, with a sign that there is more."""
    if width_of(words, size) <= most:
        return words
    while words and width_of(words + "…", size) > most:
        words = words[:-1]
    return words.rstrip() + "…"


def in_lines(words, most=WORDS_WIDE, deep=WORDS_DEEP, size=SIZE):
    """The words of a label broken into lines that fit."""
    lines = []
    for word in str(words).split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size) <= most:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > deep:
        lines[deep - 1 :] = [" ".join(lines[deep - 1 :])]
    return tuple(cut(line, most, size) for line in lines) or ("…",)


def lay_out(labels, ties, *, centre=None, more_lines=()):
    """`labels`: {key: [words]} in a fixed order; where there are several words, the box fits each of them.

    `ties`: [(key, key)]. `more_lines`: keys with a small word below. `centre` is the key that the picture turns
    on; without one it is the one with the most ties.
    """
    keys = list(labels)
    sized = {key: _sized(labels[key], key in more_lines) for key in keys}
    wide = max((size[0] for size in sized.values()), default=0) + GAP_X
    high = max((size[1] for size in sized.values()), default=0) + GAP_Y
    slots = _slots(len(keys))
    dealt = _deal(keys, ties, slots, centre)
    left = min((column for column, _ in slots), default=0)
    columns = (max((column for column, _ in slots), default=0) - left) / 2 + 1
    rows = max((row for _, row in slots), default=0) + 1
    full = max(columns * wide + 2 * EDGE, LEAST_WIDE)
    start = (full - columns * wide) / 2
    boxes = {}
    for place, key in enumerate(keys):
        column, row = dealt[key]
        box_wide, box_high = sized[key]
        x = start + ((column - left) / 2 + 0.5) * wide + (place * 7 % 11 - 5) / 5 * SWAY
        y = EDGE + (row + 0.5) * high + (place * 5 % 9 - 4) / 4 * SWAY
        boxes[key] = Box(round(x, 1), round(y, 1), box_wide, box_high)
    deep = rows * high + 2 * EDGE
    bends = _bends(boxes, ties, full, deep)
    return _cropped(Layout(full, deep, boxes, bends))


def _cropped(layout):
    """Without the empty bands above and below; a curve that swings out keeps its room."""
    ys = [box.top for box in layout.boxes.values()] + [box.foot for box in layout.boxes.values()]
    ys += [point[1] for point in layout.bends.values()]
    if not ys:
        return layout
    up = min(ys) - EDGE
    boxes = {key: replace(box, y=round(box.y - up, 1)) for key, box in layout.boxes.items()}
    bends = {pair: (x, y - up) for pair, (x, y) in layout.bends.items()}
    return Layout(layout.wide, max(ys) - min(ys) + 2 * EDGE, boxes, bends)


def _sized(labels, has_more):
    told = [in_lines(words) for words in labels]
    wide = max(width_of(line) for lines in told for line in lines)
    wide = max(wide, 58 if has_more else 34)
    return wide + 2 * PAD_X, max(map(len, told)) * LEAD + (13 if has_more else 0) + 2 * PAD_Y


def _slots(count):
    """The slots nearest the middle, as (half-columns, row): every second row is shifted by half a slot."""
    columns = 4 if count <= 10 else 5 if count <= 40 else 6
    rows = math.ceil(count / columns) + (1 if count > 4 else 0)
    found = [(2 * column + row % 2, row) for row in range(rows) for column in range(columns)]
    middle_x, middle_y = columns - 0.5, (rows - 1) / 2
    found.sort(key=lambda slot: (((slot[0] - middle_x) / columns) ** 2 + ((slot[1] - middle_y) / rows) ** 2, slot))
    kept = found[:count]
    top = min((row for _, row in kept), default=0)
    return [(column, row - top) for column, row in kept]


@lru_cache(maxsize=4096)
def _apart(columns, rows):
    """What it costs to tie two slots that lie so far apart: the way between them, and the boxes in that way."""
    way = math.hypot(columns * 0.8, rows)
    between = 0
    for step in range(1, 2 * max(columns, rows)):
        part = step / (2 * max(columns, rows))
        x, y = columns * part, rows * part
        row = round(y)
        near = round((x - row % 2) / 2) * 2 + row % 2
        is_end = (near, row) in ((0, 0), (columns, rows))
        between += not is_end and abs(y - row) < 0.3 and abs(x - near) < 0.8
    return way + 1.5 * between


def _cost(one, other):
    return _apart(abs(one[0] - other[0]), abs(one[1] - other[1]))


def _deal(keys, ties, slots, centre):
    """Give each key a slot: the most tied first, each near those it is tied to; then swap while that helps."""
    near = {key: [] for key in keys}
    for one, other in ties:
        if one in near and other in near and one != other:
            near[one].append(other)
            near[other].append(one)
    order = _in_order(keys, near, centre)
    free, dealt = list(slots), {}
    for key in order:
        placed = [dealt[other] for other in near[key] if other in dealt]
        # Those without ties take the slots that are left furthest out, so they come last and find them last.
        best = min(free, key=lambda slot: (sum(_cost(slot, other) for other in placed), slots.index(slot)))
        free.remove(best)
        dealt[key] = best
    _swap(order, near, dealt)
    return dealt


def _in_order(keys, near, centre):
    """From the centre outward along the ties: next is whoever is tied most to those already named."""
    rank = {key: place for place, key in enumerate(keys)}
    waiting = sorted(keys, key=lambda key: (key != centre, -len(near[key]), rank[key]))
    if not waiting:
        return []
    order, known = [waiting.pop(0)], dict.fromkeys(keys, 0)
    while waiting:
        for other in near[order[-1]]:
            known[other] += 1
        following = min(waiting, key=lambda key: (-known[key], -len(near[key]), rank[key]))
        waiting.remove(following)
        order.append(following)
    return order


def _swap(order, near, dealt):
    """Swap two where that brings the tied closer; the centre keeps its place."""
    movers = order[1:]
    for _ in range(ROUNDS):
        is_better = False
        for place, one in enumerate(movers):
            for other in movers[place + 1 :]:
                if _gain(one, other, near, dealt) > 1e-9:
                    dealt[one], dealt[other] = dealt[other], dealt[one]
                    is_better = True
        if not is_better:
            return


def _gain(one, other, near, dealt):
    here, there = dealt[one], dealt[other]
    gain = 0.0
    for key in near[one]:
        if key != other:
            gain += _cost(here, dealt[key]) - _cost(there, dealt[key])
    for key in near[other]:
        if key != one:
            gain += _cost(there, dealt[key]) - _cost(here, dealt[key])
    return gain


BENDS = (0.05, -0.05, 0.16, -0.16, 0.28, -0.28, 0.42, -0.42)


def _bends(boxes, ties, wide, high):
    """For each tie the gentlest curve that runs under the fewest other boxes."""
    pairs = set(ties)
    found = {}
    for one, other in ties:
        if one in boxes and other in boxes:
            others = [box for key, box in boxes.items() if key not in (one, other)]
            bends = BENDS[2:] if (other, one) in pairs else BENDS  # there and back run apart
            tried = (_aside(boxes[one], boxes[other], bend, wide, high) for bend in bends)
            found[one, other] = _fewest_under(boxes[one], boxes[other], tried, others)
    return found


def _fewest_under(one, other, tried, others):
    best, least = None, None
    for point in tried:
        under = _under(one, other, point, others)
        if least is None or under < least:
            best, least = point, under
        if not under:
            break
    return best


def _aside(one, other, bend, wide, high):
    """The point that draws the curve to one side; kept inside, so the whole curve is."""
    x = (one.x + other.x) / 2 - (other.y - one.y) * bend * 2
    y = (one.y + other.y) / 2 + (other.x - one.x) * bend * 2
    return min(max(x, EDGE / 2), wide - EDGE / 2), min(max(y, EDGE / 2), high - EDGE / 2)


def at(one, other, point, part):
    """A point of the curve, `part` of the way along it."""
    rest = 1 - part
    x = rest * rest * one.x + 2 * rest * part * point[0] + part * part * other.x
    y = rest * rest * one.y + 2 * rest * part * point[1] + part * part * other.y
    return x, y


def _under(one, other, point, others):
    """How many other boxes the curve passes beneath."""
    near = [
        box
        for box in others
        if box.right >= min(one.x, other.x, point[0])
        and box.left <= max(one.x, other.x, point[0])
        and box.foot >= min(one.y, other.y, point[1])
        and box.top <= max(one.y, other.y, point[1])
    ]
    if not near:
        return 0
    points = [at(one, other, point, step / 16) for step in range(1, 16)]
    return sum(any(box.holds(x, y, 3) for x, y in points) for box in near)
