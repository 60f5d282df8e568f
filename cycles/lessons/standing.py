"""Where a lesson stands, as its offers say; and where each offer may go from where it is."""

from cycles.lessons.models import Lesson, LessonMove, Offer

What, At = LessonMove.What, Offer.State

# What may happen to an offer, and where it then is. A step back is a step too, and says why.
MAY = {
    At.WAITING: {What.TAKEN_UP: At.TAKEN_UP, What.DECLINED: At.DECLINED, What.TAKEN_BACK: At.TAKEN_BACK},
    At.TAKEN_UP: {What.EMBEDDED: At.EMBEDDED, What.RECONSIDERED: At.WAITING},
    At.DECLINED: {What.RECONSIDERED: At.WAITING},
    At.EMBEDDED: {What.LAPSED: At.TAKEN_UP},
    At.TAKEN_BACK: {},
}
# The furthest that any offer has got says where the lesson stands.
FURTHEST = [
    (At.EMBEDDED, Lesson.State.EMBEDDED),
    (At.TAKEN_UP, Lesson.State.TAKEN_UP),
    (At.WAITING, Lesson.State.OFFERED),
    (At.DECLINED, Lesson.State.DECLINED),
]


def stands(offers):
    """(state, the first day it was normal anywhere) of a lesson with these offers."""
    offers = list(offers)
    states = {offer.state for offer in offers}
    state = next((stands for at, stands in FURTHEST if at in states), Lesson.State.NOTICED)
    return state, min((offer.embedded_on for offer in offers if offer.state == At.EMBEDDED), default=None)


def settle(lesson):
    """Say on the lesson where its offers have got to."""
    lesson.state, lesson.embedded_on = stands(lesson.offers.all())
    lesson.save(update_fields=["state", "embedded_on", "direction"])
    return lesson
