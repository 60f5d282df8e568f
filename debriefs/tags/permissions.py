"""Who may say which guide an answer speaks of."""

from debriefs.record.permissions import is_recorder


def can_tag(user, answer):
    """Its author, or the recorder who tidies for all; later too, for a tag adds no words and carries its day."""
    debrief = answer.debrief
    return user.rights.in_team(debrief.team_id) and (
        answer.contribution.author_id == user.pk or is_recorder(user, debrief)
    )
