"""Who runs a meeting they can see of."""


def can_run(user, team):
    """The group's own members; a steward reads along."""
    return user.rights.in_team(team.pk)


def sits_in(user, meeting):
    """Those who were there as members: sealed notes are theirs."""
    return user.rights.in_team(meeting.team_id) and meeting.seats.filter(user=user).exists()
