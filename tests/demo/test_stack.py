"""The demo's cycles stand in a stack of all five scales, joined with a why and mostly an answer."""

import pytest
from django.db.models import Count

from cycles import models as c
from cycles.stack.models import Scale
from hls.demo.clear import clear


@pytest.mark.system(14)
def test_northbank_has_a_stack_of_all_scales_and_cycles_that_wandered(northbank):
    assert set(c.LearningCycle.objects.values_list("scale", flat=True)) == set(Scale.values)
    links = c.CycleLink.objects.all()
    assert all(link.why for link in links)
    assert {link.direction for link in links} == {"horizontal", "vertical"}
    assert {bool(link.reply) for link in links} == {True, False}
    assert c.PastLink.objects.exclude(because="").exists()
    order = list(c.Stage)
    back = [move for move in c.StageMove.objects.all() if order.index(move.to_stage) < order.index(move.from_stage)]
    assert len({move.cycle_id for move in back}) >= 3


@pytest.mark.system(60)
def test_every_cycle_of_the_demo_has_a_purpose_and_the_newest_is_its_own(northbank):
    cycles = c.LearningCycle.objects.annotate(said=Count("purposes"))
    assert not cycles.filter(said=0).exists()
    assert cycles.filter(said__gte=2).count() >= 3
    assert [cycle.title for cycle in cycles if cycle.purposes.first().purpose != cycle.purpose] == []
    served = set(c.Experiment.objects.filter(cycle__title="Council tax debt").values_list("serves__number", flat=True))
    assert served == {1, 2}


@pytest.mark.system(55)
def test_the_partnership_of_the_demo_goes_with_the_rest(northbank):
    team = c.Team.objects.get(kind="partnership")
    assert (team.agencies.count(), team.guides.count(), team.cycles.count()) == (4, 5, 1)
    clear()
    assert [rows.objects.count() for rows in (c.Team, c.PastLink, c.StageNote)] == [0, 0, 0]
