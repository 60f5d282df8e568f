"""The steps of the work, in order: added, marked, moved, taken off. What each day's steps were is kept."""

import uuid

from django.db import transaction
from django.db.models import Max

from cycles.maps.actions import change, keep_version, lock_map, put_on, take_off
from cycles.maps.models import MapStep
from cycles.refusals import Refused
from cycles.sent import make_once

MOST = 80


@transaction.atomic
def add_steps(*, cycle, activities, by, value="", client_id=None):
    """Put several at the end, one after the other. Sent twice, they are there once."""
    row = lock_map(cycle)
    if row.mapsteps.standing().count() + len(activities) > MOST:
        raise Refused(f"A flow holds {MOST} steps at most. Take some off first.", "activities")
    last = row.mapsteps.aggregate(last=Max("order"))["last"] or 0
    sent = client_id or uuid.uuid4()
    found = []
    for place, activity in enumerate(activities):
        step, is_new = make_once(
            MapStep,
            uuid.uuid5(sent, str(place)),
            cycle=row,
            activity=activity,
            value=value,
            order=last + 1 + place,
            by=by,
        )
        if is_new:
            keep_version(step, by=by)
        found.append(step)
    return found


@transaction.atomic
def change_step(*, step, version, by, why="", **words):
    return change(row=step, version=version, by=by, why=why, **words)


@transaction.atomic
def move_step(*, step, by_places, by):
    """One place up (-1) or down (1); at either end it stays. The numbers are laid anew, so none is ever shared."""
    row = lock_map(step.cycle)
    steps = list(row.mapsteps.standing())
    here = next((place for place, each in enumerate(steps) if each.pk == step.pk), None)
    if here is None:
        raise Refused("It was taken off. Put it back first.")
    there = min(max(here + by_places, 0), len(steps) - 1)
    steps.insert(there, steps.pop(here))
    for place, each in enumerate(steps, 1):
        if each.order != place:
            each.order = place
            each.save(update_fields=["order"])
    return there + 1


@transaction.atomic
def remove_step(*, step, by, why=""):
    return take_off(row=step, by=by, why=why)


@transaction.atomic
def put_step_back(*, step, by):
    return put_on(row=step, by=by)
