"""Who may do what to a cycle they can see."""

from cycles.stack.models import Scale


def can_open(user, team):
    """Members of the team; the place's stewards."""
    return user.rights.in_team(team.pk) or team.place_id in user.rights.stewards


def can_change(user, cycle):
    """Its team and the place's stewards. A person's own cycle: those alongside, nobody else."""
    if cycle.scale == Scale.PERSON:
        from cycles.lives.models import Case  # lives knows the stack, so the stack asks late

        return Case.objects.of(user).filter(cycle=cycle).exists()
    return user.rights.in_team(cycle.team_id) or cycle.place_id in user.rights.stewards


def can_open_any(user):
    return bool(user.rights.teams or user.rights.stewards)
