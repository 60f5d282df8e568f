"""The core team's debriefs in the demo place: written, shared, written up."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from cycles.questions.models import Question
from debriefs import models as d

PROMPTS = {"now": "debrief.now", "need": "debrief.need", "well": "debrief.well", "learn": "debrief.learn"}


def load(world):
    """A plan, the debriefs so far, and the next one."""
    data = world.data["debriefs"]
    plan = data["plan"]
    world.plan = d.DebriefPlan.objects.create(
        team=world.team["core"],
        cycle=world.cycle["debt"],
        cadence=plan["cadence"],
        time=time.fromisoformat(plan["time"]),
        minutes=plan["minutes"],
        remind_before=plan["remind_before"],
        where=plan["where"],
        recorder=world.user[plan["recorder"]],
        by=world.user["mina"],
        starts_on=world.day(70),
    )
    world.questions = {q.key: q for q in Question.objects.filter(set__in=["debrief", "hot"])}
    for index, on in enumerate(held_on(world.today, data["days"])):
        world.debrief_on[(world.today - on).days] = _debrief(world, data, index, on)
    _next(world)


def held_on(today, days):
    """A weekday before today for each of `days`, so many days ago, oldest first.

    Whichever day the demo is loaded on, each debrief has one of its own: what falls on a weekend or meets a later
    one moves back, for others lean on what it said.
    """
    found, later = [], today
    for back in reversed(days):
        later = _weekday(min(today - timedelta(days=back), later - timedelta(days=1)))
        found.append(later)
    return found[::-1]


def _weekday(on):
    """Saturday and Sunday fall back to Friday."""
    return on - timedelta(days=max(0, on.weekday() - 4))


def _moment(on, at):
    return timezone.make_aware(datetime.combine(on, at))


def _new(world, on, **facts):
    defaults = {
        "place": world.place,
        "team": world.team["core"],
        "cycle": world.cycle["debt"],
        "experiment": world.experiment["talk"],
        "planned_for": _moment(on, world.plan.time),
        "where": world.plan.where,
        "recorder": world.plan.recorder,
        "is_demo": True,
    }
    return d.Debrief.objects.create(**(defaults | facts))


def _debrief(world, data, index, on):
    core = [world.user[key] for key in ("asha", "ben", "dele", "mina", "rowan")]
    is_last = index == len(data["days"]) - 1
    debrief = _new(
        world,
        on,
        plan=world.plan,
        state="held" if is_last else "written_up",
        held_on=on,
        written_up_at=None if is_last else _moment(on, time(11)),
        written_up_by=None if is_last else world.user["rowan"],
    )
    debrief.present.set(core)
    at = _moment(on, time(9, 12))
    first, second = core[index % 3], core[(index + 1) % 3]

    def words(prompt):
        return data[prompt][index % len(data[prompt])]

    one = _contribution(world, debrief, first, at, now=words("now"), need=words("need"))
    _contribution(world, debrief, second, at + timedelta(minutes=4), well=words("well"), learn=words("learn"))
    for audience, text in words("next").items():
        d.FollowUp.objects.create(
            debrief=debrief,
            contribution=one,
            audience=audience,
            text=text,
            state="to_do" if is_last else "done",
            answered_by=None if is_last else second,
            answered_on=None if is_last else on + timedelta(days=1),
        )
    if belief := words("belief"):
        d.BeliefNote.objects.create(debrief=debrief, text=belief)
    return debrief


def _contribution(world, debrief, author, at, **words):
    contribution = d.Contribution.objects.create(debrief=debrief, author=author, saved_at=at, shared_at=at, revision=1)
    for prompt, text in words.items():
        if text:
            d.DebriefAnswer.objects.create(
                debrief=debrief, contribution=contribution, question=world.questions[PROMPTS[prompt]], text=text, at=at
            )
    return contribution


def _next(world):
    on = world.today + timedelta(days=1)
    while on.weekday() > 4:
        on += timedelta(days=1)
    coming = _new(world, on, plan=world.plan, is_demo=False)
    coming.cases.add(world.case["joe"])  # what has happened there lies beside the prompts


def load_hot(world):
    """Hot debriefs, and the thread from each debrief to the issues it saw."""
    for row in world.data["hot"]:
        on, by = world.day(row["day"]), world.user[row["by"]]
        at = _moment(on, time(10, 40))
        debrief = _new(
            world,
            on,
            kind="hot",
            called_by=by,
            planned_for=at,
            state="written_up",
            held_on=on,
            written_up_at=at + timedelta(hours=2),
            written_up_by=world.user["rowan"],
        )
        debrief.present.set([by, world.user["mina"], world.user["rowan"]])
        _contribution(world, debrief, by, at, now=row["now"], need=row["need"], learn=row["learn"])
        sighting = world.issue[row["issue"]].sightings.order_by("pk").first()
        sighting.occasion_ref = debrief.pk
        sighting.save(update_fields=["occasion_ref"])
    _threads(world)


def _threads(world):
    now = world.questions[PROMPTS["now"]]
    for issue in world.issue.values():
        for sighting in issue.sightings.exclude(occasion_ref=None):
            contribution = d.Contribution.objects.filter(debrief=sighting.occasion_ref).order_by("pk").first()
            d.Produced.objects.create(
                debrief_id=sighting.occasion_ref,
                contribution=contribution,
                question=now,
                sighting=sighting,
                at=contribution.shared_at,
            )
