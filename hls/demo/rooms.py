"""The debriefs' other rooms in the demo place: turns, belief, what was asked for, and what people let be counted."""

import uuid
from datetime import timedelta

from debriefs import models as d
from debriefs.belief.models import About, Belief
from debriefs.one_to_one.themes import quarter_of


def load(world):
    """After the debriefs. No one to one: nobody but the two would ever see it."""
    data = world.data["talks"]
    _turns(world, data)
    written_up = d.Debrief.objects.filter(plan=world.plan, state="written_up").order_by("-planned_for")
    for debrief, answers in zip(written_up[: len(data["belief"])], data["belief"], strict=True):
        _belief(world, debrief, answers)
    _arranged(world, data)
    _themes(world, data)


def _turns(world, data):
    people = [world.user[key] for key in data["turns"]]
    d.RotaTurn.objects.bulk_create(d.RotaTurn(plan=world.plan, user=user, order=at) for at, user in enumerate(people))
    calmer = data["calmer"]
    world.plan.phases.create(from_on=world.day(-calmer["in_days"]), cadence=calmer["cadence"])
    coming = d.Debrief.objects.filter(plan=world.plan, state="planned")
    coming.update(recorder=people[0], rota_recorder=people[0])


def _belief(world, debrief, answers):
    people = [world.user[key] for key in ("asha", "ben", "dele", "mina", "rowan")]
    for about in About:
        said = answers[about.value]
        d.BeliefSpread.objects.bulk_create(
            d.BeliefSpread(debrief=debrief, about=about, belief=belief, count=said.count(belief.value))
            for belief in Belief
        )
        d.BeliefGiven.objects.bulk_create(d.BeliefGiven(debrief=debrief, user=user, about=about) for user in people)


def _arranged(world, data):
    newest = d.Debrief.objects.filter(plan=world.plan, state="held").order_by("-planned_for").first()
    for audience, owner, days in data["arranged"]:
        row = newest.follow_ups.filter(audience=audience).first() or newest.follow_ups.create(
            audience=audience, text=data["asks"][audience]
        )
        d.FollowUp.objects.filter(pk=row.pk).update(owner=world.user[owner], due_on=world.day(-days))
    older = d.FollowUp.objects.filter(debrief__plan=world.plan, state="done").order_by("-debrief__planned_for")
    d.FollowUp.objects.filter(pk=older[0].pk).update(state="no_need", because=data["not_doing"]["because"])


def _themes(world, data):
    month = quarter_of(quarter_of(world.today) - timedelta(days=1))
    d.WelfareTheme.objects.bulk_create(
        d.WelfareTheme(place=world.place, theme=theme, month=month, sent_id=uuid.uuid4())
        for theme, times in data["themes"].items()
        for _ in range(times)
    )
