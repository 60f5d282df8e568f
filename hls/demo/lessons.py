"""The lessons of the demo place, each with the steps it took; their moves are never changed, so each has its day at once."""

from cycles import models as c
from cycles.lessons.actions import way
from cycles.lessons.models import REACH_OF_SCALE
from cycles.lessons.standing import MAY, settle
from debriefs.record.models import Contribution, Produced

At, What = c.Offer.State, c.LessonMove.What


def load(world):
    world.lesson, world.offer = {}, {}
    for row in world.data["lessons"]:
        lesson = _lesson(world, row)
        for step in row.get("steps", []):
            _step(world, lesson, **step)
        settle(lesson)


def _lesson(world, row):
    by, cycle = world.user[row["by"]], _cycle(world, row)
    lesson = c.Lesson.objects.create(
        cycle=cycle,
        text=row["text"],
        kind=row.get("kind", "lesson"),
        pillar=row.get("pillar", ""),
        direction=row.get("hear", "own"),
        level=row.get("level", REACH_OF_SCALE[cycle.scale]),
        change_wanted=row.get("change", ""),
        is_leverage="leverage" in row,
        leverage_note=row.get("leverage", ""),
        noticed_on=world.day(row["day"]),
        by=by,
        experiment=world.experiment["talk"] if row.get("cycle") == "debt" and "came_by" not in row else None,
        came_by=world.offer.get(row.get("came_by")),
        is_demo=row.get("demo", False),
    )
    _move(world, lesson, What.NOTICED, row["day"], by)
    for day in row.get("fed", []):
        _fed(world, lesson, day)
    for key in row.get("issues", []):
        world.issue[key].lessons.add(lesson)
    if "key" in row:
        world.lesson[row["key"]] = lesson
    return lesson


def _cycle(world, row):
    return world.case[row["case"]].cycle if "case" in row else world.cycle[row["cycle"]]


def _fed(world, lesson, day):
    """The debrief of that day, or the last before it, with the notes that said what was learned."""
    debrief = world.debrief_on[min(d for d in world.debrief_on if d >= day)]
    notes = Contribution.objects.filter(debrief=debrief).order_by("-pk").first()
    learn = notes.answers.filter(question__key="debrief.learn").first()
    question = learn.question if learn else None
    Produced.objects.create(debrief=debrief, contribution=notes, question=question, lesson=lesson, at=notes.shared_at)


def _move(world, lesson, what, day, by, **more):
    lesson.moves.create(what=what, by=by, at=world.at(day, 9, 30), **more)


def _step(world, lesson, what, day, by, words="", to="", text="", key="", **more):
    """One step as the screens take it: an offer to a cycle, what that cycle did, or a level."""
    by, on = world.user[by], world.day(day)
    if what in (What.RAISED, What.LOWERED):
        _move(world, lesson, what, day, by, words=words, from_level=lesson.level, to_level=to)
        lesson.level = to
        lesson.save(update_fields=["level"])
        return
    target = world.cycle[to]
    if what == What.OFFERED:
        offer = c.Offer.objects.create(
            lesson=lesson,
            to=target,
            direction=way(lesson.cycle, target),
            text=text or lesson.text,
            why=words,
            by=by,
            on=on,
        )
        lesson.direction = offer.direction
        if key:
            world.offer[key] = offer
    else:
        offer = _answered(lesson, target, what, by, on, words)
    _move(world, lesson, what, day, by, offer=offer, words=words)


def _answered(lesson, target, what, by, on, words):
    offer = lesson.offers.filter(to=target).first()
    if offer is None:  # its own cycle makes it normal for itself
        offer = c.Offer(lesson=lesson, to=target, direction="own", text=lesson.text, by=by, on=on, state=At.TAKEN_UP)
    offer.state = MAY[offer.state][what]
    if what == What.EMBEDDED:
        offer.embedded_on, offer.embedded_words = on, words
    else:
        offer.reply, offer.replied_by, offer.replied_on = words, by, on
    offer.save()
    return offer
