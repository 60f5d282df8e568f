"""The small cairns that show a level (three stones) or a scale (five)."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from hls.charts.stone import stone

LEVELS = [
    ("ind", "Ind", "Individual"),
    ("sys", "Sys", "System"),
    ("macro", "Macro", "Macro"),
]
SCALES = ["person", "team", "organisation", "place", "country"]
NOT_SURE = "Not sure yet"

# centre x, centre y, width, height, lean: from the base stone up
THREE = [(11, 20.85, 20, 7, 0.06), (9.8, 12.5, 15, 7, -0.06), (11, 4.15, 10, 7, 0.06)]
FIVE = [
    (11, 22.5, 20, 3.8, 0.06),
    (9.8, 17.5, 17.5, 3.8, -0.06),
    (11, 12.5, 15, 3.8, 0.06),
    (10, 7.5, 12.6, 3.8, -0.06),
    (10.5, 2.5, 10, 3.8, 0.06),
]


def _pebbles(places):
    return [stone(*place) for place in places]


THREE_PATHS, FIVE_PATHS = _pebbles(THREE), _pebbles(FIVE)


def drawing(paths, filled, extra=""):
    """The cairn; `filled` holds the places, counted from the base, that are solid."""
    stones = "".join(
        f'<path class="{"on" if place in filled else "off"}" d="{path}"/>' for place, path in enumerate(paths)
    )
    return mark_safe(
        f'<svg class="stones{extra}" viewBox="0 0 21 25" aria-hidden="true" focusable="false">{stones}</svg>'
    )


def _rank(level):
    """Which level is meant, 0 to 2, from a number, a key or a word; None when it is not known."""
    if level in (None, ""):
        return None
    said = str(level).lower()
    if said.isdigit():
        return int(said) - 1 if 1 <= int(said) <= 3 else None
    return next(
        (i for i, (key, *names) in enumerate(LEVELS) if said == key or said in map(str.lower, names)),
        None,
    )


@lru_cache(64)  # there are a handful, and a list shows one in every row
def level(value, size=""):
    rank = _rank(value)
    filled = range(rank + 1) if rank is not None else ()
    word = NOT_SURE if rank is None else LEVELS[rank][1 if size == "short" else 2]
    return format_html(
        '<span class="level">{}<span>{}</span></span>',
        drawing(THREE_PATHS, filled),
        word,
    )


@lru_cache(64)
def scale(value):
    """Numbers count from the person, 1, to the country, 5."""
    said = str(value or "").lower()
    place = int(said) - 1 if said.isdigit() else SCALES.index(said) if said in SCALES else None
    if said == "region":
        place = len(SCALES) - 1
    known = place is not None and 0 <= place < len(SCALES)
    word = f"{(SCALES[place] if said != 'region' else said).capitalize()} scale" if known else NOT_SURE
    return format_html(
        '<span class="level">{}<span>{}</span></span>',
        drawing(FIVE_PATHS, (place,) if known else ()),
        word,
    )
