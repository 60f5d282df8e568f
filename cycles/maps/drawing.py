"""A map's rows as a picture and as the table beside it."""

from cycles.maps.models import ElementTie
from cycles.maps.prompts import Prompt
from cycles.stack.models import Scale
from hls.charts import Part, Tie, lay_out_map, most_tied, system_map
from hls.charts.system_map import FOLD

VERBS = {
    ElementTie.Effect.HELPS: "helps",
    ElementTie.Effect.HINDERS: "gets in the way of",
    ElementTie.Effect.COULD: "could help",
}


def title_of(cycle):
    if cycle.scale == Scale.PERSON:
        return f"{cycle.case.alias}’s life as a system"
    return f"The actors and factors of {cycle.title}"


def parts_of(elements, *, words=None, marks=None):
    """`words`: the version of each to draw, where it is not the row itself; `marks`: what to say below some."""
    words, marks, found = words or {}, marks or {}, []
    for element in elements:
        is_centre = element.prompt == Prompt.PERSON and not any(part.is_centre for part in found)
        name = words.get(element, element).name
        found.append(Part(element.pk, name, element.kind, is_centre, marks.get(element, "")))
    return found


def ties_of(ties, *, words=None, marks=None):
    words, marks = words or {}, marks or {}
    return [
        Tie(
            tie.source_id,
            tie.target_id,
            words.get(tie, tie).effect,
            words.get(tie, tie).basis == ElementTie.Basis.SEEN,
            marks.get(tie, ""),
        )
        for tie in ties
    ]


def picture(cycle, elements, ties, *, is_whole=False):
    """The drawing, the keys of what is on it, and how many there are in all."""
    parts, drawn = parts_of(elements), ties_of(ties)
    shown = parts if is_whole else most_tied(parts, drawn)
    keys = {part.key for part in shown}
    drawn = [tie for tie in drawn if tie.source in keys and tie.target in keys]
    return {
        "map_svg": system_map(f"map-{cycle.pk}", title_of(cycle), shown, drawn),
        "map_keys": keys,
        "map_count": len(parts),
        "map_fold": FOLD,
        "map_is_folded": len(shown) < len(parts),
    }


def two_pictures(cycle, then, now, ties_then, ties_now):
    """The map on two days, everything in the same spot in both. Each argument: {row: version}."""
    gone = {row: "gone" for row in then if row not in now}
    new = {row: "new" for row in now if row not in then}
    changed = {row: "changed" for row in now if row in then and then[row].name != now[row].name}
    before = parts_of(then, words=then, marks=gone)
    after = parts_of(now, words=now, marks=new | changed)
    lines_before, lines_after = ties_of(ties_then, words=ties_then), ties_of(ties_now, words=ties_now)
    layout = lay_out_map(_in_order(before + after), lines_before + lines_after)
    title = title_of(cycle)
    return (
        system_map(f"then-{cycle.pk}", f"{title}, before", before, lines_before, layout=layout),
        system_map(f"now-{cycle.pk}", f"{title}, after", after, lines_after, layout=layout),
    )


def _in_order(parts):
    """By key, so that adding something today moves as little as can be."""
    return sorted(parts, key=lambda part: part.key)


def told(tie, names):
    """A tie as a row of the table: from, how, to, and how we know."""
    return {
        "tie": tie,
        "source": names.get(tie.source_id, ""),
        "target": names.get(tie.target_id, ""),
        "how": VERBS[tie.effect],
        "known": known(tie),
    }


def known(words):
    """How we know, in words: seen or assumed, and who said so."""
    basis = {"seen": "Seen", "assumed": "Assumed"}.get(words.basis, "")
    if words.said_by:
        return f"{basis}. Said by {words.said_by}" if basis else f"Said by {words.said_by}"
    return basis or "Not said yet"
