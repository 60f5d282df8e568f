"""What the page of a cycle shows of its map: the picture of the most tied, with a table that says the same."""

from cycles.maps.drawing import picture, told
from hls.charts import map_key


def on_cycle(user, cycle):
    elements = list(cycle.systemelements.standing())
    ties = list(cycle.elementties.standing())
    page = picture(cycle, elements, ties)
    names = {element.pk: element.name for element in elements if element.pk in page["map_keys"]}
    shown = [tie for tie in ties if tie.source_id in names and tie.target_id in names]
    tied = {end for tie in shown for end in (tie.source_id, tie.target_id)}
    return page | {
        "map_ties": [told(tie, names) for tie in shown],
        "map_loose": [name for key, name in names.items() if key not in tied],
        "map_key": map_key(),
    }
