"""The lives of the demo place: the sources' own pseudonyms, and filler beside them."""

from decimal import Decimal

from cycles import models as c

PLAIN = ("what_matters", "strengths", "household", "recorded_demand", "real_demand", "trajectory", "arrangement")


def load(world):
    for row in world.data["lives"]:
        _life(world, row)
    for row in world.data["stories"]:
        case = world.case[row["case"]]
        c.Story.objects.create(
            place=world.place,
            case=case,
            cycle=world.cycle["debt"],
            title=row["title"],
            body=row["body"],
            told_by=row["told_by"],
            written_by=world.user[row["by"]],
            written_on=world.day(row["day"]),
            checked_by_teller_on=world.day(row["checked"]) if row["checked"] else None,
            reach=row["reach"],
            is_demo=row.get("demo", False),
        )


def _life(world, row):
    worker = world.user[row["worker"]]
    closed, words = row.get("close", (None, ""))
    ended = {"status": "ended", "ended_on": world.day(closed), "stopped_reason": words} if closed else {}
    cycle = c.LearningCycle.objects.create(
        place=world.place,
        team=world.team["core"],
        title=f"{row['alias']}’s life",
        scale="person",
        stage="do",
        purpose=row["what_matters"],
        opened_on=world.day(row["opened"]),
        **ended,
    )
    c.PurposeVersion.objects.create(cycle=cycle, purpose=cycle.purpose, by=worker, at=world.at(row["opened"]))
    case = world.case[row["key"]] = c.Case.objects.create(
        cycle=cycle,
        alias=row["alias"],
        worker=worker,
        step=row["step"],
        is_mismatch=row.get("is_mismatch"),
        opened_on=world.day(row["opened"]),
        state="closed" if closed else "open",
        closed_on=world.day(closed) if closed else None,
        agreed_close_words=words,
        **{name: row.get(name, "") for name in PLAIN},
    )
    if closed:
        c.CaseMove.objects.create(case=case, what="closed", words=words, by=worker, at=world.at(closed))
    for phase, kind, agency, day, activity, mode in row.get("contacts", []):
        _contact(world, case, phase=phase, kind=kind, agency=agency, day=day, activity=activity, mode=mode)
    for day, amount, what_for, note in row.get("spends", []):
        c.Spend.objects.create(
            case=case, on=world.day(day), amount=Decimal(str(amount)), what_for=what_for, note=note, by=worker
        )
    for agency, (before, since) in row.get("counts", {}).items():
        _counted(world, case, agency, "before", before, row["opened"] + 3)
        _counted(world, case, agency, "during", since, row["opened"] - 177)


def _counted(world, case, agency, phase, count, latest):
    """Contacts spread over the six months that end `latest` days ago; their words go round. Filler, and says so."""
    lines = world.data["filler_contacts"][agency][phase]
    for i in range(count):
        kind, words = lines[i % len(lines)]
        _contact(
            world,
            case,
            phase=phase,
            kind=kind,
            agency=agency,
            day=latest + 170 * i // max(count, 1),
            activity=f"{words} (demo)",
            mode="intervention",
        )


def _contact(world, case, *, phase, kind, agency, day, activity, mode):
    c.Contact.objects.create(
        case=case,
        on=world.day(day),
        agency=world.agency[agency] if agency else None,  # none: the core team's own
        activity=activity,
        kind=kind,
        mode=mode,
        phase=phase,
        by=case.worker,
    )
