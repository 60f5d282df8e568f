"""A person's own cycle goes as their life goes: it pauses, ends with the words they agreed, and begins again."""

import importlib
from contextlib import suppress

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.lives import actions
from cycles.models import Case, LearningCycle
from cycles.refusals import Refused
from tests import factories as f

GOES = {"open": "live", "paused": "paused", "closed": "ended"}
ACTS = {
    "pause": lambda case, by: actions.pause_case(case=case, words="", by=by),
    "resume": lambda case, by: actions.resume_case(case=case, by=by),
    "close": lambda case, by: actions.close_case(case=case, agreed_close_words="I know where you are", by=by),
    "reopen": lambda case, by: actions.reopen_case(case=case, by=by),
}


@pytest.mark.system(13)
def test_opening_a_life_makes_its_own_cycle_with_a_purpose(here):
    case = actions.open_case(team=here.core, alias="Kayleigh", by=here.worker, what_matters="To answer the door")
    assert (case.cycle.scale, case.cycle.status, case.cycle.purpose) == ("person", "live", "To answer the door")
    assert [(said.number, said.by) for said in case.cycle.purposes.all()] == [(1, here.worker)]


@pytest.mark.system(13)
def test_closing_a_life_ends_its_cycle_in_the_words_they_agreed(here):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    ACTS["close"](case, here.worker)
    cycle = LearningCycle.objects.get(pk=case.cycle_id)
    assert (cycle.status, cycle.stopped_reason) == ("ended", "I know where you are")
    assert cycle.ended_on == Case.objects.get(pk=case.pk).closed_on
    ACTS["reopen"](case, here.worker)
    cycle.refresh_from_db()
    assert (cycle.status, cycle.stopped_reason, cycle.ended_on) == ("live", "", None)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(presses=st.lists(st.sampled_from(sorted(ACTS)), max_size=8))
def test_a_life_and_its_cycle_never_part(here, presses):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    for press in presses:
        with suppress(Refused):
            ACTS[press](case, here.worker)
        case.refresh_from_db()
        cycle = LearningCycle.objects.get(pk=case.cycle_id)
        assert cycle.status == GOES[case.state]
        assert cycle.stopped_reason == case.agreed_close_words


def test_lives_closed_before_end_their_cycles_by_migration(here):
    migration = importlib.import_module("cycles.migrations.0007_purpose_of_every_cycle")
    closed, paused, going = (f.CaseFactory(team=here.core, worker=here.worker) for _ in range(3))
    Case.objects.filter(pk=closed.pk).update(state="closed", closed_on="2026-05-01", agreed_close_words="Enough")
    Case.objects.filter(pk=paused.pk).update(state="paused")
    with connection.cursor() as cursor:
        for statement in (migration.ENDED, migration.PAUSED):
            cursor.execute(statement)
    states = LearningCycle.objects.filter(case__in=[closed, paused, going]).order_by("pk")
    assert list(states.values_list("status", "stopped_reason")) == [("ended", "Enough"), ("paused", ""), ("live", "")]
