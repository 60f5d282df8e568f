"""Who may see to a follow-up. Answering one is in `debriefs.record.permissions`, beside the debrief it is read on."""


def can_arrange(user, follow_up):
    """The team says who does it and by when. Whoever was asked from outside answers, and arranges nothing."""
    return user.rights.in_team(follow_up.debrief.team_id)
