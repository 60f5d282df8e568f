"""Senders that take turns, and die.

Each is a thread with a database connection of its own, but only one runs at a time: at each point that it passes it
lays down its turn, and the seed says who goes on. So two scanners meet anywhere between claim and note, in real
transactions on real locks, and the same seed meets the same way again.
"""

import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta

from django.db import connection
from django.utils import timezone


class Killed(BaseException):
    """As kill -9 would: nothing more of this sender runs, and what it had not committed is gone."""


class Sender(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.turn, self.back = threading.Semaphore(0), threading.Semaphore(0)
        self.job, self.wrong, self.backend = None, None, None
        self.is_out = self.is_done = self.is_dead = False
        self.start()

    def run(self):
        while not self.is_dead:
            self.turn.acquire()
            if self.job is None:
                break
            try:
                self.job()
            except BaseException as wrong:  # raised again where the test runs
                # A dead one's connection fails on the way out, whatever it still tried.
                self.wrong = None if self.is_dead else wrong
            self.is_done = True
            if self.is_dead:
                self._leave()
            self.back.release()
        self._leave()

    def _leave(self):
        with suppress(Exception):
            connection.close()

    def begin(self, job):
        self.job, self.is_done = job, False

    def go_on(self, patience=2.0):
        """Give it its turn until it lays it down. False while it waits for what another holds."""
        if not self.is_out:
            self.is_out = True
            self.turn.release()
        if not self.back.acquire(timeout=patience):
            return False
        self.is_out = False
        return True

    def lay_down(self):
        self.back.release()
        self.turn.acquire()

    def die(self):
        """The server carries out what it was sent in whole, and rolls back what was not committed."""
        self.is_dead = True
        if connection.connection is not None and not connection.connection.closed:
            line = connection.connection.pgconn
            self.backend = line.backend_pid
            while line.get_result() is not None:
                pass
            line.finish()
        raise Killed

    def end(self):
        self.job = None
        self.turn.release()
        self.join(10)


class Stage:
    """Two beats' worth of senders. At most two die in a quarter of an hour, so that what is lost is lost by Cairn."""

    def __init__(self, chance, kills=0.0):
        self.chance, self.share = chance, kills
        self.crew, self.killed, self.moments = [], Counter(), []

    def together(self, *jobs):
        self.crew = [s for s in self.crew if not s.is_dead]
        self.crew += [Sender() for _ in range(len(jobs) - len(self.crew))]
        running = self.crew[: len(jobs)]
        for sender, job in zip(running, jobs, strict=True):
            sender.begin(job)
        waits = 0
        while running:
            sender = self.chance.choice(running) if len(running) > 1 else running[0]
            if not sender.go_on():
                waits += 1
                assert waits < 30, "every sender waits for another"
            elif sender.is_done:
                running.remove(sender)
                self._look_at(sender)

    def _look_at(self, sender):
        if sender.wrong:
            raise sender.wrong
        if sender.backend:
            _wait_for_rollback(sender.backend)

    def point(self, name, killed=lambda: None):
        """Somewhere between claim and note: another may go on here, and this one may die here."""
        sender = threading.current_thread()
        if not isinstance(sender, Sender) or sender.is_dead:
            return
        sender.lay_down()
        if self._dies():
            self.killed[name] += 1
            killed()
            sender.die()

    def _dies(self):
        now = timezone.now()
        if self.chance.random() >= self.share:
            return False
        self.moments = [at for at in self.moments if now - at < timedelta(minutes=15)]
        if len(self.moments) >= 2:
            return False
        self.moments.append(now)
        return True

    def end(self):
        for sender in self.crew:
            if not sender.is_dead:
                sender.end()


def _wait_for_rollback(backend):
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone() is None:
                return
            time.sleep(0.005)
    raise AssertionError("the dead sender's transaction goes on")


def set_points(monkeypatch, stage):
    """Where a sender can meet another, or die: with rows locked, leased, claimed, told and noted."""
    from debriefs.plans import follow
    from hls.notices import claiming, line, sending

    lease, lines, reminders, taken = claiming._lease, sending._lines, follow._follow_reminders, line.Notes.taken

    def with_rows_locked(ids, *name):
        if ids:
            stage.point("rows locked")
        claim = lease(ids, *name)
        if ids:
            stage.point("leased, not committed")
        return claim

    def claimed(notices, now):
        stage.point("claimed")
        return lines(notices, now)

    def plans_followed(now):
        stage.point("debriefs planned, not committed")
        reminders(now)

    def noted(notes, ids):
        taken(notes, ids)
        stage.point("noted")

    monkeypatch.setattr(claiming, "_lease", with_rows_locked)
    monkeypatch.setattr(sending, "_lines", claimed)
    monkeypatch.setattr(follow, "_follow_reminders", plans_followed)
    monkeypatch.setattr(line.Notes, "taken", noted)
