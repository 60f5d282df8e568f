"""How much an issue was seen, in counts that point to no one."""

from functools import cache
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, Func, OuterRef, Subquery

from cycles.prepared import GivenSet, Prepared
from hls.look.words import lives
from issues.log.models import Sighting


class Seen(NamedTuple):
    times: int = 0
    debriefs: int = 0
    lives: int = 0
    teams: int = 0
    outside_debriefs: int = 0

    @classmethod
    def of(cls, told):
        """From what `seen_of` reads: the numbers of COUNTS in their order."""
        if not told:
            return cls()
        times, in_debriefs, debriefs, lives, teams = told
        return cls(times, debriefs, lives, teams, times - in_debriefs)

    def __str__(self):
        """“Seen in 7 debriefs, 6 people”; lives under five are never counted out."""
        return "Seen " + ", ".join(part for part in (self.occasions, self.people) if part)

    @property
    def occasions(self):
        if not self.debriefs:
            return "once" if self.times == 1 else f"{self.times:,} times"
        words = "in 1 debrief" if self.debriefs == 1 else f"in {self.debriefs:,} debriefs"
        if self.outside_debriefs:
            words += (
                " and once besides" if self.outside_debriefs == 1 else f" and {self.outside_debriefs:,} times besides"
            )
        return words

    @property
    def summary(self):
        """“7 debriefs, 6 people, 2 teams”"""
        teams = f"{self.teams} teams" if self.teams > 1 else ""
        said = ", ".join(part for part in (self.occasions.removeprefix("in "), self.people, teams) if part)
        return said[:1].upper() + said[1:]

    @property
    def people(self):
        return lives(self.lives) if self.lives else ""


COUNTS = {
    "times": Count("pk"),
    "in_debriefs": Count("occasion_ref"),
    "debriefs": Count("occasion_ref", distinct=True),
    "lives": Count("case", distinct=True),
    "teams": Count("team", distinct=True),
}


def seen_counts(issue_ids):
    """{issue id: Seen}, in one query however many issues there are."""
    return {issue: Seen.of(told) for issue, *told in _counts().rows(issues=list(issue_ids))}


@cache
def _counts():
    rows = Sighting.objects.filter(issue__in=GivenSet("issues")).order_by().values("issue").annotate(**COUNTS)
    return Prepared(rows.values_list("issue", *COUNTS))


def seen_of(issue):
    """The same beside each row of another query, for `Seen.of`."""
    rows = Sighting.objects.filter(issue=OuterRef(issue)).order_by().values("issue")
    return Subquery(rows.annotate(seen=_Numbers(*COUNTS.values())).values("seen"))


class _Numbers(Func):
    """Several counts as one value, which psycopg reads without Python's help."""

    template, output_field = "ARRAY[%(expressions)s]", ArrayField(BigIntegerField())
