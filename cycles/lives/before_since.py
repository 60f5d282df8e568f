"""What bodies did around one person: the same number of days before and since they met (DOMAIN.md 31, 32)."""

from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

WINDOW = timedelta(days=182)  # six months, or as long as it has been


@dataclass(frozen=True)
class BeforeSince:
    """`rows`: (agency, before, since), most before first. Both windows are equally long."""

    rows: list
    before_from: date
    met_on: date
    until: date  # the first day that no longer counts

    @property
    def days(self):
        return (self.until - self.met_on).days

    @property
    def last_day(self):
        return self.until - timedelta(days=1)


def before_since(contacts, met_on, today):
    """Counts by agency in two windows of equal length. Contacts of our own are not in it."""
    until = min(met_on + WINDOW, today + timedelta(days=1))
    start = met_on - (until - met_on)
    before, since = Counter(), Counter()
    for contact in contacts:
        if contact.agency is None:
            continue
        if start <= contact.on < met_on:
            before[contact.agency.name] += 1
        elif met_on <= contact.on < until:
            since[contact.agency.name] += 1
    names = sorted(before.keys() | since.keys(), key=lambda name: (-before[name], -since[name], name))
    return BeforeSince([(name, before[name], since[name]) for name in names], start, met_on, until)


def quarter(day):
    return f"Q{(day.month + 2) // 3} {day.year}"


def costs_by_quarter(contacts):
    """(quarter, sum) in order of time, with the quiet quarters between; only where someone worked a cost out."""
    costed = sorted((contact for contact in contacts if contact.cost is not None), key=lambda contact: contact.on)
    if not costed:
        return []
    sums = OrderedDict()
    at = costed[0].on.replace(day=1)
    while at <= costed[-1].on:
        sums.setdefault(quarter(at), Decimal(0))
        at = (at + timedelta(days=32)).replace(day=1)
    for contact in costed:
        sums[quarter(contact.on)] += contact.cost
    return list(sums.items())
