def stone(cx, cy, width, height, lean=0.0):
    """The path of a pebble: a soft, slightly uneven rounded shape."""
    left, right, top, bottom = (
        cx - width / 2,
        cx + width / 2,
        cy - height / 2,
        cy + height / 2,
    )
    k, m = width * 0.30, height * 0.42
    d = lean * height
    return (
        f"M{left:.1f} {cy + d:.1f}"
        f"C{left:.1f} {cy + d - m:.1f} {cx - k:.1f} {top:.1f} {cx + lean * width * 0.2:.1f} {top:.1f}"
        f"C{cx + k * 1.15:.1f} {top:.1f} {right:.1f} {cy - d - m:.1f} {right:.1f} {cy - d:.1f}"
        f"C{right:.1f} {cy - d + m:.1f} {cx + k:.1f} {bottom:.1f} {cx - lean * width * 0.1:.1f} {bottom:.1f}"
        f"C{cx - k * 1.2:.1f} {bottom:.1f} {left:.1f} {cy + d + m:.1f} {left:.1f} {cy + d:.1f}Z"
    )
