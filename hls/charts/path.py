"""The way a Learning Cycle went: from the top down, wandering between its stages. Messy is how learning looks."""

from dataclasses import dataclass

from .paint import dot, line, lines, nothing_yet, paint, svg, text
from .stone import stone

STAGES = ["Purpose", "Understand", "Co-design", "Do and\nlearn", "Embed and\ninfluence"]
W, LEFT, STEP = 344, 36, 68  # the first column's middle and how far apart the columns lie
TOP, MOST = 80, 24
TITLE = "The way this cycle went"


@dataclass(frozen=True)
class At:
    """Being at a stage (from 0). `turn`: the time round it was."""

    stage: int
    turn: int = 1


def path(ident, steps, *, end="You are here"):
    """`steps`: where it was, oldest first. All are drawn, or the last of them; the numbered list has every one."""
    if not steps:
        return nothing_yet(ident, TITLE, "It has not begun yet.", width=W)
    drawn = steps[-MOST:]
    gap = _gap(len(drawn))
    spots = [(LEFT + step.stage * STEP, TOP + row * gap) for row, step in enumerate(drawn)]
    foot = spots[-1][1] + 56
    first = len(steps) - len(drawn) + 1
    body = [_lanes(foot), *_turns(drawn, spots, gap), *_ways(drawn, spots), *_dots(spots, first), _end(spots[-1], end)]
    return svg(ident, W, foot, TITLE, _words(steps, drawn, end), "".join(body), "chart-svg pathpic")


def _gap(count):
    """Room for each day's words while there are few; many lie closer."""
    return 48 if count <= 8 else 38 if count <= 16 else 29


def _name(stage):
    return STAGES[stage].replace("\n", " ")


def _words(steps, drawn, end):
    went = " then ".join(_name(step.stage) for step in drawn)
    left_out = f"The last {len(drawn)} of {len(steps)} stages. " if len(drawn) < len(steps) else ""
    return f"{left_out}From the top: {went}. {end}. Dashed where it went back; going back is learning too."


def _lanes(foot):
    heads = [lines(LEFT + place * STEP, 26, name, "t", 13, bold=True) for place, name in enumerate(STAGES)]
    lanes = [line(LEFT + place * STEP, 52, LEFT + place * STEP, foot, "s-line") for place in range(len(STAGES))]
    return "".join([*heads, *lanes])


def _ways(steps, spots):
    """A curve from each stage to the next: solid on, dashed back."""
    for place in range(1, len(spots)):
        (x0, y0), (x1, y1) = spots[place - 1], spots[place]
        bend = (y1 - y0) * 0.62
        back = steps[place].stage < steps[place - 1].stage and steps[place].turn == steps[place - 1].turn
        dashes = ' stroke-dasharray="5 5"' if back else ""
        yield (
            f'<path d="M{x0:g} {y0:g}C{x0:g} {y0 + bend:.1f} {x1:g} {y1 - bend:.1f} {x1:g} {y1:g}"'
            f' {paint("f-none", "s-heather" if back else "s-pine")} stroke-width="3" stroke-linecap="round"{dashes}/>'
        )


def _dots(spots, first):
    """Each place with its number in the list."""
    for number, (x, y) in enumerate(spots, start=first):
        here = number == first + len(spots) - 1
        yield dot(x, y, 12, *(("f-pine", "s-pine") if here else ("f-sheet", "s-pine")), edge=2)
        yield text(x, y + 4.5, number, "t-on" if here else "t", 12.5, "middle", bold=True)


def _turns(steps, spots, gap):
    """A line where the next time round begins."""
    for place in range(1, len(steps)):
        if steps[place].turn > steps[place - 1].turn:
            y = spots[place][1] - gap / 2
            yield line(0, y, W, y, "s-edge", 1, "2 4")


def _end(spot, words):
    """What is true of the last place, below it, so that it hides nothing."""
    x, y = spot
    wide = 20 + len(words) * 6.8
    x = min(max(x, wide / 2 + 2), W - wide / 2 - 2)
    return f'<path d="{stone(x, y + 34, wide, 28, 0.04)}" {paint("f-pine")}/>' + text(
        x, y + 38.5, words, "t-on", 13, "middle", bold=True
    )
