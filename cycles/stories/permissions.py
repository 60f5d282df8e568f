from cycles.lives.permissions import is_alongside
from cycles.stack import permissions as stack


def can_change(user, story):
    """A story from a life: those alongside. Any other: whoever wrote it, and its cycle's team."""
    if story.case_id:
        return is_alongside(user, story.case)
    return story.written_by_id == user.pk or stack.can_change(user, story.cycle)
