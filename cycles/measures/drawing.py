"""One measure's readings as a run chart, a table and the words beside them."""

from dataclasses import dataclass, field

from hls.charts import Point, run_chart, run_note, run_table
from hls.charts.run import TOO_FEW
from hls.look.words import day

FEW = 5


@dataclass
class Picture:
    svg: str = ""
    note: str = ""
    table: dict = field(default_factory=dict)


def period(reading):
    if reading.period_start == reading.period_end:
        return day(reading.period_start)
    return f"{day(reading.period_start)} to {day(reading.period_end)}"


def picture(measure, readings):
    """A chart of the readings that have a number and say how many stand behind it; nothing where there is none.

    Without a known n nobody can tell whether a point is one person's: it stays in the table of words.
    """
    points = [
        Point(day(r.period_start), float(r.value), r.n) for r in readings if r.value is not None and r.n is not None
    ]
    if not points:
        return None
    svg = run_chart(
        f"measure-{measure.pk}",
        measure.question,
        points,
        high=measure.high_words or measure.unit or "more",
        low=measure.low_words or "less",
    )
    return Picture(svg, run_note(points), run_table(points))


def said(reading):
    """What a reading says: "up to 50", its words, or both. A number that one or two people stand behind is kept."""
    parts = []
    if reading.value is not None and reading.n is not None and 0 < reading.n < TOO_FEW:
        parts.append("too few to show")
    elif reading.value is not None:
        number = f"{reading.value:,.2f}".rstrip("0").rstrip(".")
        parts.append(f"up to {number}" if reading.is_upper_bound else number)
    if reading.words:
        parts.append(reading.words)
    return ", ".join(parts)


def behind(reading):
    """How many stand behind it; fewer than five are never counted out."""
    if reading.n is None:
        return "not known"
    return f"fewer than {FEW}" if 0 < reading.n < FEW else f"{reading.n:,}"
