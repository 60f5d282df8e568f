"""Cycles of every scale joined into a stack: why, what was answered, what ended, and how purposes were said anew."""

from cycles import models as c
from cycles.stack import actions


def load(world):
    """After experiments and measures, before the lessons, which travel along these links."""
    told = world.data["stack"]
    for row in told["teams"]:
        _team(world, row)
    for row in told["cycles"]:
        add_cycle(world, row)
    for row in told["links"]:
        _link(world, *row)
    for row in told["parted"]:
        _parted(world, *row)
    for key, stage, day, by, text in told["notes"]:
        c.StageNote.objects.create(
            cycle=world.cycle[key], stage=stage, text=text, by=world.user[by], at=world.at(day, 15)
        )
    for row in told["said_anew"]:
        _said_anew(world, **row)
    for source, target, day, by, reply in told["replies"]:
        c.CycleLink.objects.filter(source=world.cycle[source], target=world.cycle[target]).update(
            reply=reply, replied_by=world.user[by], replied_at=world.at(day, 14)
        )
    _serve(world, told["serves"])


def _serve(world, told):
    """What was there before serves the purpose as it was said then; these, as it was said last."""
    for row in [*world.experiment.values(), *world.measure.values()]:
        last = told["experiments"] + told["measures"]
        purposes = row.cycle.purposes.all()
        named = any(row == made.get(key) for made in (world.experiment, world.measure) for key in last)
        row.serves = purposes.first() if named else purposes.last()
        row.save(update_fields=["serves"])


def _team(world, row):
    team = world.team[row["key"]] = c.Team.objects.create(
        place=world.place, name=row["name"], slug=row["key"], kind=row["kind"], cadence_note=row["cadence"]
    )
    team.agencies.set(world.agency[key] for key in row["agencies"])
    for who, role in row["members"]:
        c.Membership.objects.create(
            place=world.place, user=world.user[who], team=team, role=role, from_on=world.day(60)
        )
    for order, (kind, party, text) in enumerate(row["guides"]):
        c.Guide.objects.create(
            team=team,
            kind=kind,
            party=party,
            text=text,
            order=order,
            by=world.user["sam"],
            active_from=world.day(42),
            is_demo=True,
        )


def add_cycle(world, row):
    cycle = world.cycle[row["key"]] = c.LearningCycle.objects.create(
        place=world.place,
        team=world.team[row["team"]],
        title=row["title"],
        purpose=row["purpose"],
        old_purpose=row.get("old_purpose", ""),
        scale=row["scale"],
        theme=row["theme"],
        steward=world.user[row["steward"]],
        opened_on=world.day(row["opened"]),
        stage=row["stages"][-1][1],
    )
    by = world.user["sam"]
    c.PurposeVersion.objects.create(
        cycle=cycle, purpose=cycle.purpose, old_purpose=cycle.old_purpose, by=by, at=world.at(row["opened"])
    )
    for was, now, day, why in row["stages"]:
        c.StageMove.objects.create(cycle=cycle, from_stage=was, to_stage=now, why=why, by=by, at=world.at(day))


def _link(world, asking, asked, day, why, by, *answer):
    link = actions.link_cycles(cycle=world.cycle[asking], other=world.cycle[asked], why=why, by=world.user[by])
    said = {"at": world.at(day)}
    if answer:
        who, answered, reply = answer
        said |= {"reply": reply, "replied_by": world.user[who], "replied_at": world.at(answered, 14)}
    c.CycleLink.objects.filter(pk=link.pk).update(**said)
    return link


def _parted(world, asking, asked, day, why, by, ended, because):
    link = _link(world, asking, asked, day, why, by)
    past = actions.part_cycles(link=c.CycleLink.objects.get(pk=link.pk), because=because, by=world.user[by])
    c.PastLink.objects.filter(pk=past.pk).update(at=world.at(ended))


def _said_anew(world, cycle, day, by, purpose, old_purpose, why):
    row = c.LearningCycle.objects.get(pk=world.cycle[cycle].pk)
    world.cycle[cycle] = actions.state_purpose(
        cycle=row, version=row.version, purpose=purpose, old_purpose=old_purpose, why=why, by=world.user[by]
    )
    c.PurposeVersion.objects.filter(cycle=row, purpose=purpose).update(at=world.at(day))
