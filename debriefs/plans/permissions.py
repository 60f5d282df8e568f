"""A plan is the team's own: whoever is in the team may change it."""


def can_plan(user, team):
    return user.rights.in_team(team.pk)
