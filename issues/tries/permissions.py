"""Who may start an experiment from an issue they can see."""

from issues.log.permissions import cycles_to_raise_in


def cycles_to_try_in(user, issue):
    """One's own going cycles in its place: the team's, or those of the group that took it on."""
    return cycles_to_raise_in(user).filter(place=issue.place_id)
