"""A condition put together once finds what it finds when Django puts it together each time."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cycles.conditions import Condition
from cycles.lives.models import Case
from cycles.lives.models import _open_to as life_is_open
from cycles.prepared import Given, Prepared, asking, someone
from cycles.stack.models import CycleLink, LearningCycle
from cycles.stack.models import _visible as cycle_is_open
from tests import factories as f
from tests.access.rows import PEOPLE


@pytest.fixture
def several(here, elsewhere):
    """Cycles of several teams and places, linked ones among them, and lives with those alongside."""
    there = f.LearningCycleFactory(team=here.working)
    CycleLink.objects.create(source=here.cycle, target=there, direction="horizontal", by=here.worker)
    f.LearningCycleFactory(team=elsewhere.core)
    for place, worker in ((here, here.worker), (here, here.colleague), (elsewhere, elsewhere.worker)):
        f.CaseFactory(team=place.core, worker=worker)
    opened = Case.objects.get(worker=here.worker)
    opened.openings.create(by=here.op_lead, reason="Her worker is ill", until_at=timezone.now() + timedelta(hours=1))
    return here, elsewhere


def test_the_kept_sql_finds_what_the_condition_says(several):
    found = set()
    for place in several:
        for name in PEOPLE:
            user = getattr(place, name)
            for rows, kept in ((LearningCycle.objects, cycle_is_open), (Case.objects, life_is_open)):
                plain = set(rows.filter(kept.condition(user)))
                assert set(rows.filter(kept(user))) == plain, name
                found |= plain
    assert len(found) > 6


def test_it_keeps_its_table_wherever_the_query_stands(several):
    """Under a name that Django gave, beside the same table twice, in a subquery of itself, and turned round."""
    here, _ = several
    visible = LearningCycle.objects.visible_to(here.worker)
    keys = set(visible.values_list("pk", flat=True))
    others = LearningCycle.objects.exclude(pk__in=keys)
    assert keys
    assert others

    again = LearningCycle.objects.filter(Exists(visible.filter(pk=OuterRef("pk"), team=OuterRef("team"))))
    assert set(again.values_list("pk", flat=True)) == keys
    assert set(visible.filter(pk__in=visible.filter(pk__in=visible)).values_list("pk", flat=True)) == keys
    assert set(LearningCycle.objects.exclude(cycle_is_open(here.worker))) == set(others)
    assert set((visible | others).values_list("pk", flat=True)) == keys | {one.pk for one in others}
    linked = visible.filter(links_out__target__in=visible)
    assert set(linked) == {here.cycle}
    assert visible.filter(pk=here.cycle.pk).update(theme="Letters") == 1


def test_nothing_is_put_together_twice(several, monkeypatch):
    here, elsewhere = several
    mine = list(LearningCycle.objects.filter(cycle_is_open(here.worker)))

    def told(user):
        raise AssertionError("put together again")

    monkeypatch.setattr(cycle_is_open, "condition", told)
    assert list(LearningCycle.objects.filter(cycle_is_open(here.worker))) == mine
    theirs = LearningCycle.objects.filter(cycle_is_open(elsewhere.worker))
    assert theirs
    assert not set(theirs) & set(mine)


def test_a_condition_that_joins_is_refused(here):
    joins = Condition("cycles.Case", lambda user: Q(cycle__title=user))
    with pytest.raises(ValueError, match=r"joins \['cycles_case', 'cycles_learningcycle'\]"):
        list(Case.objects.filter(joins(here.worker)))


def test_an_opening_that_has_lapsed_is_over_in_a_prepared_query_too(several, time_machine):
    """The moment comes with each asking: what was put together in the morning is not asked as of the morning."""
    here, _ = several
    lives = Prepared(Case.objects.visible_to(someone()).filter(worker=Given("worker")))
    asked = {"worker": here.worker.pk}
    assert len(lives.rows(**asking(here.op_lead), **asked)) == 1
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert lives.rows(**asking(here.op_lead), **asked) == []
    assert not Case.objects.visible_to(here.op_lead).filter(worker=here.worker).exists()
