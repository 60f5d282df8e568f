"""The demo's guides with every step they took, the ticks of debriefs, looks at them, and laws with no room."""

from cycles import models as c
from debriefs import models as d

What = c.GuideStep.What


def load(world):
    data = world.data["guides"]
    for row in data["more"]:
        _guide(world, row)
    _first_steps(world)
    for row in data["ticks"]:
        _tick(world, row)
    for row in data["looks"]:
        _look(world, row)
    for row in data["laws"]:
        _law(world, row)


def _home(world, row):
    return {"cycle": world.cycle[row["cycle"]]} if "cycle" in row else {"team": world.team[row["team"]]}


def _guide(world, row):
    """Proposed, then taken on, declined or retired, each on its day with who and why; steps are written once."""
    taken_on, gone, declined = row.get("adopted"), row.get("retired"), row.get("declined")
    guide = c.Guide.objects.create(
        kind=row["kind"],
        text=row["text"],
        party=row.get("party", ""),
        origin=row.get("origin", ""),
        order=row.get("order", 10),
        by=world.user[row["by"]],
        state="retired" if gone else "adopted" if taken_on else "not_adopted" if declined else "proposed",
        active_from=world.day(taken_on[0]) if taken_on else None,
        retired_on=world.day(gone[0]) if gone else None,
        is_demo=not row.get("sourced"),
        **_home(world, row),
    )
    told = [(What.PROPOSED, [row["proposed"], row["by"], ""])]
    told += [(what, step) for what, step in ((What.ADOPTED, taken_on), (What.NOT_ADOPTED, declined)) if step]
    told += [(What.RETIRED, gone)] if gone else []
    for what, (day, by, words) in told:
        guide.steps.create(what=what, words=words, by=world.user[by], at=world.at(day))


def _first_steps(world):
    """Guides loaded with their cycle or team were agreed on its first day."""
    of_place = c.Guide.objects.filter(cycle__place=world.place) | c.Guide.objects.filter(team__place=world.place)
    for guide in of_place.filter(steps=None):
        at = world.at((world.today - guide.active_from).days)
        for what in (What.PROPOSED, What.ADOPTED):
            guide.steps.create(what=what, by=guide.by, at=at)


def _tick(world, row):
    """Beside the first debriefs that said so."""
    guide = c.Guide.objects.get(cycle=world.cycle["debt"], text=row["guide"])
    answers = d.DebriefAnswer.objects.filter(debrief__place=world.place, text=row["said"]).order_by("at", "pk")
    for answer in answers[: row["times"]]:
        d.GuideTag.objects.create(answer=answer, guide=guide, how=row["how"], at=answer.at)


def _look(world, row):
    look = c.Confirmation.objects.create(
        team=world.team[row["team"]],
        on=world.day(row["day"]),
        at=world.at(row["day"]),
        by=world.user[row["by"]],
        is_demo=True,
    )
    prompts = {q.key: q for q in c.Question.objects.filter(set="confirm")}
    for text, said in row["said"].items():
        guide = c.Guide.objects.of_team(look.team).get(text=text)
        for prompt, words in said.items():
            look.answers.create(guide=guide, question=prompts[f"confirm.{prompt}"], text=words)
    debrief = d.Debrief.objects.create(
        place=world.place,
        team=look.team,
        kind=d.Debrief.Kind.CONFIRMATION,
        confirmation=look,
        planned_for=look.at,
        called_by=look.by,
        state=d.Debrief.State.WRITTEN_UP,
        held_on=look.on,
        written_up_at=look.at,
        written_up_by=look.by,
        is_demo=True,
    )
    debrief.present.add(look.by)


def _law(world, row):
    c.Law.objects.create(
        place=world.place,
        cycle=world.cycle.get(row.get("cycle")),
        on=world.day(row["day"]),
        by=world.user[row["by"]],
        is_demo=True,
        **{name: row[name] for name in ("name", "demands", "met", "source", "link")},
    )
