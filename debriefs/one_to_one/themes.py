"""Welfare themes as counts that point to nobody: a place, a quarter, five or more of a theme, or nothing is said."""

from collections import Counter, defaultdict
from datetime import date

from debriefs.one_to_one.models import Theme, WelfareTheme
from hls.look.words import FEW

QUARTERS = 4


def quarter_of(day):
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def counted(place, today):
    """The last four whole quarters, newest first, each with the themes that five or more let be counted.

    The quarter that is going on is left out: watching it grow by one from day to day would point at someone.
    """
    begun = quarter_of(today)
    rows = WelfareTheme.objects.filter(place=place, month__lt=begun, month__gte=begun.replace(year=begun.year - 1))
    found = Counter((quarter_of(month), theme) for month, theme in rows.values_list("month", "theme"))
    said = defaultdict(list)
    for quarter, theme in sorted(found, reverse=True):
        if found[quarter, theme] >= FEW:
            said[quarter].append({"label": Theme(theme).label, "count": found[quarter, theme]})
    return [{"from": quarter, "themes": themes} for quarter, themes in list(said.items())[:QUARTERS]]
