"""Who may do what with overviews and packs they can see."""


def sees_overview(user, place_id):
    """Leaders, stewards and the evidence team of the place."""
    return place_id in user.rights.sees_overview


def can_ask(user, place_id):
    """Whoever may read a pack may ask for one; a worker process asks this again before it builds."""
    return user.is_active and sees_overview(user, place_id)


def can_schedule(user, team):
    """Members of the group, and the place's stewards."""
    return user.rights.in_team(team.pk) or team.place_id in user.rights.stewards


def can_discuss(user, summary):
    """What was said is for the group itself to write down."""
    return user.rights.in_team(summary.team_id)
