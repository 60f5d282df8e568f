"""What the page of a cycle shows of its experiments."""

from cycles.experiments.models import Experiment


def on_cycle(user, cycle):
    return {"experiments": Experiment.objects.filter(cycle=cycle).in_order()}
