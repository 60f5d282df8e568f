"""How much an issue was seen, in counts that point to no one."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject

from cycles.prepared import GivenSet, Prepared
from hls.look.words import lives
from issues.log.models import Sighting


@dataclass(frozen=True)
class Seen:
    times: int = 0
    debriefs: int = 0
    lives: int = 0
    teams: int = 0
    outside_debriefs: int = 0

    @classmethod
    def of(cls, told):
        """From what `seen_of` reads."""
        if not told:
            return cls()
        in_debriefs = told.pop("in_debriefs")
        return cls(**told, outside_debriefs=told["times"] - in_debriefs)

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
    return {row.pop("issue"): Seen.of(row) for row in _counts().rows(issues=list(issue_ids))}


@cache
def _counts():
    return Prepared(Sighting.objects.filter(issue__in=GivenSet("issues")).order_by().values("issue").annotate(**COUNTS))


def seen_of(issue):
    """The same beside each row of another query, for `Seen.of`."""
    rows = Sighting.objects.filter(issue=OuterRef(issue)).order_by().values("issue")
    return Subquery(rows.annotate(seen=JSONObject(**COUNTS)).values("seen"))
