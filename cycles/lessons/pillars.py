"""Which part of the work little is being learned about, in words for the steward: no score, and no team."""

from datetime import timedelta
from functools import cache

from django.db.models import Count, DateField
from django.utils import timezone

from cycles.lessons.models import Lesson
from cycles.prepared import Given, Prepared, asking, someone

LATELY, FEW = timedelta(days=90), 6
ABOUT = {
    Lesson.Pillar.HUMAN: "being human",
    Lesson.Pillar.LEARNING: "how we learn",
    Lesson.Pillar.SYSTEM: "the system around us",
}


def neglected_words(user, today=None):
    """One line for the stewards of a place; nothing for anyone else, nor while too little is tagged to say."""
    if not user.rights.stewards:
        return ""
    since = (today or timezone.localdate()) - LATELY
    return words_of(dict(_counts().rows(**asking(user), since=since)))


@cache  # its SQL is put together once: it is read on each visit of triage
def _counts():
    lately = Lesson.objects.filter(
        cycle__place__in=someone().rights.stewards, noticed_on__gte=Given("since", DateField())
    )
    tagged = lately.shared().exclude(pillar=Lesson.Pillar.UNSAID).order_by()
    return Prepared(tagged.values_list("pillar").annotate(n=Count("pk")))


def words_of(counts):
    """{pillar: how many} as one line, or nothing."""
    told = {pillar: counts.get(pillar, 0) for pillar in ABOUT}
    if sum(told.values()) < FEW:
        return ""
    silent = [ABOUT[pillar] for pillar, n in told.items() if not n]
    if silent:
        return f"In three months nobody has noted a lesson about {' or about '.join(silent)}. Who could be asked?"
    least = min(told, key=told.get)
    others = sum(told.values()) - told[least]
    if told[least] * 4 > others:
        return ""
    return f"Little is noted lately about {ABOUT[least]}. Who could be asked?"
