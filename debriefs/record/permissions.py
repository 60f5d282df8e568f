"""Who may do what to a debrief they can see."""

from debriefs.record.models import Debrief


def is_recorder(user, debrief):
    """Its own recorder; without one, whoever records for the team."""
    if debrief.recorder_id:
        return debrief.recorder_id == user.pk
    return user.rights.holds("recorder", debrief.team_id)


def can_write(user, debrief):
    """Anyone of the team, until the recorder has written it up."""
    return user.rights.in_team(debrief.team_id) and debrief.state != Debrief.State.WRITTEN_UP


def can_put_right(user, answer):
    """Its author, or the recorder who tidies for all, until it is written up."""
    debrief = answer.debrief
    return can_write(user, debrief) and (answer.contribution.author_id == user.pk or is_recorder(user, debrief))


def can_write_up(user, debrief):
    return debrief.state == Debrief.State.HELD and is_recorder(user, debrief) and can_write(user, debrief)


def can_add_later(user, debrief):
    """After it is written up its words stand; what is added carries its own date."""
    return user.rights.in_team(debrief.team_id) and debrief.state == Debrief.State.WRITTEN_UP


def can_answer_follow_up(user, follow_up):
    """The team's, and whoever was asked by name."""
    return user.rights.in_team(follow_up.debrief.team_id) or follow_up.owner_id == user.pk


def can_say_why_missed(user, debrief):
    return user.rights.in_team(debrief.team_id) and debrief.state == Debrief.State.MISSED
