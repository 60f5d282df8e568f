"""The page of a full cycle asks the database as often as that of a small one, and shows little more at first.

How long it takes is measured by `python -m bench.cycle_page`: a test that counts seconds fails on a busy day.
"""

import pytest

from bench.cycle_page import fill
from cycles.models import Answer, Experiment, SystemElement
from tests import factories as f
from tests.helpers.queries import queries_of

MORE = 3  # times the bytes of the small page: pictures and lists show the first of many


@pytest.mark.system(8)
def test_sixty_elements_forty_experiments_and_two_thousand_answers_cost_no_more_queries(client, here):
    small, full = f.LearningCycleFactory(team=here.core), f.LearningCycleFactory(team=here.core)
    fill(small, here.worker, elements=2, ties=1, experiments=1, answers=60)
    fill(full, here.worker)
    counts = (SystemElement.objects, Experiment.objects, Answer.objects)
    assert [rows.filter(cycle=full).count() for rows in counts] == [60, 40, 2000]
    client.force_login(here.worker)
    few, many = (queries_of(client, shown.get_absolute_url()) for shown in (small, full))
    assert len(many) <= len(few), "\n".join(sql for sql in many if sql not in few)
    sizes = [len(client.get(shown.get_absolute_url()).content) for shown in (small, full)]
    assert sizes[1] < sizes[0] * MORE
