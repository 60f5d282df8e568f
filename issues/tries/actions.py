"""From an issue to an experiment, in one transaction."""

from django.db import transaction

from cycles.experiments.actions import design_experiment
from issues.tries.models import Try


@transaction.atomic
def start_try(*, issue, cycle, by, question, title, actions="", client_id=None):
    """Write the card of an experiment that this issue led to. Sent twice, it is once."""
    experiment = design_experiment(
        cycle=cycle, question=question, title=title, actions=actions, by=by, client_id=client_id
    )
    if experiment.cycle_id == cycle.pk:  # not somebody else's, met by its id
        Try.objects.get_or_create(issue=issue, experiment=experiment, defaults={"by": by})
    return experiment
