"""Who may do what to guides and laws they can see."""

from cycles.stack.permissions import can_change


def sees_team(user, team):
    """A team's own guides are read by its members and the stewards of its place."""
    return user.rights.in_team(team.pk) or team.place_id in user.rights.stewards


def decides_for_team(user, team):
    return sees_team(user, team)


def can_decide(user, guide):
    """Its team and the stewards say yes, no, or enough; anyone who sees it may propose."""
    return can_change(user, guide.cycle) if guide.cycle_id else decides_for_team(user, guide.team)


def can_confirm(user, team):
    """A look at how we live our guides is the team's own, and nobody else's."""
    return user.rights.in_team(team.pk)


def can_note_law(user, cycle):
    return can_change(user, cycle)


def can_note_law_of_place(user):
    return bool(user.rights.teams or user.rights.stewards)


def can_change_law(user, law):
    """With its cycle; one of the whole place by its stewards, and by whoever wrote it down."""
    if law.cycle_id:
        return can_change(user, law.cycle)
    return law.place_id in user.rights.stewards or (law.by_id == user.pk and law.place_id in user.rights.places)
