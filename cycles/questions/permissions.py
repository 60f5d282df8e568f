"""Who may answer, answer back, and choose a place's own words."""

from cycles.lives.models import Case
from cycles.questions.which import cycle_of
from cycles.stack import permissions as of_cycles
from cycles.stack.models import Scale


def can_answer(user, subject):
    """Its team and the place's stewards; in a life, those alongside."""
    cycle = cycle_of(subject)
    if cycle is None:
        return user.rights.in_team(subject.pk) or subject.place_id in user.rights.stewards
    return of_cycles.can_change(user, cycle)


def can_answer_back(user, subject):
    """Whoever sees it, for the picture is put right by those who look at it; in a life, those alongside."""
    cycle = cycle_of(subject)
    return cycle is None or cycle.scale != Scale.PERSON or Case.objects.of(user).filter(cycle=cycle).exists()


def can_word(user, place):
    """The place's administrators choose how its questions are worded, and which are asked."""
    return place.pk in user.rights.administers
