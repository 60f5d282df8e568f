"""Who may do what to an issue they can see."""

from cycles.people.models import Team


def can_change(user, issue):
    """Its team and the group that holds it; the place's stewards keep the log in order."""
    return (
        user.rights.in_team(issue.team_id)
        or user.rights.in_team(issue.held_by_id)
        or issue.place_id in user.rights.stewards
    )


def can_answer(user, move):
    """Members of the group it was raised to."""
    return user.rights.in_team(move.to_team_id)


def can_withdraw(user, move):
    return user.rights.in_team(move.from_team_id) or move.issue.place_id in user.rights.stewards


def can_decide(user, team):
    return user.rights.in_team(team.pk) and team.kind != Team.Kind.CORE


def sees_raiser(user, issue):
    """Never outside the team: who raised it, the team's own words, or a person's name."""
    return user.rights.in_team(issue.team_id)
