"""Who asks back, who answers, and who splits off a part."""

from issues.pledges.permissions import group_of, groups_with

__all__ = ["can_answer_back", "group_of", "groups_with", "splitter_of"]


def can_answer_back(user, issue):
    """The team that raised it knows."""
    return user.rights.in_team(issue.team_id)


def splitter_of(user, issue):
    """The group, or the team that raised it, that takes the part it can fix."""
    group = group_of(user, issue)
    if group is None and user.rights.in_team(issue.team_id):
        return issue.team
    return group
