"""The design card of a demo experiment, with how it has gone."""

from cycles import models as c
from cycles.stack.purposes import purpose_now

DESIGN = ("question", "actions", "people", "data_plan", "sense_plan", "safe_to_fail", "protection", "learned")


def card(world, row):
    started, ended = row.get("started"), row.get("ended")
    state = ended[0] if ended else "running" if started else "idea"
    cycle = world.cycle[row["cycle"]]
    experiment = world.experiment[row["key"]] = c.Experiment.objects.create(
        cycle=cycle,
        parent=world.experiment.get(row.get("parent")),
        title=row["title"],
        end_point=row.get("end_point", ""),
        contact=row.get("contact", ""),
        serves=purpose_now(cycle),
        state=state,
        legal_ok=bool(started),
        safe_ok=bool(started),
        opened_on=world.day((started or 11) + 2),
        started_on=world.day(started) if started else None,
        ended_on=world.day(ended[1]) if ended else None,
        is_demo=row.get("demo", "by" in row and "sourced" not in row),
        **{name: row.get(name, "") for name in DESIGN},
    )
    moves = [("idea", "running", started, "Legal, and harmless.")] if started else []
    moves += [("running", ended[0], ended[1], ended[2])] if ended else []
    for was, now, day, because in moves:
        experiment.moves.create(
            from_state=was, to_state=now, because=because, by=world.user[row.get("by", "asha")], at=world.at(day)
        )
    return experiment
