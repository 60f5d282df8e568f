"""How answers lie from one end to the other: a dot each, so that nobody reads a mark from it."""

from .paint import dot, line, nothing_yet, svg, text

W, STEP, R = 380, 76, 6


def belief_spread(ident, about, lie):
    """`lie`: (the words of an answer, how many gave it) from least to most. Dots stack over each answer."""
    most = max((count for _, count in lie), default=0)
    title = f"How much we believed in {about}"
    if not most:
        return nothing_yet(ident, title)
    # Many answers share a column's height; a dot then stands for its share of it.
    gap = min(R * 2 + 3, 150 / most)
    floor = int(most * gap) + 14
    body = [line(4, floor, W - 4, floor, "s-edge")]
    for place, (label, count) in enumerate(lie):
        x = STEP / 2 + place * STEP
        body += [dot(x, floor - 8 - at * gap, R, "f-pine") for at in range(count)]
        body.append(text(x, floor + 17, label, "t-2", 12, "middle"))
    desc = "; ".join(f"{label}: {count}" for label, count in lie)
    return svg(ident, W, floor + 28, title, desc, "".join(body))
