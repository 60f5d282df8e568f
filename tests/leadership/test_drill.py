"""A worker is killed in the middle of a pack: there is one pack in the end, whole, told of once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cycles.notices.models import Notice
from hls.celery import app
from hls.leadership import tasks
from hls.leadership.actions import ask_for_pack
from hls.leadership.models import Summary
from tests.factories.fixtures import make_place
from tests.helpers.worker import wait_for, worker
from tests.leadership.conftest import raised_to_leaders

pytestmark = [pytest.mark.drill, pytest.mark.external, pytest.mark.django_db(transaction=True)]


def in_the_middle():
    """Claimed, and at work on the pages: facts are read, nothing is written. There this worker stays."""
    return Summary.objects.filter(state="asked", progress__startswith="Drawing").exists()


def test_a_killed_worker_leaves_one_whole_pack():
    with app.connection_for_write() as line:  # of its own: another test may have closed those that are kept
        app.control.purge(connection=line)
    here = make_place()
    raised_to_leaders(here)
    today = timezone.localdate()

    with worker("tests.leadership.paused_app") as first:
        pack = ask_for_pack(
            team=here.leadership, period_start=today, period_end=today, client_id=uuid4(), by=here.leader
        )
        wait_for(in_the_middle)
        first.kill()

    pack.refresh_from_db()
    assert (pack.state, pack.pdf, pack.agenda) == ("asked", None, {})
    assert not Notice.objects.filter(kind="summary_ready").exists()

    # The lease of the dead worker runs out; beat's next scan finds the row.
    Summary.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    with worker():
        tasks.build_due.delay()
        wait_for(lambda: Summary.objects.filter(state="ready").exists())

    pack = Summary.objects.get()
    assert (pack.pdf[:5], pack.pages > 0, pack.claimed_until) == (b"%PDF-", True, None)
    assert Notice.objects.filter(kind="summary_ready").count() == 1

    # The broker hands the dead worker's message out again, later: nothing is built twice.
    built_at = pack.built_at
    tasks.build(pack.pk)
    pack.refresh_from_db()
    assert pack.built_at == built_at
    assert Notice.objects.filter(kind="summary_ready").count() == 1
