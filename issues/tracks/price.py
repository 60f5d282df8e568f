"""What it takes to live with an issue: the hours and pounds of its countermeasure, as a price and never a target."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, Sum

LOOKS_SHOWN = 50
TOTALS = {
    "looks": Count("upkeep"),
    "hours": Sum("upkeep__hours"),
    "pounds": Sum("upkeep__pounds"),
    "looked_from": Min("upkeep__on"),
    "looked_on": Max("upkeep__on"),
}


@dataclass(frozen=True)
class Price:
    hours: Decimal | None
    pounds: Decimal | None
    since: date | None

    @classmethod
    def of(cls, response):
        """From a response that was read with `TOTALS` beside it."""
        return cls(response.hours, response.pounds, response.in_place_on or response.looked_from)

    def __bool__(self):
        return bool(self.hours or self.pounds)

    @property
    def words(self):
        """“46 hours and £1,230”"""
        return " and ".join(part for part in (hours_words(self.hours), pounds_words(self.pounds)) if part)


def hours_words(hours):
    if not hours:
        return ""
    said = f"{hours.normalize():,f}"
    return "1 hour" if said == "1" else f"{said} hours"


def pounds_words(pounds):
    if not pounds:
        return ""
    return f"£{pounds:,.0f}" if pounds == pounds.to_integral_value() else f"£{pounds:,.2f}"


def with_totals(responses):
    return responses.annotate(**TOTALS)
