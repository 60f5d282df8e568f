"""Pages of a list by where the last one stopped: as fast on page 4,000 as on the first (PERFORMANCE.md)."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import DateField, DateTimeField, F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from cycles.prepared import Given


@dataclass(frozen=True)
class Page:
    rows: list
    older: str = ""  # the query value for the next page, or empty
    newer: str = ""
    has_more: bool = False  # of what has no place to go on from, as what words found: it is asked for whole


def page_of(rows, order, query, size, heads=()):
    """Read one page of `rows`, which are ordered by `order` (two columns at most, the last one unique).

    `heads` are other querysets that hold the same rows between them under `issue`, each in an index of its own order:
    then they say which rows the page has, and `rows` only what stands in them.
    """
    return page_by(lambda way, mark, most: list(first_of(rows, heads, way, mark, most)), order, query, size)


def page_by(first, order, query, size):
    """One page by `first`, which reads the first few rows that way, beyond a mark where there is one."""
    before, after = _mark(query.get("before"), order), _mark(query.get("after"), order)
    backwards = before is not None
    way = [_flipped(name) for name in order] if backwards else order
    mark = before if backwards else after
    found = first(way, mark, size + 1)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    return Page(
        found,
        older=mark_of(found[-1], order) if backwards or more else "",
        newer=mark_of(found[0], order) if after is not None or (backwards and more) else "",
    )


def first_of(rows, heads, way, mark, most):
    return _first(_narrowed(rows, heads, way, mark, most), way, mark, most)


def _first(rows, way, mark, most):
    return (rows if mark is None else rows.filter(_beyond(way, mark))).order_by(*way)[:most]


def _narrowed(rows, heads, way, mark, most):
    """`rows` cut down to the first few of each head; the page's rows are among them."""
    if not heads:
        return rows
    way = [name.replace("id", "issue_id") if name.lstrip("-") == "id" else name for name in way]
    first, *others = [_first(head, way, mark, most).values("issue_id") for head in heads]
    return rows.filter(pk__in=first.union(*others) if others else first)


def _flipped(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order, mark):
    """Rows after `mark`. All columns bound the index scan, so that it matters not how many rows share the first one."""
    names = [name.lstrip("-") for name in order]
    is_down = {name.startswith("-") for name in order}
    if len(names) > 1 and len(is_down) == 1:
        values = [value if isinstance(value, Given) else Value(value) for value in mark]
        return (LessThan if is_down == {True} else GreaterThan)(_Row(*map(F, names)), _Row(*values))
    (first, *rest), way = names, "lt" if order[0].startswith("-") else "gt"
    if not rest:
        return Q(**{f"{first}__{way}": mark[0]})
    return Q(**{f"{first}__{way}e": mark[0]}) & (Q(**{f"{first}__{way}": mark[0]}) | _beyond(order[1:], mark[1:]))


class _Row(Func):
    """Several values as one, compared from the first of them on."""

    function, output_field = "ROW", IntegerField()


def mark_of(row, order):
    """The query value for what comes after (or before) a row."""
    values = [getattr(row, name.lstrip("-")) for name in order]
    said = json.dumps([v.isoformat() if isinstance(v, date) else v for v in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def is_mark(said, order):
    """Whether a page of ours, in this order, made it."""
    return _mark(said, order) is not None


def _mark(said, order):
    """The values of a mark, or None for one that no page of ours made."""
    try:
        values = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        names = [name.lstrip("-") for name in order]
        if not isinstance(values, list):
            return None
        return [KINDS[n](v) if n in KINDS else _whole(v) for n, v in zip(names, values, strict=True)]
    except (TypeError, ValueError, binascii.Error, RecursionError):
        return None


def _moment(said):
    value = datetime.fromisoformat(said)
    if value.tzinfo is None or not 1970 < value.year < 2200:
        raise ValueError
    return value


KINDS = dict.fromkeys(("updated_at", "at", "planned_for"), _moment)
KINDS |= dict.fromkeys(("raised_on", "held_since"), date.fromisoformat)
FIELDS = {name: DateTimeField if kind is _moment else DateField for name, kind in KINDS.items()}


def given_mark(order, marks):
    """The mark of a query that is put together before anybody asks (cycles/prepared.py); None without one."""
    fields = [FIELDS.get(name.lstrip("-")) for name in order[:marks]]
    return [Given(f"mark{at}", field and field()) for at, field in enumerate(fields)] or None


def _whole(value):
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value
