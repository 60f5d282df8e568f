"""Which questions wait to be looked at again. A quiet list: nothing is late, and nobody is counted."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date

from cycles.prepared import Prepared, asking, someone
from cycles.questions.models import Answer, Question, QuestionWording, Rhythm
from cycles.questions.which import BOUNDARY, SETS
from cycles.stack.models import LearningCycle

Every = Rhythm.Every
COMES_ROUND = tuple(name for name, each in SETS.items() if each.every != Every.NEVER)
CARED_FOR = 30  # cycles on a steward's home
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6}


@dataclass
class Waiting:
    """A set of one cycle with the questions that nobody has looked at in its rhythm."""

    cycle: LearningCycle
    name: str
    title: str
    questions: list = field(default_factory=list)  # their words, in order
    keys: list = field(default_factory=list)
    last_on: date | None = None  # when anything of it was last answered

    @property
    def first(self):
        return self.questions[:2]

    @property
    def more(self):
        return len(self.questions) - len(self.first)


def next_on(last, every):
    """The day it comes round again, counted from when it was last answered."""
    if every == Every.FORTNIGHT:
        return last + timedelta(days=14)
    month = last.month - 1 + MONTHS[every]
    year, month = last.year + month // 12, month % 12 + 1
    return date(year, month, min(last.day, _days_in(year, month)))


def _days_in(year, month):
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


@dataclass
class InCare:
    """A cycle that a steward looks after, with the sets that wait."""

    cycle: LearningCycle
    waiting: list


def in_care_of(user, today, *, most=CARED_FOR):
    """For a steward's home: their own cycles and what waits in each. One query, and none for anyone else."""
    if not user.rights.stewards:
        return []
    return [InCare(cycle, waiting(cycle, today)) for cycle in _in_care(most).rows(**asking(user))]


@cache  # its SQL is put together once: it is read on each visit of a steward's home
def _in_care(most):
    user = someone()
    return Prepared(with_rounds(LearningCycle.objects.shared_with(user).going().filter(steward=user))[:most])


def waiting_for(user, today):
    """What waits in the cycles in their care, set by set."""
    return [each for cared in in_care_of(user, today) for each in cared.waiting]


def with_rounds(cycles):
    """Cycles, each with its own rhythms and when each question that comes round was last answered."""
    newest = Answer.objects.filter(cycle=OuterRef(OuterRef("pk")), question=OuterRef("pk")).newest_first()
    wording = QuestionWording.objects.filter(place=OuterRef(OuterRef("place")), question=OuterRef("pk"))
    asked = (
        Question.objects.filter(Q(place=None) | Q(place=OuterRef("place")), set__in=COMES_ROUND, is_active=True)
        .order_by("order", "pk")
        .annotate(
            last_on=Subquery(newest.values("on")[:1]),
            theirs=Subquery(wording.order_by("-pk").values(told=JSONObject(text="text", is_asked="is_asked"))[:1]),
        )
    )
    told = JSONObject(key="key", set="set", text="text", last_on="last_on", theirs="theirs")
    rhythms = Rhythm.objects.filter(cycle=OuterRef("pk")).values(told=JSONObject(set="set", every="every"))
    return cycles.annotate(rounds=ArraySubquery(asked.values(told=told)), own_rhythms=ArraySubquery(rhythms)).order_by(
        F("title"), "pk"
    )


def waiting(cycle, today):
    """The sets of one cycle (from `with_rounds`) that have come round, with their open questions."""
    found = []
    if cycle.status != LearningCycle.Status.LIVE:  # a draft has not begun; a paused one rests
        return found
    for name in COMES_ROUND:
        every = rhythm_of(cycle, name)
        if every == Every.NEVER:
            continue
        rows = [row for row in cycle.rounds if row["set"] == name and (row["theirs"] or {}).get("is_asked", True)]
        days = [parse_date(row["last_on"]) for row in rows if row["last_on"]]
        open_rows = [row for row in rows if not row["last_on"] or next_on(parse_date(row["last_on"]), every) <= today]
        if open_rows:
            found.append(
                Waiting(
                    cycle,
                    name,
                    SETS[name].title,
                    [(row["theirs"] or {}).get("text") or row["text"] for row in open_rows],
                    [row["key"] for row in open_rows],
                    max(days, default=None),
                )
            )
    return found


def rhythm_of(cycle, name):
    own = next((row["every"] for row in cycle.own_rhythms if row["set"] == name), "")
    return own or SETS[name].every


def is_boundary(waiting_set):
    """Whether who is in and who is left out is among what waits."""
    return any(key in BOUNDARY for key in waiting_set.keys)
