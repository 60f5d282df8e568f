"""Questions in a place's own words, for the rooms that ask them by their key."""

from cycles.questions.models import Question


def in_words_of(place, at=None, **which):
    """Questions with `text` as this place words it, now or at a moment. Not to be saved."""
    found = list(Question.objects.of(place).filter(**which).worded(place, at).order_by("order", "pk"))
    for question in found:
        question.text = question.asked
    return found
