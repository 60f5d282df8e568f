"""Cycles on cycles, drawn as a cairn: the person is the base stone that everything rests on."""

from django.utils.html import escape

from .paint import nothing_yet, paint, shorten, svg, text
from .stone import stone

W, STONE, GAP = 380, 60, 3
SWAY, LEAN = (6, -5, 4, -4, 0), (0.06, -0.05, 0.04, -0.06, 0.03)


def stack(ident, layers, now=None):
    """`layers`: (scale, note) from the top stone down. `now`: the place of the cycle the reader is at."""
    if not layers:
        return nothing_yet(ident, "The stack of Learning Cycles", "No cycles here yet.", cls="stackpic")
    height = len(layers) * (STONE + GAP) + 14
    body = [_layer(place, *layer, on=place == now) for place, layer in enumerate(layers)]
    body += [_up(height), _down(height)]
    title = "The stack of Learning Cycles"
    if now is not None and 0 <= now < len(layers):
        title += f"; this one is at {layers[now][0].lower()} scale"
    desc = "; ".join(f"{scale}, {note}" if note else scale for scale, note in layers)
    desc = f"From the top: {desc}. Learning goes up; enabling comes down."
    return svg(ident, W, height, title, desc, "".join(body), "stackpic")


def _layer(place, scale, note, on):
    width = min(128 + place * 34, W - 100)
    x, y = W / 2 + SWAY[place % 5], 6 + STONE / 2 + place * (STONE + GAP)
    fill = paint("f-pine") if on else paint("f-pinew", "s-pine")
    pebble = stone(x, y, width, STONE, LEAN[place % 5])
    return (
        f'<path d="{pebble}" {fill} stroke-width="{0 if on else 1}"/>'
        + text(W / 2, y - 2, scale, "t-on" if on else "t", 15, "middle", bold=True)
        + text(W / 2, y + 16, shorten(note, int(width / 7.2)), "t-on" if on else "t-2", 13, "middle")
    )


def _up(height):
    top, foot = 24, height - 24
    return (
        f'<path d="M28 {foot}V{top + 10}" {paint("f-none", "s-heather")} stroke-width="2"/>'
        f'<path d="M22 {top + 12}L28 {top}L34 {top + 12}Z" {paint("f-heather")}/>'
    ) + _beside(17, height, "learning goes up")


def _down(height):
    top, foot = 24, height - 24
    return (
        f'<path d="M{W - 28} {top}V{foot - 10}" {paint("f-none", "s-heather")} stroke-width="2"/>'
        f'<path d="M{W - 34} {foot - 12}L{W - 28} {foot}L{W - 22} {foot - 12}Z" {paint("f-heather")}/>'
    ) + _beside(W - 14, height, "enabling comes down")


def _beside(x, height, words):
    if height < 170:  # too short for the words to stand beside it; the description says them
        return ""
    return (
        f'<text transform="translate({x} {height / 2:g}) rotate(-90)" {paint("t-heather")} font-size="13"'
        f' font-weight="700" text-anchor="middle" font-family="Lato, sans-serif">{escape(words)}</text>'
    )


# For the cover of a summary, on its dark ground: name, width, height, shift, lean, fill, ink.
COVER = [
    ("Person", 284, 74, 0, 0.03, "#fdfcf7", "#0d3a38"),
    ("Team", 232, 60, 4, -0.05, "#9fcabf", "#0d3a38"),
    ("Organisation", 196, 54, -5, 0.05, "#cdb2d6", "#2c1733"),
    ("Place", 158, 50, 6, -0.05, "#cfe3dd", "#0d3a38"),
    ("Country", 118, 44, -4, 0.06, "#e9c46f", "#1b2827"),
]


def cairn(ident="cairn", *, width=300, height=330):
    """The big cairn on the cover of a summary: five scales, resting on people's lives."""
    floor, body = height - 6, []
    for name, wide, tall, shift, lean, fill, ink in COVER:
        x, y = width / 2 + shift, floor - tall / 2
        body.append(
            f'<path d="{stone(x, y, wide, tall, lean)}" fill="{fill}"/>'
            f'<text x="{x:g}" y="{y + 5:g}" fill="{ink}" font-size="15" font-weight="700"'
            f' text-anchor="middle" font-family="Lato, sans-serif">{name}</text>'
        )
        floor -= tall + GAP
    desc = "From the top: country, place, organisation, team. Person is the base stone that the others rest on."
    return svg(ident, width, height, "A cairn of five stones", desc, "".join(body), "cairn")
