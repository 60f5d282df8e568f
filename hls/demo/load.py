"""Loads the demo place through the same actions that the screens use, then sets the dates back.

Everything comes from `northbank.yaml`; nothing is random but the passwords, which are made for this installation.
"""

import secrets
from datetime import datetime, time, timedelta
from pathlib import Path

import yaml
from django.db import transaction
from django.utils import timezone

from cycles import models as c
from hls.demo import (
    beyond,
    debriefs,
    experiments,
    governing,
    guides,
    harbour,
    issues,
    lessons,
    lives,
    maps,
    meetings,
    questions,
    rooms,
    stack,
    tracks,
)
from hls.demo.cards import card

DATA = Path(__file__).with_name("northbank.yaml")
WORDS = """pebble river lantern meadow copper harbour thistle willow amber saddle orchard bramble cedar kettle marble
falcon clover timber violet anchor barley candle dapple ember fennel garnet hazel indigo juniper linden mallow
nettle""".split()  # noqa: SIM905 - a list of words reads as words


class AlreadyThere(Exception):
    """The demo place is loaded, or the database holds a place of its own."""


class World:
    """What has been loaded so far, by the keys of the data file, and the day everything is counted back from."""

    def __init__(self, data, today):
        self.data, self.today = data, today
        self.place = None
        self.agency, self.team, self.user, self.cycle, self.case = {}, {}, {}, {}, {}
        self.issue, self.measure, self.experiment, self.debrief_on = {}, {}, {}, {}

    def day(self, back):
        return self.today - timedelta(days=back)

    def at(self, back, hour=10, minute=0):
        """That many days ago at that hour of the wall clock, and never in the future."""
        moment = timezone.make_aware(datetime.combine(self.day(back), time(hour, minute)))
        return min(moment, timezone.now())


@transaction.atomic
def load(today=None):
    """Load Northbank into an empty database. Returns the people who can sign in: name, role, e-mail, password.

    Raises AlreadyThere when any place exists: a demo never mixes with real people.
    """
    if c.Place.objects.exists():
        raise AlreadyThere
    world = World(yaml.safe_load(DATA.read_text(encoding="utf-8")), today or timezone.localdate())
    signs = _people(world)
    _cycles(world)
    _experiments(world)
    lives.load(world)
    maps.load(world)
    _measures(world)
    debriefs.load(world)
    issues.load(world)
    debriefs.load_hot(world)
    stack.load(world)
    lessons.load(world)
    questions.load(world)
    experiments.load(world)
    harbour.load(world)
    guides.load(world)
    governing.load(world)
    beyond.load(world)
    rooms.load(world)
    meetings.load(world)
    tracks.load(world)
    # What the demo's acts would have mailed is history: nobody is written to about it.
    c.Notice.objects.filter(place=world.place).update(dropped_at=timezone.now())
    return signs


def _password():
    return "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(900) + 100}"


def _people(world):
    data = world.data
    world.place = c.Place.objects.create(is_demo=True, **data["place"])
    for row in data["agencies"]:
        world.agency[row["key"]] = c.Agency.objects.create(place=world.place, name=row["name"], kind=row["kind"])
    for row in data["teams"]:
        team = world.team[row["key"]] = c.Team.objects.create(
            place=world.place,
            name=row["name"],
            slug=row["key"],
            kind=row["kind"],
            cadence_note=row["cadence"],
            next_meeting_on=world.day(-row["next_in"]) if "next_in" in row else None,
        )
        team.agencies.set(world.agency[key] for key in row["agencies"])
    return [_person(world, row) for row in data["people"]]


def _person(world, row):
    password = _password()
    user = world.user[row["key"]] = c.User.objects.create_user(
        f"{row['key']}@{world.place.slug}.example", password, name=row["name"], short_name=row["short"]
    )
    for role, team in row["roles"]:
        c.Membership.objects.create(
            place=world.place, user=user, team=world.team[team] if team else None, role=role, from_on=world.day(80)
        )
    role = c.Role(row["roles"][0][0]).label
    return {"name": row["name"], "role": role, "email": user.email, "password": password}


def _cycles(world):
    for row in world.data["cycles"]:
        cycle = world.cycle[row["key"]] = c.LearningCycle.objects.create(
            place=world.place,
            team=world.team[row["team"]],
            title=row["title"],
            purpose=row["purpose"],
            old_purpose=row.get("old_purpose", ""),
            scale=row["scale"],
            theme=row["theme"],
            domain=row.get("domain", ""),
            steward=world.user.get(row.get("steward")),
            opened_on=world.day(row["opened"]),
            stage=row.get("stage") or row["stages"][-1][1],
        )
        by = world.user["mina"]
        c.PurposeVersion.objects.create(
            cycle=cycle,
            purpose=cycle.purpose,
            old_purpose=cycle.old_purpose,
            why=row.get("why", ""),
            by=by,
            at=world.at(row["opened"]),
        )
        for was, now, day, why in row.get("stages", []):
            c.StageMove.objects.create(cycle=cycle, from_stage=was, to_stage=now, why=why, by=by, at=world.at(day))
        for kind, texts in row.get("guides", {}).items():
            for order, text in enumerate(texts):
                c.Guide.objects.create(
                    cycle=cycle, kind=kind, text=text, order=order, by=by, active_from=world.day(row["opened"])
                )
    for source, target, direction, why in world.data["links"]:
        c.CycleLink.objects.create(
            source=world.cycle[source],
            target=world.cycle[target],
            direction=direction,
            why=why,
            by=world.user["sam"],
            at=world.at(45),
        )


def _experiments(world):
    for row in world.data["experiments"]:
        card(world, row)


def _measures(world):
    for row in world.data["measures"]:
        world.measure[row["key"]] = c.Measure.objects.create(
            cycle=world.cycle[row["cycle"]],
            question=row["question"],
            lens=row["lens"],
            theme=row["theme"],
            audience=row["audience"],
            unit=row.get("unit", ""),
            low_words=row.get("low", ""),
            high_words=row.get("high", ""),
            asked_in_debriefs=row.get("in_debriefs", False),
            opened_on=world.day(70),
        )
    for row in world.data["readings"]:
        _reading(
            world,
            row["measure"],
            row["day"],
            row["day"],
            value=row.get("value"),
            words=row.get("words", ""),
            phase=row.get("phase", ""),
            source=row["source"],
            caveat=row.get("caveat", ""),
            origin=row.get("origin", "source"),
        )
    for key, row in world.data["weekly"].items():
        weeks = len(row["values"])
        for i, (value, n) in enumerate(zip(row["values"], row["n"], strict=True)):
            back = (weeks - i) * 7
            _reading(
                world, key, back, back - 6, value=value, n=n, phase="during", source="Core team debriefs", origin="demo"
            )


def _reading(world, measure, start, end, **facts):
    c.Reading.objects.create(
        measure=world.measure[measure],
        period_start=world.day(start),
        period_end=world.day(end),
        by=world.user["noor"],
        at=world.at(end, 16),
        **facts,
    )
