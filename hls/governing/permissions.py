"""Who takes part in governing a cycle they can read of."""

from cycles.stack.permissions import can_change


def can_take_part(user, cycle):
    """Its team, the place's stewards, and leaders: they answer together, and say what was promised."""
    return can_change(user, cycle) or cycle.place_id in user.rights.leads


def can_read(user, review):
    """A finished review is for all who read of the cycle; one being written for those who take part."""
    return review.state == "finished" or can_take_part(user, review.cycle)


def can_answer_promise(user, promise):
    """Whoever made it, and the stewards who keep the record."""
    return user.rights.in_team(promise.team_id) or promise.cycle.place_id in user.rights.stewards
