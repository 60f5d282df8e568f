"""Words of people beside numbers: a story checked by its teller, or a quote released on purpose.

A voice in a pack carries the key of the row it came from, so that taking the row back takes it out of every
pack, whenever that was built.
"""

from django.db.models import F, Value
from django.db.models.functions import JSONObject

from cycles.stories.models import Story
from issues.log.models import Sighting

STORY, SAID = "story", "quote"
QUOTE = JSONObject(kind=Value(SAID), id=F("pk"), text=F("quote"))
TOLD = JSONObject(kind=Value(STORY), id=F("pk"), text=F("body"), title=F("title"), demo=F("is_demo"))
GONE = {"kind": "gone"}
MOST = 320  # letters of a story that stand beside a number; the whole is on its own page


def quote_voice(row):
    """Who said it is never part of it outside the team."""
    return {**row, "by": "Said in the work"} if row else None


def story_voice(row, place_name):
    if not row:
        return None
    return {**row, "text": beginning(row["text"]), "by": f"Someone in {place_name}. Told with permission"}


def beginning(text):
    """The start of a story, to the end of a sentence where there is one."""
    text = " ".join(text.split())
    if len(text) <= MOST:
        return text
    cut = text[:MOST]
    stop = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "”"))
    return cut[: stop + 1] if stop > MOST // 3 else cut.rsplit(" ", 1)[0] + "…"


def each(facts):
    """Every voice anywhere in a pack's facts."""
    if isinstance(facts, dict):
        if facts.get("kind") in (STORY, SAID) and "text" in facts:
            yield facts
        else:
            for value in facts.values():
                yield from each(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from each(value)


def taken_back(facts):
    """The keys of voices that may no longer be shown: withdrawn, narrowed, unsaid or erased since."""
    voices = list(each(facts))
    stories = {v["id"] for v in voices if v["kind"] == STORY}
    quotes = {v["id"]: v["text"] for v in voices if v["kind"] == SAID}
    told = (
        set(Story.objects.shared_with_place().filter(pk__in=stories).values_list("pk", flat=True)) if stories else set()
    )
    said = dict(Sighting.objects.filter(pk__in=quotes).values_list("pk", "quote")) if quotes else {}
    return {(STORY, pk) for pk in stories - told} | {(SAID, pk) for pk, text in quotes.items() if said.get(pk) != text}


def without(facts, gone):
    """The same facts with those voices taken out, words and all."""
    if isinstance(facts, dict):
        if (facts.get("kind"), facts.get("id")) in gone:
            return dict(GONE)
        return {name: without(value, gone) for name, value in facts.items()}
    if isinstance(facts, list):
        return [without(value, gone) for value in facts]
    return facts
