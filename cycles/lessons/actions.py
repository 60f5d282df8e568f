"""Lessons: noticed, offered, taken up or declined with a reason, embedded on a date."""

from django.db import transaction
from django.utils import timezone

from cycles.lessons.models import Lesson
from cycles.refusals import Refused
from cycles.sent import make_once
from cycles.stack.models import CycleLink, LearningCycle, Scale

State = Lesson.State


def note_lesson(*, cycle, text, by, client_id=None, **about):
    """Put down what was learned. `about`: kind, pillar, direction, is_leverage, experiment, noticed_on."""
    lesson, _ = make_once(Lesson, client_id, cycle=cycle, text=text, by=by, **about)
    return lesson


def cycles_to_offer_to(lesson):
    """The cycles joined to its own: beside, above and below."""
    joined = CycleLink.objects
    return (
        LearningCycle.objects.shared()
        .going()
        .filter(
            pk__in=[
                *joined.filter(source=lesson.cycle_id).values_list("target", flat=True),
                *joined.filter(target=lesson.cycle_id).values_list("source", flat=True),
            ]
        )
    )


def _lock(lesson):
    return Lesson.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=lesson.pk)


@transaction.atomic
def offer_lesson(*, lesson, to, by):
    """Send it to a joined cycle, which owes a reply. A lesson from a life stays with that life."""
    row = _lock(lesson)
    if row.cycle.scale == Scale.PERSON:
        raise Refused("This was noticed in one person’s life. Note it on your team’s cycle, without their name.")
    if row.state != State.NOTICED:
        raise Refused("It has been offered already.")
    if not cycles_to_offer_to(row).filter(pk=to.pk).exists():
        raise Refused("Choose a cycle that is joined to this one.", "to")
    row.offered_to, row.state = to, State.OFFERED
    row.direction = Lesson.Hear.ACROSS if to.scale == row.cycle.scale else Lesson.Hear.UP
    row.save(update_fields=["offered_to", "state", "direction"])
    return row


@transaction.atomic
def reply_to_lesson(*, lesson, takes_up, reply, by):
    """The other cycle takes it up, or declines with a reason."""
    row = _lock(lesson)
    if row.state != State.OFFERED:
        raise Refused("It has been answered already.")
    if not takes_up and not reply.strip():
        raise Refused("Say why not. It goes back to those who offered it.", "reply")
    row.state, row.reply = State.TAKEN_UP if takes_up else State.DECLINED, reply
    row.save(update_fields=["state", "reply"])
    return row


@transaction.atomic
def embed_lesson(*, lesson, on, by):
    """From this day it is how things are done."""
    row = _lock(lesson)
    if row.state not in (State.NOTICED, State.TAKEN_UP):
        raise Refused("It is waiting for an answer." if row.state == State.OFFERED else "That can’t be done now.")
    if on > timezone.localdate():
        raise Refused("Give the day it became normal, today or before.", "on")
    row.state, row.embedded_on = State.EMBEDDED, on
    row.save(update_fields=["state", "embedded_on"])
    return row
