"""The rest of the demo's experiments: the portfolio, limits, lives taken in, and what is thought to be learned.

Rows that are never changed get their day as they are made, so these are written as the actions would write them.
"""

from datetime import timedelta

from django.utils import timezone

from cycles import models as c
from cycles.stack.purposes import purpose_now
from debriefs import models as d
from hls.demo.cards import card
from issues.models import Issue, Try

State, What = c.Experiment.State, c.StatementStep.What


def load(world):
    for row in world.data["portfolio"]:
        card(world, row)
    for experiment in world.experiment.values():
        experiment.serves = experiment.serves or purpose_now(experiment.cycle)
        experiment.save(update_fields=["serves"])
    for measure in c.Measure.objects.filter(cycle__place=world.place, serves=None).select_related("cycle"):
        measure.serves = purpose_now(measure.cycle)
        measure.save(update_fields=["serves"])
    for key, measures in world.data["watched"].items():
        pks = [world.measure[measure].pk for measure in measures]
        c.Measure.objects.filter(pk__in=pks).update(experiment=world.experiment[key])
    _ties(world)
    for row in world.data["limits"]:
        _limit(world, row)
    _taken_in(world)
    _tries(world)
    for row in world.data["statements"]:
        _statement(world, row)


def _ties(world):
    """The tie that an experiment names is found on the map by its two ends."""
    for key, ends in world.data["served"].items():
        experiment = world.experiment[key]
        for source, target in ends:
            tie = c.ElementTie.objects.filter(
                cycle=experiment.cycle, source__name=source, target__name=target, removed_on=None
            ).first()
            if tie is not None:
                experiment.tie = tie
                experiment.save(update_fields=["tie"])
                break


def _limit(world, row):
    experiment, by = world.experiment[row["of"]], world.user[row["by"]]
    limit = experiment.limits.create(text=row["text"], by=by, set_on=world.day(row["day"]))
    if "lifted" in row:
        day, who, because = row["lifted"]
        limit.lifted_on, limit.lifted_because, limit.lifted_by = world.day(day), because, world.user[who]
        limit.save(update_fields=["lifted_on", "lifted_because", "lifted_by"])
    if "crossed" not in row:
        return
    day, who, words = row["crossed"]
    crossing = limit.crossings.create(words=words, by=world.user[who], at=world.at(day, 10, 35))
    _move(experiment, State.PAUSED, f"A limit was crossed: {limit.text}", crossing.by, crossing.at)
    if "safe" in row:
        day, who, words = row["safe"]
        _move(experiment, State.RUNNING, words, world.user[who], world.at(day, 15))
    else:
        _hot_debrief(world, crossing, experiment)


def _move(experiment, state, because, by, at):
    experiment.moves.create(from_state=experiment.state, to_state=state, because=because, by=by, at=at)
    experiment.state = state
    experiment.save(update_fields=["state"])


def _hot_debrief(world, crossing, experiment):
    team = experiment.cycle.team
    debrief = d.Debrief.objects.create(
        place=world.place,
        team=team,
        cycle=experiment.cycle,
        experiment=experiment,
        kind="hot",
        planned_for=crossing.at,
        called_by=crossing.by,
        state="held",
        held_on=timezone.localdate(crossing.at),
        is_demo=True,
    )
    debrief.present.set(c.User.objects.filter(memberships__team=team))
    notes = debrief.contributions.create(author=crossing.by, saved_at=crossing.at, shared_at=crossing.at, revision=1)
    debrief.answers.create(
        contribution=notes, question=world.questions["hot.issue"], text=crossing.words, at=crossing.at
    )


def _taken_in(world):
    for key, lives in world.data["taken_in"].items():
        for life, (day, came) in lives.items():
            case = world.case[life]
            world.experiment[key].taken_in.create(case=case, came=came, by=case.worker, on=world.day(day))


def _tries(world):
    for row in world.data["tries"]:
        issue = world.issue[row["issue"]]
        Issue.objects.filter(pk=issue.pk).update(domain=row["domain"])
        if "led_to" in row:
            experiment = world.experiment[row["led_to"]]
            Try.objects.create(issue=issue, experiment=experiment, by=world.user["mina"], at=world.at(54))


def _statement(world, row):
    experiment, by = world.experiment[row["of"]], world.user[row["by"]]
    statement = c.Statement.objects.create(
        cycle=experiment.cycle,
        experiment=experiment,
        text=row["text"],
        sure=row["sure"],
        would_change=row["would_change"],
        by=by,
        on=world.day(row["day"]),
        is_demo=True,
    )
    _step(world, statement, What.SAID, row["day"], by)
    for said in row["evidence"]:
        evidence = _evidence(world, statement, said)
        if said.get("reopens"):
            statement.state = c.Statement.State.REOPENED
            _step(world, statement, What.REOPENED, said["day"], evidence.by, evidence=evidence)
    if "aside" in row:
        day, who, why = row["aside"]
        statement.state = c.Statement.State.SET_ASIDE
        _step(world, statement, What.SET_ASIDE, day, world.user[who], why=why)
    statement.save(update_fields=["state"])


def _step(world, statement, what, day, by, **more):
    statement.steps.create(what=what, text=statement.text, sure=statement.sure, by=by, at=world.at(day, 11), **more)


def _evidence(world, statement, row):
    facts = {"side": row["side"], "text": row.get("text", ""), "by": world.user[row["by"]], "on": world.day(row["day"])}
    if "said" in row:
        return _from_debrief(world, statement, row["said"], facts)
    if "story" in row:
        title = next(story["title"] for story in world.data["stories"] if story["key"] == row["story"])
        facts |= {"kind": "story", "story": c.Story.objects.get(place=world.place, title=title)}
    if "reading" in row:
        facts |= {"kind": "reading", "reading": world.measure[row["reading"]].readings.latest("period_end")}
    return statement.evidence.create(**facts)


def _from_debrief(world, statement, words, facts):
    """The answer that said it on that day, or the last before it."""
    said = d.DebriefAnswer.objects.filter(debrief__place=world.place, text=words, debrief__team=statement.cycle.team)
    till = facts["on"] + timedelta(days=1)
    answer = said.filter(debrief__held_on__lte=till).order_by("-debrief__held_on").first() or said.earliest("at")
    evidence = statement.evidence.create(**facts, kind="debrief", team=statement.cycle.team)
    d.SpokeTo.objects.create(
        debrief=answer.debrief,
        contribution=answer.contribution,
        question=answer.question,
        answer=answer,
        evidence=evidence,
        at=world.at((world.today - facts["on"]).days, 11),
    )
    return evidence
