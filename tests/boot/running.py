"""Real starts of `manage.py`, and a look at every process they leave behind."""

import http.client
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from hls.boot import processes
from tests.helpers.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "SITE_URL", "ALLOWED_HOSTS")


def environment(state, **more):
    kept = {name: value for name, value in os.environ.items() if name not in OURS and name != "PORT"}
    return {**kept, "CAIRN_BOOT": "0", "CAIRN_STATE": str(state), "ENVIRONMENT": "development", **more}


def manage(state, *words, within=400, **more):
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env=environment(state, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
    )


class Up:
    """`manage.py up` as a person would start it, with all it started."""

    def __init__(self, state, *words):
        self.state, self.port = state, free_port()
        self.said = (state.parent / f"said-{self.port}").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", "--port", str(self.port), *words],
            cwd=PROJECT,
            env=environment(state),
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.everyone = {}

    def __enter__(self):
        try:
            self.wait_for("Cairn is ready", within=600)
            # The worker's own children come a little later than the web.
            wait_until(lambda: len(family_of(self.process.pid, "celery")) >= 4, 180)
        except BaseException:
            self.__exit__()
            raise
        self.remember()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(180)
        self.said.close()

    def remember(self):
        """Everyone alive in the family now, by pid and time of birth."""
        self.everyone |= {pid: processes.born(pid) for pid in family_of(self.process.pid)}

    def survivors(self):
        return [
            f"{pid} {processes.command_line(pid)}"
            for pid, born in self.everyone.items()
            if processes.is_same(pid, born)
        ]

    def words(self):
        return Path(self.said.name).read_text()

    def wait_for(self, words, within=180):
        def has_come():
            assert self.process.poll() is None or words in self.words(), self.words()
            return words in self.words()

        wait_until(has_come, within, why=self.words)

    def pids(self, part):
        return family_of(self.process.pid, part)

    def is_ready(self):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", "/health/ready")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()


def family_of(pid, part=""):
    """A process and all that descend from it, whose command holds `part`."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                facts = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(facts[1]), []).append(int(folder.name))
    found, look = [], [pid]
    while look:
        found.append(look.pop())
        look += parents.get(found[-1], [])
    return [one for one in found if processes.born(one) and re.search(part, processes.command_line(one))]


def wait_until(true, within, why=lambda: ""):
    limit = time.monotonic() + within
    while not true():
        assert time.monotonic() < limit, f"not within {within} s {why()}"
        time.sleep(0.1)
