"""Who may do what to an issue they can see."""

from django.db.models import Q

from cycles.people.models import Team
from cycles.stack.models import LearningCycle


def cycles_to_raise_in(user):
    """The going cycles of one's own teams, or of the place one is steward of; never a life."""
    rights = user.rights
    return (
        LearningCycle.objects.filter(Q(team__in=rights.teams) | Q(place__in=rights.stewards))
        .shared()
        .going()
        .order_by("title", "pk")
    )


def may_raise(user):
    """Whether to offer it at all; which cycles there are is asked on the page."""
    return bool(user.rights.teams or user.rights.stewards)


def can_change(user, issue):
    """Its team and the group that holds it; the place's stewards keep the log in order."""
    return (
        user.rights.in_team(issue.team_id)
        or user.rights.in_team(issue.held_by_id)
        or issue.place_id in user.rights.stewards
    )


def can_see_too(user, issue):
    """Whoever works in a team of the place: evidence is always some team's."""
    return any(m.team_id and m.place_id == issue.place_id for m in user.rights.memberships)


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
