"""Who may say that an issue was seen by those who can act."""

from cycles.people.models import Team
from issues.log.models import IssueMove


def can_receive(user, issue):
    return issue.is_open and (issue.place_id in user.rights.stewards or receives_for(user, issue) is not None)


def receives_for(user, issue):
    """The group this person speaks for: the one it was raised to, or that holds it; None for a steward."""
    offer = issue.moves.filter(state=IssueMove.State.OFFERED, to_team__in=user.rights.teams).first()
    if offer:
        return offer.to_team
    holds = user.rights.in_team(issue.held_by_id) and issue.held_by.kind != Team.Kind.CORE
    return issue.held_by if holds else None
