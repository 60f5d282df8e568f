"""A real Celery worker process on the test's own database and broker, to be killed on purpose.

with worker() as running:
    ...
    running.kill()      # -9, the whole group of processes
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress


class Worker:
    def __init__(self, app):
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "-A",
                app,
                "worker",
                "--loglevel",
                "error",
                "-c",
                "1",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self):
        """As a machine that loses its power: nothing is told to anyone."""
        self._signal(signal.SIGKILL)
        self.process.wait(60)

    def stop(self):
        if self.process.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()

    def _signal(self, number):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@contextmanager
def worker(app="hls.celery"):
    running = Worker(app)
    try:
        yield running
    finally:
        running.stop()


def wait_for(seen, *, seconds=180, every=0.02):
    """The first true answer of `seen`, or a failure that says so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := seen():
            return answer
        time.sleep(every)
    raise AssertionError(f"nothing within {seconds} seconds")
