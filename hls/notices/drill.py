"""A drill of row 44: reminders due all at once, two beats, several workers, kills and cut lines.

Works on rows it makes itself, and takes them away again. It needs the development packages, for the mail server
that fails on purpose, and must never meet a real installation's mail.
"""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cycles.notices.models import Notice
from cycles.people.models import Membership, Place, Team, User
from cycles.stack.models import LearningCycle
from debriefs.record.models import Debrief

PROJECT = Path(settings.BASE_DIR)
A_DEBRIEF = 50  # reminders of one debrief; one person each


@dataclass
class Sink:
    """A mail server that keeps the Message-ID and time of what it took, is busy now and then, and cuts some lines."""

    drop_share: float = 0.0  # cut after DATA: taken, and never said so
    refuse_share: float = 0.0  # "not now", before taking it
    seed: int = 44
    taken: list = field(default_factory=list)
    dropped: list = field(default_factory=list)
    refused: int = 0
    port: int = 0

    def __post_init__(self):
        self.chance = random.Random(self.seed)  # noqa: S311 - faults, not secrets

    async def handle_DATA(self, server, session, envelope):
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode()
        ident = next(line[11:].strip() for line in head.splitlines() if line.lower().startswith("message-id:"))
        if self.chance.random() < self.refuse_share:
            self.refused += 1
            return "451 not now"
        self.taken.append((ident, time.time()))
        if ident not in self.dropped and self.chance.random() < self.drop_share:
            self.dropped.append(ident)
            server.transport.abort()
            await asyncio.sleep(0)
            return "421 gone"
        return "250 taken"

    @contextmanager
    def running(self):
        from aiosmtpd.controller import Controller

        self.port = free_port()
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    def repeats(self):
        """{Message-ID: how often more than once}."""
        return {ident: n - 1 for ident, n in Counter(ident for ident, _ in self.taken).items() if n > 1}


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def make_due(count):
    """`count` reminders that fall due now, in a place of the drill's own. Answers the place."""
    mark = f"drill-{os.getpid()}-{int(time.time())}"
    place = Place.objects.create(name=mark, slug=mark)
    team = Team.objects.create(place=place, name=mark, slug=mark)
    cycle = LearningCycle.objects.create(place=place, team=team, title="Drill", purpose="Drill")
    people = User.objects.bulk_create(
        User(email=f"{mark}-{n}@example.org", name=f"Drill {n}", short_name="Drill", password="!")  # noqa: S106 - nobody can sign in with it
        for n in range(min(count, A_DEBRIEF))
    )
    Membership.objects.bulk_create(Membership(place=place, team=team, user=u, role="caseworker") for u in people)
    at = timezone.now() + timedelta(minutes=30)
    debriefs = Debrief.objects.bulk_create(
        Debrief(place=place, team=team, cycle=cycle, planned_for=at) for _ in range(-(-count // A_DEBRIEF))
    )
    now = timezone.now()
    Notice.objects.bulk_create(
        (
            Notice(
                user=people[n % len(people)],
                place=place,
                kind=Notice.Kind.DEBRIEF_SOON,
                channel=Notice.Channel.AT_ONCE,
                key=f"{mark}-{n}",
                subject_ref=debriefs[n // A_DEBRIEF].pk,
                due_at=now,
                stale_at=at,
            )
            for n in range(count)
        ),
        batch_size=2000,
    )
    return place


def clear(place):
    Notice.objects.filter(place=place).delete()
    Debrief.objects.filter(place=place).delete()
    users = list(User.objects.filter(memberships__place=place))
    LearningCycle.objects.filter(place=place).delete()
    Membership.objects.filter(place=place).delete()
    Team.objects.filter(place=place).delete()
    User.objects.filter(pk__in=[user.pk for user in users]).delete()
    Place.objects.filter(pk=place.pk).delete()


class Crew:
    """Real worker and beat processes on the real broker; each in its own group, so that one can be killed whole."""

    def __init__(self, port, app="hls.notices.drill_app"):
        mail = {"MAIL_URL": f"smtp://127.0.0.1:{port}", "CAIRN_BOOT": "0", "CAIRN_DRILL": "1"}
        self.environment = os.environ | mail | {"QUIET_HOURS": ""}  # a drill at night would wait for the morning
        self.app, self.processes = app, []

    def start(self, *arguments):
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "celery", "-A", self.app, *arguments],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def worker(self, number):
        return self.start("worker", "-c", "1", "-n", f"drill{number}@%h", "--without-gossip", "--without-mingle")

    def beat(self, number, folder):
        return self.start("beat", "-s", str(Path(folder) / f"beat{number}"), "--pidfile", "")

    @staticmethod
    def kill(process):
        """-9 for the whole group: the worker and its child in the middle of a letter."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def check(self):
        """A worker that can't even start would look like a slow one."""
        if any(process.poll() not in (None, -signal.SIGKILL) for process in self.processes):
            raise RuntimeError("a worker or beat ended by itself; start it by hand to see why")

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill(process)


def unsent(place):
    return Notice.objects.filter(place=place, sent_at=None, dropped_at=None).count()


def wait_until(reached, seconds, every=0.2, meanwhile=lambda: None):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if reached():
            return True
        meanwhile()
        time.sleep(every)
    return False


@dataclass
class Outcome:
    due: int
    taken: int
    different: int
    repeats: dict
    dropped: int
    kills: int
    refused: int
    unsent: int
    seconds: float
    p99: float

    def faults(self):
        """What breaks the promise: missing ones, or a repeat that neither a cut line nor a kill explains."""
        wrong = []
        if self.different != self.due or self.unsent:
            wrong.append(f"{self.due} were due, {self.different} arrived, {self.unsent} are unsent")
        if any(n > 1 + self.kills for n in self.repeats.values()):
            wrong.append("one came more than twice")
        if sum(self.repeats.values()) > self.dropped + self.kills:
            cuts = self.dropped + self.kills
            wrong.append(f"{sum(self.repeats.values())} repeats, but only {cuts} lines were cut")
        return wrong


def run(
    count,
    *,
    folder,
    workers=4,
    beats=2,
    kills=1,
    drop_share=0.01,
    refuse_share=0.0,
    limit=300,
    app="hls.notices.drill_app",
):
    """The whole drill. Kills a worker each time a share of the letters has arrived, and starts another."""
    sink = Sink(drop_share=drop_share, refuse_share=refuse_share)
    with sink.running():
        crew = Crew(sink.port, app)
        place = make_due(count)
        began = time.time()
        try:
            hands = [crew.worker(n) for n in range(workers)]
            for n in range(beats):
                crew.beat(n, folder)
            for n in range(kills):
                share = count * (n + 1) // (kills + 2)
                wait_until(lambda share=share: len(sink.taken) >= share, limit, every=0.01, meanwhile=crew.check)
                crew.kill(hands[n % workers])
                hands[n % workers] = crew.worker(workers + n)
            wait_until(lambda: unsent(place) == 0, limit, meanwhile=crew.check)
            first = min((at for _, at in sink.taken), default=began)
            late = sorted(at - first for _, at in sink.taken) or [0]
            return Outcome(
                due=count,
                taken=len(sink.taken),
                different=len({ident for ident, _ in sink.taken}),
                repeats=sink.repeats(),
                dropped=len(sink.dropped),
                kills=kills,
                refused=sink.refused,
                unsent=unsent(place),
                seconds=max(late),
                p99=late[int(len(late) * 0.99) - 1] if len(late) > 1 else late[0],
            )
        finally:
            crew.stop()
            clear(place)
