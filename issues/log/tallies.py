"""Counts kept by the database as small append-only differences, so that no overview counts a million rows.

Each change of an issue adds rows of plus or minus one; a sum is always right, and `fold_tallies` only makes
it shorter. One hot counter row would make every writer wait for the others (PERFORMANCE.md measured it).
"""

import pgtrigger
from django.db import models

from cycles.people.models import Place, Team


class FlowTally(models.Model):
    """How many issues stand where between raised and new normal, by the month they were raised."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    level = models.PositiveSmallIntegerField(null=True)
    owner_tier = models.CharField(max_length=6, blank=True)
    status = models.CharField(max_length=6)
    countermeasure_state = models.CharField(max_length=12, blank=True)
    system_change_state = models.CharField(max_length=12, blank=True)
    n = models.IntegerField()

    KEY = ("place", "month", "level", "owner_tier", "status", "countermeasure_state", "system_change_state")

    class Meta:
        indexes = [models.Index(fields=["place", "month"], name="flow_tally_of_place")]


class WaitTally(models.Model):
    """How many open issues rest with whom, by the week they came there."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    held_by = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    n = models.IntegerField()

    KEY = ("place", "held_by", "week")

    class Meta:
        indexes = [models.Index(fields=["place", "held_by"], name="wait_tally_of_place")]


# A pattern gathers issues that are counted already; it rests with someone, but nobody raised it once more.
_FLOW = """IF NOT {r}.is_pattern THEN INSERT INTO issues_flowtally
  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)
  VALUES ({r}.place_id, date_trunc('month', {r}.raised_on)::date, {r}.level, {r}.owner_tier, {r}.status,
          {r}.countermeasure_state, {r}.system_change_state, {n}); END IF;"""
_WAIT = """IF {r}.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)
  VALUES ({r}.place_id, {r}.held_by_id, date_trunc('week', {r}.held_since)::date, {n}); END IF;"""


def _row(row, n):
    return _FLOW.format(r=row, n=n) + _WAIT.format(r=row, n=n)


TALLY_TRIGGERS = [
    pgtrigger.Trigger(
        name="tally_insert", when=pgtrigger.After, operation=pgtrigger.Insert, func=_row("NEW", 1) + "RETURN NULL;"
    ),
    pgtrigger.Trigger(
        name="tally_update",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(
            "place",
            "raised_on",
            "level",
            "owner_tier",
            "status",
            "countermeasure_state",
            "system_change_state",
            "held_by",
            "held_since",
        ),
        func=_row("OLD", -1) + _row("NEW", 1) + "RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="tally_delete", when=pgtrigger.After, operation=pgtrigger.Delete, func=_row("OLD", -1) + "RETURN NULL;"
    ),
]
