"""The five stages of a Learning Cycle as a wheel, with a pointer at the one it is in."""

from math import cos, pi, sin

from .paint import lines, paint, svg

STAGES = ["Purpose", "Understand\nthe system", "Co-design\nexperiments", "Do and\nlearn", "Embed and\ninfluence"]

SIZE, MIDDLE = 360, 180
INNER, OUTER, GAP = 74, 162, 0.026
TURN = 2 * pi / len(STAGES)


def wheel(ident, now, *, times_round=1):
    """`now`: the stage, from 0. Being at a stage is not being better than another; a cycle goes round."""
    if not 0 <= now < len(STAGES):
        raise ValueError(f"there is no stage {now}")
    body = [_stage(place, name, now) for place, name in enumerate(STAGES)]
    body += [
        lines(MIDDLE, MIDDLE - 12, f"Time round: {times_round}", "t-2"),
        lines(MIDDLE, MIDDLE + 12, "You are here", "t", 14.5, bold=True),
        _pointer(now),
    ]
    flat = [name.replace("\n", " ") for name in STAGES]
    desc = f"Five stages in a circle: {', '.join(flat)}. Time round: {times_round}."
    return svg(ident, SIZE, SIZE, f"Learning Cycle: now at “{flat[now]}”", desc, "".join(body), "wheel")


def _at(radius, angle):
    return MIDDLE + radius * cos(angle), MIDDLE + radius * sin(angle)


def _stage(place, name, now):
    on, done = place == now, place < now
    start, end = ((place + side) * TURN - pi / 2 - TURN / 2 for side in (0, 1))
    start, end = start + GAP, end - GAP
    outer = OUTER + (12 if on else 0)
    corners = [*_at(outer, start), *_at(outer, end), *_at(INNER, end - GAP), *_at(INNER, start + GAP)]
    x0, y0, x1, y1, x2, y2, x3, y3 = (f"{number:.1f}" for number in corners)
    fill = paint("f-pine", "s-pine") if on else paint("f-pinew", "s-pinew") if done else paint("f-sunk")
    words = "t-on" if on else "t-pine" if done else "t-2"
    tx, ty = _at((INNER + outer) / 2 + 1, (start + end) / 2)
    return (
        f'<path d="M{x0} {y0}A{outer} {outer} 0 0 1 {x1} {y1}L{x2} {y2}A{INNER} {INNER} 0 0 0 {x3} {y3}Z"'
        f' {fill} stroke-linejoin="round" stroke-width="{6 if on else 0}"/>'
        + lines(tx, ty, name, words, 13.5, bold=True)
    )


def _pointer(now):
    angle = now * TURN - pi / 2
    points = [*_at(70, angle), *_at(58, angle - 0.13), *_at(58, angle + 0.13)]
    px, py, qx, qy, sx, sy = (f"{number:.1f}" for number in points)
    return f'<path d="M{px} {py}L{qx} {qy}L{sx} {sy}Z" {paint("f-pine")}/>'
