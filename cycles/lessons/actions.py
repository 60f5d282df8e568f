"""What may happen to a lesson. Each act is a dated move with who; what was done is undone by a further move."""

import re

from django.db import transaction
from django.utils import timezone

from cycles.lessons.models import REACH_OF_SCALE, Lesson, LessonMove, Offer, Reach
from cycles.lessons.standing import MAY, settle
from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.people.models import User
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack.models import CycleLink, LearningCycle, Scale

What, Hear, At = LessonMove.What, Lesson.Hear, Offer.State
LEVELS, SCALES = list(Reach), list(Scale)
# What is said when an offer is not where it would have to be.
NOT_NOW = {
    At.WAITING: "It is waiting for an answer.",
    At.TAKEN_UP: "It is taken up already.",
    At.DECLINED: "It was declined. Look at it again first.",
    At.EMBEDDED: "It is normal there already.",
    At.TAKEN_BACK: "It was taken back.",
}


def _lock(lesson):
    return Lesson.objects.select_for_update(of=("self",)).select_related("cycle__team").get(pk=lesson.pk)


def _lock_offer(offer):
    """The lesson first, so that two acts on one lesson follow each other whatever they touch."""
    lesson = _lock(Lesson(pk=offer.lesson_id))
    row = Offer.objects.select_for_update(of=("self",)).select_related("to__team").get(pk=offer.pk)
    row.lesson = lesson
    return row


def _move(lesson, what, by, client_id=None, **more):
    sent = {"client_id": client_id} if client_id else {}
    return lesson.moves.create(what=what, by=by, **more, **sent)


def _sent(client_id):
    """Whether this form was sent before: a double press does a thing once."""
    return client_id and LessonMove.objects.filter(client_id=client_id).exists()


# ------------------------------------------------------------------ noticed, and put right


@transaction.atomic
def note_lesson(*, cycle, text, by, client_id=None, **about):
    """Put down what was learned. `about`: kind, pillar, direction, level, is_leverage, experiment and the like."""
    about.setdefault("level", REACH_OF_SCALE[cycle.scale])
    if not about.get("is_leverage"):
        about["leverage_note"] = ""
    lesson, is_new = make_once(Lesson, client_id, cycle=cycle, text=text, by=by, **about)
    if is_new:
        _move(lesson, What.NOTICED, by)
    return lesson


@transaction.atomic
def edit_lesson(*, lesson, version, by, **changes):
    """Say it anew, or tag it otherwise. Earlier words stay; what was passed on already keeps its own."""
    row = _lock(lesson)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if not changes.get("is_leverage", row.is_leverage):
        changes["leverage_note"] = ""
    if changes.get("text", row.text) != row.text:
        _move(row, What.REWORDED, by, words=row.text)
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
    return row


@transaction.atomic
def change_level(*, lesson, to_level, why, by, client_id=None):
    """Up one level, or back one, with a why (DOMAIN.md 56)."""
    row = _lock(lesson)
    if _sent(client_id):
        return row
    was, now = LEVELS.index(row.level), LEVELS.index(to_level)
    if abs(now - was) != 1:
        raise Refused(f"It is at “{row.get_level_display()}” now. It goes one level at a time.")
    if not why.strip():
        raise Refused("Say why. One line is fine.", "why")
    what = What.RAISED if now > was else What.LOWERED
    _move(row, what, by, client_id, from_level=row.level, to_level=to_level, words=why)
    row.level = to_level
    row.save(update_fields=["level"])
    return row


# ------------------------------------------------------------------ offered


def cycles_to_offer_to(lesson):
    """The cycles joined to its own that have not been offered it. From a life: those of the team beside that life."""
    cycles = LearningCycle.objects.shared().going().exclude(pk=lesson.cycle_id)
    offered = lesson.offers.standing().values("to")
    if lesson.cycle.scale == Scale.PERSON:
        return cycles.filter(team=lesson.cycle.team_id).exclude(pk__in=offered)
    joined = CycleLink.objects
    ends = (
        joined.filter(source=lesson.cycle_id).values("target"),
        joined.filter(target=lesson.cycle_id).values("source"),
    )
    return (cycles.filter(pk__in=ends[0]) | cycles.filter(pk__in=ends[1])).exclude(pk__in=offered)


def way(home, target):
    """Which way it goes from one cycle to another."""
    if home.pk == target.pk:
        return Hear.US
    lift = SCALES.index(target.scale) - SCALES.index(home.scale)
    return Hear.UP if lift > 0 else Hear.DOWN if lift < 0 else Hear.ACROSS


@transaction.atomic
def offer_lesson(*, lesson, to, text, why, by, client_id=None):
    """Send its words to another cycle, which owes a reply. Only the words go: never the life they came from."""
    row = _lock(lesson)
    if client_id and (sent := Offer.objects.filter(client_id=client_id).first()):
        return sent
    if row.offers.standing().filter(to=to).exists():
        raise Refused("They have been offered it already.", "to")
    if not cycles_to_offer_to(row).filter(pk=to.pk).exists():
        raise Refused("Choose a cycle that is joined to this one.", "to")
    _leave_the_life_out(row, text, why)
    offer, _ = make_once(Offer, client_id, lesson=row, to=to, direction=way(row.cycle, to), text=text, why=why, by=by)
    _move(row, What.OFFERED, by, offer=offer, words=why)
    row.direction = offer.direction
    settle(row)
    _tell_those_asked(offer, by)
    return offer


def _leave_the_life_out(lesson, text, why):
    """A life's name stays with the life, however it is spelt with capitals."""
    if lesson.cycle.scale != Scale.PERSON:
        return
    alias = lesson.cycle.case.alias
    for words, field in ((text, "text"), (why, "why")):
        if re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", words, re.IGNORECASE):
            raise Refused("Take their name out. Only the words go on, never whose life it was.", field)


@transaction.atomic
def take_back_offer(*, offer, by, client_id=None):
    """Those who offered it change their minds before an answer comes."""
    return _step(offer, What.TAKEN_BACK, by, client_id)


# ------------------------------------------------------------------ answered


@transaction.atomic
def reply_to_offer(*, offer, takes_up, reply, by, hearers=(), client_id=None):
    """The other cycle takes it up, or declines with a reason. `hearers`: everyone whose debrief fed it."""
    row = _lock_offer(offer)
    if _sent(client_id):
        return row
    what = What.TAKEN_UP if takes_up else What.DECLINED
    _may(row, what, "It has been answered already.")
    if not takes_up and not reply.strip():
        raise Refused("Say why not. It goes back to those who offered it.", "reply")
    row.reply, row.replied_by, row.replied_on = reply, by, timezone.localdate()
    move = _go(row, what, by, client_id, words=reply)
    _tell_those_behind(row, move, hearers)
    return row


@transaction.atomic
def reconsider(*, offer, why, by, client_id=None):
    """The other cycle looks at it again: its answer is undone, and stays in the history."""
    row = _lock_offer(offer)
    if _sent(client_id):
        return row
    _may(row, What.RECONSIDERED)
    if not why.strip():
        raise Refused("Say why you look at it again.", "why")
    row.reply, row.replied_by, row.replied_on = "", None, None
    _go(row, What.RECONSIDERED, by, client_id, words=why)
    return row


# ------------------------------------------------------------------ embedded


@transaction.atomic
def embed_here(*, lesson, on, words, by, hearers=(), client_id=None):
    """The cycle that noticed it makes it normal for itself."""
    row = _lock(lesson)
    if _sent(client_id):
        return row
    if row.offers.standing().filter(to=row.cycle_id).exists():
        raise Refused("It is normal here already.")
    offer = Offer.objects.create(lesson=row, to=row.cycle, direction=Hear.US, text=row.text, by=by, state=At.TAKEN_UP)
    return _embed(offer, on, words, by, hearers, client_id).lesson


@transaction.atomic
def embed_offer(*, offer, on, words, by, hearers=(), client_id=None):
    """The cycle that took it up has made it normal."""
    row = _lock_offer(offer)
    return row if _sent(client_id) else _embed(row, on, words, by, hearers, client_id)


def _embed(row, on, words, by, hearers, client_id):
    _may(row, What.EMBEDDED)
    if on > timezone.localdate():
        raise Refused("Give the day it became normal, today or before.", "on")
    if not words.strip():
        raise Refused("Say what became normal. One line is fine.", "words")
    row.embedded_on, row.embedded_words = on, words
    move = _go(row, What.EMBEDDED, by, client_id, words=words)
    _tell_those_behind(row, move, hearers)
    return row


@transaction.atomic
def lapse(*, offer, why, by, client_id=None):
    """It is no longer how things are done there. The day it was normal stays in the history."""
    row = _lock_offer(offer)
    if _sent(client_id):
        return row
    _may(row, What.LAPSED)
    if not why.strip():
        raise Refused("Say why it is no longer normal.", "why")
    row.embedded_on, row.embedded_words = None, ""
    _go(row, What.LAPSED, by, client_id, words=why)
    return row


@transaction.atomic
def make_own(*, offer, by):
    """Note what was taken up as this cycle's own, so that it can go on from here. Pressed twice, it is one."""
    row = _lock_offer(offer)
    if row.state not in (At.TAKEN_UP, At.EMBEDDED):
        raise Refused("Take it up first.")
    if own := Lesson.objects.filter(came_by=row).first():
        return own
    about = row.lesson
    lesson = note_lesson(cycle=row.to, text=row.text, by=by, kind=about.kind, pillar=about.pillar, came_by=row)
    return lesson


# ------------------------------------------------------------------ what they share


def _may(row, what, else_say=""):
    if what not in MAY[row.state]:
        raise Refused(else_say or NOT_NOW[row.state])


def _step(offer, what, by, client_id, **more):
    row = _lock_offer(offer)
    if not _sent(client_id):
        _may(row, what)
        _go(row, what, by, client_id, **more)
    return row


def _go(row, what, by, client_id, **more):
    """Take the step: the offer, the move, and where the lesson then stands."""
    now = MAY[row.state][what]
    if what == What.LAPSED and row.direction == Hear.US:
        now = At.TAKEN_BACK  # nobody offered it to themselves: it is a lesson like before
    row.state = now
    row.save(update_fields=["state", "reply", "replied_by", "replied_on", "embedded_on", "embedded_words"])
    move = _move(row.lesson, what, by, client_id, offer=row, **more)
    settle(row.lesson)
    return move


def _tell_those_asked(offer, by):
    """The team of the cycle it went to, and that cycle's steward."""
    team = offer.to.team.memberships.active(timezone.localdate())
    asked = User.objects.filter(memberships__in=team, is_active=True).distinct()
    asked = {user for user in [*asked, offer.to.steward] if user and user.pk != by.pk}
    _tell(asked, offer, Notice.Kind.LESSON_OFFERED, offer.pk, f"lesson-offer-{offer.pk}")


def _tell_those_behind(offer, move, hearers):
    """Who noted it, who passed it on, and everyone whose debrief fed it; not the one who answers."""
    behind = {offer.lesson.by, *hearers}
    behind = {user for user in behind if user.pk != move.by_id and user.is_active}
    _tell(behind, offer, Notice.Kind.LESSON_ANSWERED, offer.lesson_id, f"lesson-move-{move.pk}")


def _tell(users, offer, kind, subject, key):
    tell(users=users, place=offer.to.place, kind=kind, subject_ref=subject, key=key)
