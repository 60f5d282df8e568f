"""Who pledges, who recommends, and who answers."""

from issues.log.models import IssueMove
from issues.pledges.models import commissions_in


def can_pledge(user, issue):
    """Members of the group that holds it, or that was asked."""
    return any(user.rights.in_team(team.pk) for team in groups_with(issue))


def groups_with(issue):
    """The groups, not core teams, that have this issue before them."""
    offer = issue.moves.filter(state=IssueMove.State.OFFERED).select_related("to_team").first()
    found = [issue.held_by, *([offer.to_team] if offer else [])]
    return [team for team in found if team.kind != team.Kind.CORE]


def group_of(user, issue):
    """The group this person speaks for about it."""
    return next((team for team in groups_with(issue) if user.rights.in_team(team.pk)), None)


def can_tell_pledge(user, pledge):
    """The group it was made in, and the stewards who keep the record; of a case, whoever sees it."""
    if pledge.forum_case_id:
        return True
    return user.rights.in_team(pledge.team_id) or pledge.place_id in user.rights.stewards


def can_answer(user, recommendation):
    """Commissioners of the place; the group that sent it may write down what it was told."""
    return recommendation.place_id in commissions_in(user) or user.rights.in_team(recommendation.team_id)
