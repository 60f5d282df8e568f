"""Being alongside, or doing to: what contacts were, over all the lives of a place (DOMAIN.md 36).

By place and time alone, never by worker or life; where fewer than five lives are behind it, nothing is shown.
"""

from dataclasses import dataclass

from django.db.models import Count, Q

from cycles.lives.models import Contact
from hls.charts import before_after, before_after_table
from hls.look.words import FEW, lives

ROWS = [(Contact.Mode.SUPPORT, "Being alongside"), (Contact.Mode.INTERVENTION, "Doing to")]


@dataclass
class Split:
    """One time: how many contacts of each mode, and how many lives are behind them."""

    support: int = 0
    intervention: int = 0
    lives: int = 0

    @property
    def words(self):
        """“being alongside 34 times, doing to 80 times, in the lives of 12 people”"""
        return (
            f"being alongside {times(self.support)}, doing to {times(self.intervention)}, in the lives of {self.people}"
        )

    @property
    def people(self):
        return lives(self.lives)


def times(n):
    return "once" if n == 1 else f"{n:,} times"


def mode_split(user):
    """What the page of measures shows of it: in words, as a drawing where there are two times, or nothing."""
    before, since = _counted(user.rights.places)
    told = [(when, split.words) for when, split in (("Before", before), ("Since we met", since)) if split]
    if not (before and since):
        return {"modes": told, "modes_svg": "", "modes_table": None}
    rows = [(label, getattr(before, mode.value), getattr(since, mode.value)) for mode, label in ROWS]
    svg = before_after("modes", "Contacts in people’s lives, before we met and since", rows)
    return {"modes": told, "modes_svg": svg, "modes_table": before_after_table(rows, who="What it was")}


def _counted(places):
    """(before, since) in one query; None where too few lives are behind it."""
    said = Contact.objects.filter(case__cycle__place__in=places).exclude(mode=Contact.Mode.UNSAID)
    when = {"before": Q(phase="before"), "since": Q(phase__in=["during", "after"])}
    counts = said.aggregate(
        **{f"{name}_{mode}": Count("pk", filter=q & Q(mode=mode)) for name, q in when.items() for mode, _ in ROWS},
        **{f"{name}_lives": Count("case", filter=q, distinct=True) for name, q in when.items()},
    )
    splits = [
        Split(counts[f"{name}_support"], counts[f"{name}_intervention"], counts[f"{name}_lives"]) for name in when
    ]
    return [split if split.lives >= FEW else None for split in splits]
