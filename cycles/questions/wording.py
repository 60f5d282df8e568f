"""Questions in a place's own words, for the rooms that ask them by their key."""

from functools import lru_cache

from django.db.models import DateTimeField

from cycles.prepared import Given, Prepared
from cycles.questions.models import Question


def in_words_of(place, at=None, **which):
    """Questions with `text` as this place words it, now or at a moment. Not to be saved."""
    which = tuple((name, tuple(said) if isinstance(said, list) else said) for name, said in which.items())
    found = _worded(which, at is not None).rows(place=place, at=at)
    for question in found:
        question.text = question.asked
    return found


@lru_cache(100)  # each debrief that is written asks the same few, so their SQL is put together once
def _worded(which, is_past):
    place, at = Given("place"), Given("at", DateTimeField()) if is_past else None
    return Prepared(Question.objects.of(place).filter(**dict(which)).worded(place, at).order_by("order", "pk"))
