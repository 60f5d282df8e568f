"""Steps of the work as they really go, one below the other: value keeps to the path, waste stands off it.

Value is a solid plate with its number in a full stone, waste an outline in dashes set to the side, and each says
so in a word, so that nothing rests on colour. Drawn narrow, to be read on a phone without scrolling.
"""

from .map_layout import in_lines
from .paint import line, nothing_yet, paint, svg, text
from .stone import stone

W, LEFT, ASIDE, GAP = 340, 44, 30, 22
SIZE, LEAD, PAD = 14, 18, 12
SAYS = {"value": "Value", "waste": "Waste", "": "Not sure yet"}


def flow(ident, title, steps):
    """`steps`: (activity, value) in order; value is "value", "waste" or nothing where nobody is sure."""
    if not steps:
        return nothing_yet(ident, title, "No steps yet.", width=W)
    body, y = [], 6
    for place, (activity, value) in enumerate(steps):
        drawn, high = _step(place + 1, activity, value, y)
        body.append(drawn)
        if place + 1 < len(steps):
            body.append(_arrow(y + high))
        y += high + GAP
    told = "; ".join(f"{place}, {activity}: {SAYS[value].lower()}" for place, (activity, value) in enumerate(steps, 1))
    return svg(ident, W, y - GAP + 8, title, f"In order. {told}.", "".join(body), "chart-svg flowpic")


def flow_words(steps):
    """What the picture comes to, in words."""
    counts = {value: sum(found == value for _, found in steps) for value in SAYS}
    said = [f"{counts['value']} of {len(steps)} steps help the person", f"{counts['waste']} do not"]
    if counts[""]:
        said.append(f"nobody is sure of {counts['']}")
    return ", ".join(said) + "."


def _step(number, activity, value, y):
    x = LEFT + (ASIDE if value == "waste" else 0)
    wide = W - x - 6
    words = in_lines(activity, wide - 2 * PAD, 4, SIZE)
    high = len(words) * LEAD + 16 + 2 * PAD - 6
    kind = {"value": ("f-pinew", "s-pine"), "waste": ("f-sheet", "s-clay")}.get(value, ("f-sheet", "s-edge"))
    dash = {"waste": ' stroke-dasharray="7 4"', "": ' stroke-dasharray="1.5 4"'}.get(value, "")
    box = (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="5" {paint(*kind)}'
        f' stroke-width="{2 if value == "value" else 1.6}"{dash}/>'
    )
    body = [box, _number(number, y + high / 2, value)]
    if value == "waste":
        body.append(line(LEFT - 8, y + high / 2, x - 2, y + high / 2, "s-clay", 1.6, "3 3"))
    for place, words_of in enumerate(words):
        body.append(text(x + PAD, y + PAD + 10 + place * LEAD, words_of, "t", SIZE, bold=value == "value"))
    body.append(text(x + PAD, y + high - PAD + 2, SAYS[value], "t-2", 12))
    return "".join(body), high


def _number(number, y, value):
    fill = paint("f-pine") if value == "value" else paint("f-sheet", "s-edge")
    return f'<path d="{stone(18, y, 30, 27)}" {fill} stroke-width="1.4"/>' + text(
        18, y + 4.7, str(number), "t-on" if value == "value" else "t", 13, "middle", bold=True
    )


def _arrow(y):
    """From one number down to the next."""
    return (
        line(18, y - 2, 18, y + GAP - 6, "s-ink2", 1.4)
        + f'<path d="M13.5 {y + GAP - 8:.1f}L18 {y + GAP - 1:.1f}L22.5 {y + GAP - 8:.1f}" {paint("f-none", "s-ink2")}'
        ' stroke-width="1.4"/>'
    )
