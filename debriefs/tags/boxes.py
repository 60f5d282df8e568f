"""The boxes by which an answer says that a guide helped or stood in the way. Plain ticks: they work on any phone."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from cycles.guides.models import Guide

HOW = {"helped": "Which of these helped?", "blocked": "Which of these got in the way?"}
TAG_ENDS = tuple(f"-{how}" for how in HOW)
TAG_NEEDS_WORDS = "You ticked a rule or principle here. Say a few words about how."


def boxes_of(name):
    return [f"{name}-{how}" for how in HOW]


def tag_boxes(name, guides):
    """Two groups of ticks for the answer typed into the box `name`."""
    return {f"{name}-{how}": tag_field(label, guides) for how, label in HOW.items()}


@dataclass
class Ticks:
    """The ticks under one answer as they are laid out: a line for each guide."""

    rows: list
    errors: list
    is_ticked: bool


def ticks_of(form, name, guides):
    helped, blocked = (form[box] for box in boxes_of(name))
    rows = zip(guides, helped.subwidgets, blocked.subwidgets, strict=True)
    return Ticks(list(rows), [*helped.errors, *blocked.errors], bool(helped.value() or blocked.value()))


def tag_field(label, guides):
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=[(str(guide.pk), guide.text) for guide in guides],
        widget=forms.CheckboxSelectMultiple,
    )


def ticked_in(words):
    """The guides ticked anywhere in notes as they were typed."""
    found = set()
    for name, values in words.items():
        if name.endswith(TAG_ENDS) and isinstance(values, list):
            found.update(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19)
    return found


def guides_to_tag(user, cycle, ticked=()):
    """What those in this cycle go by today. One that was retired since it was ticked stays, so that no tick is lost."""
    of_cycle = Guide.objects.visible_to(user).for_cycle(cycle).in_order()
    found = list(of_cycle.in_force(timezone.localdate()))
    if gone := set(ticked) - {guide.pk for guide in found}:
        found += of_cycle.filter(pk__in=gone, state=Guide.State.RETIRED)
    return found
