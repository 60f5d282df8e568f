"""The maps of the demo place, each part with the days it had, so that two dates can be laid side by side."""

from cycles import models as c

ELEMENT = ("name", "effect", "note")
TIE = ("effect", "basis", "said_by", "note")


def load(world):
    for row in world.data["maps"]:
        cycle, by = _whose(world, row)
        _map(world, row, cycle, by)
    for row in world.data["steps"]:
        cycle, by = _whose(world, row)
        for order, step in enumerate(row["steps"], 1):
            _step(world, cycle, by, order, step)
    for row in world.data["map_feedback"]:
        _feedback(world, row)


def _whose(world, row):
    """The cycle of a map, or the life's own; and who drew it."""
    if "case" in row:
        case = world.case[row["case"]]
        return case.cycle, case.worker
    return world.cycle[row["cycle"]], world.user[row["by"]]


def _map(world, row, cycle, by):
    parts = {}
    for part in row["parts"]:
        parts[part["name"]] = _part(world, cycle, by, part, row["day"])
    for source, effect, target, *known in row["ties"]:
        _tie(world, cycle, by, parts[source], effect, parts[target], known)


def _part(world, cycle, by, part, drawn):
    """`was`: how it was first said, where it was said anew; `gone`: the day it was taken off."""
    day, gone = part.get("day", drawn), part.get("gone")
    agency = world.agency.get(part.get("agency"))
    element = c.SystemElement.objects.create(
        cycle=cycle,
        kind=part["prompt"].partition(".")[0] if "prompt" in part else part["kind"],
        name=part["name"],
        effect=part.get("effect", ""),
        note=part.get("note", ""),
        prompt=part.get("prompt", ""),
        agency=agency,
        added_on=world.day(day),
        removed_on=world.day(gone) if gone else None,
        by=by,
    )
    now = {name: getattr(element, name) for name in ELEMENT} | {"agency": agency}
    if was := part.get("was"):
        _version(world, element, by, day, now | was)
        _version(world, element, by, part["changed"], now, why=part.get("why", ""))
    else:
        _version(world, element, by, day, now)
    if gone:
        _version(world, element, by, gone, now, is_here=False, why=part.get("why", ""))
    return element


def _tie(world, cycle, by, source, effect, target, known):
    """`known`: basis, who said so, and perhaps what it was before: (day it changed, effect, basis, who)."""
    basis, said_by, *before = [*known, "", ""][: max(len(known), 2)]
    since = max(source.added_on, target.added_on)
    gone = min((row.removed_on for row in (source, target) if row.removed_on), default=None)
    tie = c.ElementTie.objects.create(
        cycle=cycle,
        source=source,
        target=target,
        effect=effect,
        basis=basis,
        said_by=said_by,
        added_on=since,
        removed_on=gone,
        by=by,
    )
    now = {name: getattr(tie, name) for name in TIE}
    if before:
        changed, *was = before[0]
        tie.versions.create(from_on=since, by=by, **now | dict(zip(TIE, was, strict=False)))
        since = world.day(changed)
    tie.versions.create(from_on=since, by=by, **now)
    if gone:
        tie.versions.create(from_on=gone, by=by, is_here=False, **now)


def _version(world, row, by, day, words, **about):
    row.versions.create(from_on=world.day(day), at=world.at(day), by=by, **words, **about)


def _step(world, cycle, by, order, row):
    activity, value, day, *more = row
    note, gone = [*more, "", None][:2] if more else ("", None)
    step = c.MapStep.objects.create(
        cycle=cycle,
        order=order,
        activity=activity,
        value=value,
        note=note,
        added_on=world.day(day),
        removed_on=world.day(gone) if gone else None,
        by=by,
    )
    words = {"activity": activity, "value": value, "note": note}
    _version(world, step, by, day, words)
    if gone:
        _version(world, step, by, gone, words, is_here=False)


def _feedback(world, row):
    cycle = world.case[row["case"]].cycle if "case" in row else world.cycle[row["cycle"]]
    reply = row.get("reply")
    c.MapFeedback.objects.create(
        cycle=cycle,
        element=cycle.systemelements.filter(name=row.get("about", "")).first(),
        text=row["text"],
        said_by=row.get("said_by", ""),
        by=world.user[row["by"]],
        at=world.at(row["day"]),
        reply=reply[2] if reply else "",
        replied_by=world.user[reply[1]] if reply else None,
        replied_at=world.at(reply[0]) if reply else None,
    )
