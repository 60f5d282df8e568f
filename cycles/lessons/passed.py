"""Lessons on their way between cycles: what a link passed, what waits for an answer, what came back."""

from django.db.models import Q

from cycles.lessons.models import Offer

MOST = 60


def passed(user, cycles):
    """Offers that went from or to any of these cycles, as far as this person may read them; the newest first."""
    ends = list(cycles)
    return (
        Offer.objects.visible_to(user)
        .passed()
        .standing()
        .filter(Q(lesson__cycle__in=ends) | Q(to__in=ends))
        .select_related("lesson__cycle", "to__team")
        .order_by("-pk")[:MOST]
    )


def queue_of(user, cycle=None):
    """What waits for an answer from the cycles this person may change, or from one of them; the longest wait first."""
    waiting = Offer.objects.to_cycles_of(user).waiting()
    if cycle:
        waiting = waiting.filter(to=cycle)
    return waiting.select_related("lesson__cycle__team", "to__team").order_by("pk")


def from_words(offer):
    """Whose learning it is, by its team; a life is never named, nor that it was one."""
    return offer.lesson.cycle.team.name
