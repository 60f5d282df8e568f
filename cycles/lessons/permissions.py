"""Who may do what to a lesson, and to one that was offered."""

from cycles.lessons.models import Offer
from cycles.stack.permissions import can_change

At = Offer.State


def can_change_lesson(user, lesson):
    """Those of the cycle that noticed it: say it anew, raise it a level, offer it, make it normal there."""
    return can_change(user, lesson.cycle)


def can_answer(user, offer):
    """Those of the cycle it was offered to: take it up or not, and say when it is normal there."""
    return can_change(user, offer.to)


def can_take_back(user, offer):
    """Those who offered it, while nobody has answered."""
    return can_change(user, offer.lesson.cycle)


def steps_open(user, offer):
    """The steps this person may take with an offer as it stands, for the buttons of its page."""
    answers = can_answer(user, offer)
    return {
        "reply": answers and offer.state == At.WAITING,
        "reconsider": answers and offer.state in (At.TAKEN_UP, At.DECLINED) and offer.direction != "own",
        "embed": answers and offer.state == At.TAKEN_UP,
        "lapse": answers and offer.state == At.EMBEDDED,
        "own": answers and offer.state in (At.TAKEN_UP, At.EMBEDDED) and offer.direction != "own",
        "take_back": offer.state == At.WAITING and can_take_back(user, offer),
    }
