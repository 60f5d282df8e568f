"""What the page of a cycle shows of its experiments: the first few; the portfolio holds them all."""

from cycles.experiments.models import Experiment

SHOWN = 6


def on_cycle(user, cycle):
    rows = list(Experiment.objects.filter(cycle=cycle).in_order()[: SHOWN + 1])
    return {"experiments": rows[:SHOWN], "more_experiments": len(rows) > SHOWN}
