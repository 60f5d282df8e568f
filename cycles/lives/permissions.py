"""Who may do what to a life they can see."""

from cycles.lives.models import Case
from cycles.people.models import Role

ALONGSIDE = (Role.CASEWORKER, Role.OP_LEAD)


def teams_to_open_for(user):
    """Teams in which this person works alongside people."""
    return frozenset().union(*(user.rights.roles.get(role, ()) for role in ALONGSIDE))


def is_alongside(user, case):
    return Case.objects.of(user).filter(pk=case.pk).exists()


def can_change_readers(user, case):
    """Its worker alone says who else may read it."""
    return case.worker_id == user.pk and user.rights.in_team(case.cycle.team_id)


def can_hand_over(user, case):
    """Those alongside; an operational lead of the team who opened it for a reason, as when the worker has left."""
    return is_alongside(user, case) or user.rights.holds(Role.OP_LEAD, case.cycle.team_id)
