"""What keeps turning up across maps (DOMAIN.md 2): by cycle where the reader sees the cycle, by number for lives.

A life is never named or shown here. It is counted in the whole place, one count for each pattern and no other way
to cut it, so that no two counts can be taken from each other. A count that would point to fewer than five lives,
those with it or those without, is said in words.
"""

from dataclasses import dataclass, field

from cycles.maps.models import SystemElement
from cycles.maps.prompts import Prompt, same_name
from cycles.people.models import Place
from cycles.stack.models import LearningCycle, Scale
from hls.look.words import FEW

ACROSS = 2  # seen on so many maps of shared cycles, it is a pattern


@dataclass
class Pattern:
    place: Place
    kind: str
    key: str
    name: str
    elements: list = field(default_factory=list)  # of cycles that the reader sees
    lives: int = 0
    mapped: int = 0  # lives of the place that have a map

    @property
    def ref(self):
        return f"{self.place.pk}:{self.kind}:{self.key}"

    @property
    def cycles(self):
        return len({element.cycle_id for element in self.elements})

    @property
    def in_lives(self):
        return in_lives(self.lives, self.mapped)

    @property
    def is_across(self):
        return self.cycles >= ACROSS or self.lives >= FEW


def in_lives(count, mapped, few=f"fewer than {FEW} lives have a map"):
    """“in 9 of 14 lives”, or as much of that as points to nobody; `few`: said where there are too few lives."""
    if mapped < FEW:
        return few
    if count < FEW:
        return f"in fewer than {FEW} of {mapped} lives"
    if mapped - count < FEW:
        return f"in {FEW} or more of {mapped} lives"
    return f"in {count} of {mapped} lives"


def key_of(prompt, name):
    """What makes two elements the same: the prompt they answer, else their name as people say it."""
    return prompt or same_name(name)


def patterns_for(user):
    """The patterns of the user's places, those on most maps first. The person in the middle is on every map."""
    found = {}
    _gather_shared(user, found)
    _count_lives(user, found)
    across = [pattern for pattern in found.values() if pattern.is_across and pattern.key != Prompt.PERSON]
    return sorted(across, key=lambda each: (each.kind != "factor", -each.cycles, -_said(each), each.name))


def _said(pattern):
    """The count of lives as far as it is told, so that the order tells no more than the words."""
    return 0 if pattern.lives < FEW else min(pattern.lives, max(pattern.mapped - FEW, FEW))


def find_pattern(user, ref):
    return next((pattern for pattern in patterns_for(user) if pattern.ref == ref), None)


def _gather_shared(user, found):
    seen = LearningCycle.objects.shared_with(user).going()
    elements = SystemElement.objects.standing().filter(cycle__in=seen).select_related("cycle__place")
    for element in elements.order_by("cycle__title", "pk"):
        pattern = _of(found, element.cycle.place, element.kind, element.prompt, element.name)
        pattern.elements.append(element)


def _count_lives(user, found):
    """By number only: no id, name or word of a life leaves this function unless five lives or more share it."""
    places = {place.pk: place for place in Place.objects.filter(pk__in=user.rights.places)}
    rows = SystemElement.objects.standing().filter(cycle__scale=Scale.PERSON, cycle__place__in=places)
    lives, mapped = {}, {}
    for place, kind, prompt, name, cycle in rows.values_list("cycle__place", "kind", "prompt", "name", "cycle"):
        lives.setdefault((place, kind, key_of(prompt, name)), set()).add(cycle)
        mapped.setdefault(place, set()).add(cycle)
    for (place, kind, key), cycles in lives.items():
        if len(cycles) >= FEW:
            prompt = key if key in Prompt.values else ""
            _of(found, places[place], kind, prompt, "" if prompt else key.capitalize())
    for pattern in found.values():
        pattern.lives = len(lives.get((pattern.place.pk, pattern.kind, pattern.key), ()))
        pattern.mapped = len(mapped.get(pattern.place.pk, ()))


def _of(found, place, kind, prompt, name):
    key = key_of(prompt, name)
    label = Prompt(prompt).label if prompt else name
    return found.setdefault((place.pk, kind, key), Pattern(place, kind, key, label))


def as_issue(pattern):
    """The pattern in the words of an issue; they may be changed at once. Cycles are counted, not named."""
    where = [pattern.in_lives] if pattern.mapped >= FEW else []
    if pattern.cycles:
        where.append(
            "on the map of 1 Learning Cycle"
            if pattern.cycles == 1
            else f"on the maps of {pattern.cycles} Learning Cycles"
        )
    return f"{pattern.name} keeps turning up: {' and '.join(where)}."
