"""Who may bring a log into a cycle."""

from django.db.models import Q

from cycles.stack.models import LearningCycle


def cycles_open_to_import(user):
    """Cycles of one's own teams, and of places one is steward of. Never a life: a shared file is about many people."""
    rights = user.rights
    return (
        LearningCycle.objects.visible_to(user)
        .shared()
        .going()
        .filter(Q(team__in=rights.teams) | Q(place__in=rights.stewards))
        .select_related("team", "place")
    )


def can_import(user, cycle):
    return cycles_open_to_import(user).filter(pk=cycle.pk).exists()


def may_have_a_log(user):
    """Members of a team, and stewards, who look after the logs of a place."""
    return bool(user.rights.teams or user.rights.stewards)
