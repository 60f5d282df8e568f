"""Lengths that stand for counts or costs: before and since, columns over time, one share of a whole."""

from django.utils.safestring import mark_safe

from .paint import line, nothing_yet, paint, rect, shorten, svg, text

W = 380


def before_after(ident, title, rows, *, words=("before", "since")):
    """`rows`: (name, before, since). Before is an outline and since is solid, so colour carries nothing."""
    rows = [(name, before or 0, since or 0) for name, before, since in rows]
    if not rows:
        return nothing_yet(ident, title)
    most = max((max(before, since) for _, before, since in rows), default=0) or 1
    body = "".join(_pair(place, row, most) for place, row in enumerate(rows))
    one, other = words
    desc = "; ".join(f"{name}: {_count(before)} {one}, {_count(since)} {other}" for name, before, since in rows)
    return svg(ident, W, 50 * len(rows) + 4, title, desc, body)


def before_after_table(rows, *, who="Who"):
    return {"head": [who, "Before", "Since"], "rows": [[name, _count(b), _count(s)] for name, b, s in rows]}


def _pair(place, row, most):
    name, before, since = row
    y = place * 50 + 14
    wide, short = (max(0, value) / most * (W - 78) for value in (before, since))
    return (
        text(2, y, shorten(name, 52), bold=True)
        + rect(2, y + 5, max(wide, 1.5), 11, "f-sunk", "s-edge", edge=1.2)
        + text(wide + 8, y + 15, _count(before), "t-2")
        + rect(2, y + 19, max(short, 1.5), 11, "f-pine")
        + text(short + 8, y + 29, _count(since), bold=True)
    )


def _count(value):
    return f"{value or 0:,.10g}"


def columns(ident, title, data, *, mark_at=None, mark="", unit="", height=210):
    """`data`: (label, value) in order of time. `mark` names what happened before the column `mark_at`."""
    data = [(label, value or 0) for label, value in data]
    if not data:
        return nothing_yet(ident, title)
    top, foot = 34, 26
    most = max(max(value for _, value in data), 0) or 1
    step = (W - 8) / len(data)
    floor = height - foot
    body = [line(4, floor, W - 4, floor, "s-edge")]
    for place, (label, value) in enumerate(data):
        x, tall = 4 + place * step, max(value, 0) / most * (height - top - foot - 14)
        solid = mark_at is None or place >= mark_at
        body.append(_column(x, floor, step, tall, solid) + _column_words(x + step / 2, floor, step, tall, label, value))
    if marked := mark_at is not None and 0 <= mark_at < len(data):
        body.append(_mark(4 + mark_at * step, floor, mark))
    desc = "; ".join(f"{label}: {unit}{_count(value)}" for label, value in data)
    if marked:
        desc += f". {mark} before {data[mark_at][0]}."
    return svg(ident, W, height, title, desc, "".join(body))


def columns_table(data, *, head=("When", "How much"), unit=""):
    return {"head": list(head), "rows": [[label, f"{unit}{_count(value)}"] for label, value in data]}


def _column(x, floor, step, tall, solid):
    gap = min(3, step / 6)
    cls, edge = (("f-pine",), 0) if solid else (("f-sunk", "s-edge"), 1)
    return rect(x + gap, floor - tall, step - 2 * gap, tall, *cls, edge=edge)


def _column_words(middle, floor, step, tall, label, value):
    """Words only where a column is wide enough to carry them; the table has them all."""
    if step < 24:
        return ""
    return text(middle, floor - tall - 5, _short(value), "t", 12, "middle") + text(
        middle, floor + 15, shorten(label, max(3, int(step / 6))), "t-2", 11.5, "middle"
    )


def _short(value):
    return f"{value / 1000:.1f}k".replace(".0k", "k") if abs(value) >= 1000 else f"{value:g}"


def _mark(x, floor, words):
    late = x > W * 0.6
    return line(x, 6, x, floor, "s-heather", 2, "4 3") + text(
        x - 7 if late else x + 7, 16, words, "t-heather", anchor="end" if late else "start", bold=True
    )


def bar(part, width=240, height=8):
    """One share of a whole; the number beside it carries the meaning, so it is hidden from screen readers."""
    share = min(max(part or 0, 0), 1) * width
    filled = f'<rect width="{max(share, 4):.1f}" height="{height}" rx="4" {paint("f-pine")}/>' if share else ""
    return mark_safe(
        f'<svg class="bar" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true"'
        f' focusable="false"><rect width="{width}" height="{height}" rx="4" {paint("f-sunk")}/>{filled}</svg>'
    )
