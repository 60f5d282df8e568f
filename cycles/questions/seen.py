"""The sets of one cycle, experiment or team at a glance: when each was last answered and which comes first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from cycles.people.models import Role
from cycles.questions.due import next_on
from cycles.questions.models import Question, Rhythm
from cycles.questions.reading import of_subject
from cycles.questions.which import TIERS, QuestionSet, kind_of, place_of, questions_in, sets_for
from cycles.stack.models import CycleLink

Every = Rhythm.Every


@dataclass
class Glance:
    """One set here: when anything of it was last said, and what of it nobody has looked at in its rhythm."""

    set: QuestionSet
    url: str = ""
    last_on: date | None = None
    open: int = 0
    every: str = Every.NEVER

    @property
    def waits(self):
        return self.every != Every.NEVER and self.open > 0

    @property
    def rhythm(self):
        return Every(self.every).label if self.every != Every.NEVER else ""


def overview(subject, today):
    """Each set that fits here, the one to look at now first. Three queries, however many answers."""
    is_cycle = kind_of(subject) == "cycle"
    sets = sets_for(subject, is_joined=is_cycle and _is_joined(subject))
    own = dict(Rhythm.objects.filter(cycle=subject).values_list("set", "every")) if is_cycle else {}
    found = list(_last_days(subject, sets))
    glances = []
    for each in sets:
        name = questions_in(each.name, subject)
        days = [day for where, day in found if where == name or where.startswith(f"{name}.")]
        glance = Glance(each, every=own.get(each.name, each.every))
        glance.last_on = max((day for day in days if day), default=None)
        if glance.every != Every.NEVER:
            glance.open = sum(not day or next_on(day, glance.every) <= today for day in days)
        glances.append(glance)
    return glances


def _is_joined(cycle):
    return CycleLink.objects.filter(Q(source=cycle) | Q(target=cycle)).exists()


def _last_days(subject, sets):
    """Each question asked here, by its set, with the day it was last answered."""
    named = Q()
    for each in sets:
        name = questions_in(each.name, subject)
        named |= Q(set=name) | Q(set__startswith=f"{name}.")
    place = place_of(subject)
    last = of_subject(subject).filter(question=OuterRef("pk")).newest_first().values("on")[:1]
    asked = Question.objects.of(place).filter(named, is_active=True).worded(place).filter(is_asked=True)
    return asked.order_by("order", "pk").values_list("set", Subquery(last))


def tiers_of(user):
    """Which tiers of `ground` are this person's own part: those who work, those who lead (DOMAIN.md 41)."""
    rights = user.rights
    mine = set()
    if rights.roles.keys() & {Role.CASEWORKER, Role.RECORDER, Role.OP_LEAD}:
        mine.add("ground.operations")
    if rights.roles.keys() & {Role.LEADER, Role.COMMISSIONER} or rights.stewards:
        mine.add("ground.system")
    return mine or set(TIERS)
