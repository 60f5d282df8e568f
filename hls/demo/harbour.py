"""What Harbour City and Locality One found, as the sources have it (DOMAIN.md 5.2, 5.4)."""

from cycles import models as c
from hls.demo.cards import card
from hls.demo.stack import add_cycle


def load(world):
    told = world.data["harbour"]
    add_cycle(world, told["cycle"])
    for row in told["experiments"]:
        card(world, row)
    for row in told["measures"]:
        key, cycle = row["key"], world.cycle[row["cycle"]]
        about = {name: row[name] for name in ("question", "lens", "theme", "audience", "unit")}
        world.measure[key] = c.Measure.objects.create(
            cycle=cycle, serves=cycle.purposes.first(), opened_on=world.day(79), **about
        )
    for row in told["readings"]:
        _reading(world, *row)


def _reading(world, measure, first, last, value, words, n, phase, origin, caveat):
    c.Reading.objects.create(
        measure=world.measure[measure],
        period_start=world.day(first),
        period_end=world.day(last),
        value=value,
        words=words,
        n=n,
        phase=phase,
        origin=origin,
        caveat=caveat,
        source="Harbour City" if measure in ("cohort", "admissions", "bed_days", "bed_cost") else "Locality One",
        by=world.user["noor"],
        at=world.at(last, 16),
    )
