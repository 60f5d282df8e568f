"""The bubble: a safe place apart from the old rules, and the lives it took in (DOMAIN.md 57)."""

from cycles.experiments.models import TakenIn
from cycles.lives.models import Case
from cycles.refusals import Refused


def can_take_in(user, experiment):
    """Those who are alongside a life of the team take it in; nobody takes in a life that is not theirs to speak for."""
    return not experiment.has_ended and user.rights.in_team(experiment.cycle.team_id)


def lives_to_take_in(user, experiment):
    already = TakenIn.objects.filter(experiment=experiment).values("case")
    return Case.objects.of(user).filter(cycle__team=experiment.cycle.team_id).open().exclude(pk__in=already)


def take_in(*, experiment, case, came, by):
    """Twice is once."""
    if experiment.has_ended:
        raise Refused("It has ended. What it taught stays here.")
    taken, _ = TakenIn.objects.get_or_create(experiment=experiment, case=case, defaults={"came": came, "by": by})
    return taken


def inside(user, experiment):
    """How many lives it took in, and those whose page this reader may open."""
    taken = TakenIn.objects.filter(experiment=experiment)
    own = taken.filter(case__in=Case.objects.visible_to(user)).select_related("case")
    return {"count": taken.count(), "own": list(own)}
