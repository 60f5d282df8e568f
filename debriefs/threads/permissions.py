"""Who may make something of what was said."""

from debriefs.record.models import Debrief
from debriefs.record.permissions import is_recorder


def can_pick(user, answer):
    """The recorder of the talk, or whoever wrote the answer; also once it is written up, for its words stay."""
    debrief = answer.debrief
    wrote = answer.contribution.author_id == user.pk
    return user.rights.in_team(debrief.team_id) and (wrote or is_recorder(user, debrief))


def can_sort(user, debrief, notes):
    """Whether there may be something of a talk for this person to pick from; `notes` are their own."""
    has_words = debrief.state != Debrief.State.PLANNED
    return (
        has_words
        and user.rights.in_team(debrief.team_id)
        and bool(is_recorder(user, debrief) or (notes and notes.shared_at))
    )
