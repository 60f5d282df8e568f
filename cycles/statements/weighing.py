"""What speaks for a statement and what against it, as far as one reader may see."""

from django.db.models import Count

from cycles.measures.drawing import behind, period, said
from cycles.statements.models import Evidence, Statement

Side = Evidence.Side


def weigh(statements, user):
    """The statements, each with `fors` and `against`: how many things this reader can see. One query more."""
    rows = list(statements)
    if not rows:
        return rows
    counts = dict.fromkeys((row.pk for row in rows), None)
    seen = Evidence.objects.visible_to(user).that_counts().filter(statement__in=list(counts))
    found = {(pk, side): n for pk, side, n in seen.order_by().values_list("statement", "side").annotate(n=Count("pk"))}
    for row in rows:
        row.fors, row.against = found.get((row.pk, Side.FOR), 0), found.get((row.pk, Side.AGAINST), 0)
    return rows


def evidence_of(statement, user):
    """[{side, label, rows}] for and against; a reading is said in its own words and with its n."""
    rows = (
        Evidence.objects.visible_to(user)
        .that_counts()
        .filter(statement=statement)
        .select_related("reading__measure", "story", "lesson", "team", "by", "statement__cycle")
    )
    for row in rows:
        row.from_reading = _reading(row.reading) if row.reading else None
    return [
        {"side": side.value, "label": label, "rows": [row for row in rows if row.side == side]}
        for side, label in ((Side.FOR, "What speaks for it"), (Side.AGAINST, "What speaks against it"))
    ]


def _reading(reading):
    return {"period": period(reading), "said": said(reading), "behind": behind(reading)}


def on_cycle(user, cycle):
    """What the page of a cycle shows: the few that come first."""
    return {"statements": weigh(Statement.objects.filter(cycle=cycle).held().in_order()[:3], user)}
