"""What the page of a cycle shows of its questions: the set to look at now, and when each was last answered."""

from django.urls import reverse
from django.utils import timezone

from cycles.questions.reading import answers_for
from cycles.questions.seen import overview
from cycles.questions.which import kind_of

ROWS = 4  # of the set to look at now; its own page has them all


def on_cycle(user, cycle):
    """The set that the stage and scale ask for, with its newest answers, and when each other was last answered."""
    first, *rest = with_urls(cycle, overview(cycle, timezone.localdate()))
    return {
        "questions": {
            "first": first,
            "rest": rest,
            "rows": answers_for(cycle, first.set.name)[:ROWS],
            "url": reverse("cycles:cycle_questions", args=[cycle.pk]),
        }
    }


def with_urls(subject, glances):
    for each in glances:
        each.url = reverse(f"cycles:{kind_of(subject)}_question_set", args=[subject.pk, each.set.name])
    return glances
