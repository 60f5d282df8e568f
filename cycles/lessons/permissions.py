from cycles.lessons.models import Lesson
from cycles.stack.permissions import can_change

State = Lesson.State


def can_offer(user, lesson):
    return can_change(user, lesson.cycle)


def can_reply(user, lesson):
    """Those of the cycle it was offered to."""
    return bool(lesson.offered_to_id) and can_change(user, lesson.offered_to)


def can_embed(user, lesson):
    """Whoever's normal work changes: the cycle that took it up, or the one that noticed it."""
    where = lesson.offered_to if lesson.state == State.TAKEN_UP else lesson.cycle
    return can_change(user, where)
