"""What every drawing is made of.

Each shape has both a class, so that a stylesheet can recolour it for the dark, and presentation
attributes, because WeasyPrint reads no page styles inside SVG. All text is escaped here, and a drawing is
marked safe once, in `svg`. A drawing holds no script, no style and no address.
"""

import re
from functools import cache

from django.utils.html import escape
from django.utils.safestring import mark_safe

INK, INK2, LINE, EDGE = "#1b2827", "#47534f", "#dcd7ca", "#77807a"
SHEET, SUNK, ON_PINE = "#fffefb", "#efece3", "#fdfcf7"
PINE, PINE_WASH, HEATHER, HEATHER_WASH = "#0d4a48", "#e2eeea", "#63386f", "#f2eaf4"
GORSE_MARK, GORSE_WASH, CLAY = "#cf961a", "#faf0d4", "#98331b"

PAINT = {
    "f-pine": f'fill="{PINE}"',
    "f-pinew": f'fill="{PINE_WASH}"',
    "f-heather": f'fill="{HEATHER}"',
    "f-heatherw": f'fill="{HEATHER_WASH}"',
    "f-sunk": f'fill="{SUNK}"',
    "f-sheet": f'fill="{SHEET}"',
    "f-none": 'fill="none"',
    "s-pine": f'stroke="{PINE}"',
    "s-pinew": f'stroke="{PINE_WASH}"',
    "s-heather": f'stroke="{HEATHER}"',
    "s-line": f'stroke="{LINE}"',
    "s-edge": f'stroke="{EDGE}"',
    "s-sheet": f'stroke="{SHEET}"',
    "s-ink2": f'stroke="{INK2}"',
    "f-gorsew": f'fill="{GORSE_WASH}"',
    "s-gorse": f'stroke="{GORSE_MARK}"',
    "s-clay": f'stroke="{CLAY}"',
    "t": f'fill="{INK}"',
    "t-2": f'fill="{INK2}"',
    "t-pine": f'fill="{PINE}"',
    "t-on": f'fill="{ON_PINE}"',
    "t-heather": f'fill="{HEATHER}"',
}


@cache
def paint(*names):
    """A class for the screen and the same colours for paper."""
    return f'class="{" ".join(names)}" ' + " ".join(PAINT[name] for name in names)


def text(x, y, words, cls="t", size=13, anchor="start", bold=False):
    return f'<text x="{x:.1f}" y="{y:.1f}" {_letters(cls, size, anchor, bold)}>{escape(words)}</text>'


def texts(places, cls="t", size=13, anchor="start", bold=False):
    """Many in one look, which is said once: (x, y, words) of each."""
    written = "".join(f'<text x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>' for x, y, words in places)
    return written and f"<g {_letters(cls, size, anchor, bold)}>{written}</g>"


@cache
def _letters(cls, size, anchor, bold):
    weight = ' font-weight="700"' if bold else ""
    return f'{paint(cls)} font-size="{size:g}" text-anchor="{anchor}" font-family="Lato, sans-serif"{weight}'


def lines(x, y, words, cls="t", size=13, anchor="middle", bold=False, lead=1.2):
    """Several lines of text, centred on y."""
    parts = words.split("\n")
    top = y - (len(parts) - 1) * size * lead / 2 + size * 0.35
    return "".join(text(x, top + i * size * lead, part, cls, size, anchor, bold) for i, part in enumerate(parts))


def line(x1, y1, x2, y2, cls="s-line", width=1, dash=""):
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {paint(cls)} stroke-width="{width:g}"{dashes}/>'
    )


def rect(x, y, width, height, *cls, round=3, edge=0):
    stroke = f' stroke-width="{edge:g}"' if edge else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{round}" {paint(*cls)}{stroke}/>'
    )


def dot(x, y, radius, *cls, edge=1.2):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {paint(*cls)} stroke-width="{edge:g}"/>'


def dots(places, radius, *cls, edge=1.2):
    """Many in one look, which is said once: (x, y) of each."""
    drawn = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>' for x, y in places)
    return drawn and f'<g {paint(*cls)} stroke-width="{edge:g}">{drawn}</g>'


def svg(ident, width, height, title, desc, body, cls="chart-svg"):
    ident = escape(ident)
    return mark_safe(
        f'<svg class="{cls}" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(title)}</title>'
        f'<desc id="{ident}-d">{escape(desc)}</desc>{body}</svg>'
    )


def nothing_yet(ident, title, words="Nothing to draw yet.", width=380, cls="chart-svg"):
    """An empty drawing says so, at the size the reader will see it grow in."""
    body = lines(width / 2, 48, words, "t-2", 14)
    return svg(ident, width, 96, title, words, body, cls)


WORDS = re.compile(r"</title><desc [^>]*>(.*?)</desc>", re.S)


def for_paper(drawing):
    """A PDF reader is told the title only, so there the description joins it."""
    return mark_safe(WORDS.sub(lambda found: f". {found[1]}</title>", drawing))


def shorten(words, most):
    """A label that must not run out of its drawing; the table beside it has it in full."""
    words = str(words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
