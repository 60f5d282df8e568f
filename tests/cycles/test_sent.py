"""Eight thumbs at once: one row, with the unique column as the only judge."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from cycles.guides.actions import propose_guide
from cycles.models import Case, Guide, LearningCycle
from cycles.sent import make_once
from tests.factories.fixtures import make_place

AT_ONCE = 8


def eight_times(act):
    ready = Barrier(AT_ONCE)

    def once(_):
        try:
            ready.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(once, range(AT_ONCE)))


def test_one_form_sent_eight_times_at_once_makes_one_row(transactional_db):
    here, client_id = make_place(), uuid.uuid4()
    about = {"cycle": here.cycle, "kind": "rule", "text": "Stay legal", "by": here.worker}
    made = eight_times(lambda: propose_guide(client_id=client_id, **about).pk)
    assert len(set(made)) == 1
    assert Guide.objects.count() == 1


def test_eight_forms_make_eight_rows(transactional_db):
    """Positive control: without the shared id nothing holds the eight together."""
    here = make_place()
    about = {"cycle": here.cycle, "kind": "rule", "text": "Stay legal", "by": here.worker}
    eight_times(lambda: make_once(Guide, None, **about))
    assert Guide.objects.count() == AT_ONCE


@pytest.mark.system(13)
def test_a_life_opened_eight_times_at_once_has_one_page_and_one_cycle(transactional_db, client):
    from cycles.lives.actions import open_case

    here, client_id = make_place(), uuid.uuid4()
    made = eight_times(lambda: open_case(team=here.core, alias="Zofia", by=here.worker, client_id=client_id).pk)
    assert len(set(made)) == 1
    assert (Case.objects.count(), LearningCycle.objects.filter(scale="person").count()) == (1, 1)
    client.force_login(here.worker)
    assert client.get(reverse("cycles:person", args=[made[0]])).status_code == 200
