"""Measure named pages against the floor in one run and print the goal table of the product.

    python -m bench.run            # against the database of DATABASE_URL, filled by bench.generate
    python -m bench.run --rounds 60 --json results.json

Cairn and the floor run side by side, two workers of four threads each; requests alternate between them, so a busy
machine slows both. Quote ratios, not milliseconds.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import django

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Action:
    """One thing a person does: how Cairn is asked, how the floor is asked, and what we mean to reach."""

    name: str
    cairn: str
    floor: str
    goal: float  # p95 of Cairn over p95 of the floor
    queries: int
    who: str = "steward"
    method: str = "GET"
    fields: object = None
    floor_fields: object = None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def served(app, settings):
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-m", "gunicorn", app, "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "2", "--threads", "4",
               "--keep-alive", "60", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(command, env=env, cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


class Browser:
    """One signed-in person on one kept connection."""

    def __init__(self, port, cookie, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": f"{cookie}; {token[0]}={token[1]}", "Host": f"127.0.0.1:{port}"}
        self.token = token[1]

    def ask(self, method, path, fields=None):
        """Seconds taken, status and body of one request."""
        body, headers = None, dict(self.headers)
        if fields is not None:
            fields = {**fields, "csrfmiddlewaretoken": self.token}
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return time.perf_counter() - began, answer.status, text


def session_for(user):
    """A session cookie, made as sign-in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def people():
    from cycles import models as c

    steward = c.Membership.objects.get(role="steward").user
    leader = c.Membership.objects.filter(role="leader").order_by("pk").first().user
    worker = c.Membership.objects.filter(role="caseworker", team__kind="core").order_by("pk").first().user
    return {"steward": steward, "leader": leader, "worker": worker}


def actions(cast):
    from cycles.models import LearningCycle
    from issues.models import Issue

    busy = Issue.objects.filter(number__gt=1000, number__lte=2000, steps__words="Seen again.").first()
    cycle = LearningCycle.objects.visible_to(cast["worker"]).shared().first()
    text = "The letter came before anyone rang, again."

    def new_issue():
        return {"description": text, "cycle": cycle.pk, "client_id": str(uuid.uuid4()), "not_seen_before": "1"}

    return [
        Action("issue log, filtered and sorted", "/issues/?status=open&level=2&order=changed", "/floor/list/", 2, 6),
        Action(
            "the same, as a caseworker", "/issues/?status=open&level=2&order=changed", "/floor/list/", 2, 6, "worker"
        ),
        Action("issue page, ten steps", f"/issues/{busy.ref}/", f"/floor/issue/{busy.number}/", 2, 8),
        Action("raise an issue", "/issues/new/", "/floor/create/", 2.5, 12, "worker", "POST", new_issue, new_issue),
        Action(
            "search, rare word",
            "/issues/search/",
            "/floor/search/?q=zugzwang",
            2,
            6,
            "steward",
            "POST",
            lambda: {"q": "zugzwang"},
        ),
        Action(
            "search, common word",
            "/issues/search/",
            "/floor/search/?q=doctor",
            2,
            6,
            "steward",
            "POST",
            lambda: {"q": "doctor"},
        ),
        Action("overview", "/overview/", "/floor/overview/", 3, 8, "leader"),
        Action("triage", "/triage/", "/floor/list/", 3, 8),
        Action("Today", "/today/", "/floor/list/", 3, 8, "worker"),
        Action("export 10,000 rows", "/issues/export.csv?status=open", "/floor/export/", 2.5, 4),
    ]


def measure(action, cairn, floor, rounds):
    """Alternate requests; give both lists of seconds after a warm-up."""
    ours, theirs = [], []
    for i in range(rounds + 5):
        fields = action.fields() if action.fields else None
        took, status, text = cairn[action.who].ask(action.method, action.cairn, fields)
        if status >= 400:
            raise SystemExit(f"{action.name}: {status} from {action.cairn}\n{text[:800].decode(errors='replace')}")
        floor_fields = action.floor_fields() if action.floor_fields else None
        base, status, _ = floor[action.who].ask("POST" if floor_fields else "GET", action.floor, floor_fields)
        if status >= 400:
            raise SystemExit(f"{action.name}: {status} from the floor")
        if i >= 5:
            ours.append(took)
            theirs.append(base)
    return ours, theirs


def p95(values):
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def queries_of(action, user):
    """How many queries the page takes besides the session and who is asking."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    client.get("/health/live")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.post(action.cairn, action.fields()) if action.fields else client.get(action.cairn)
        if answer.streaming:
            b"".join(answer.streaming_content)
    asking = re.compile(
        r'FROM "(django_session|cycles_user|cycles_membership)"|SAVEPOINT|BEGIN|COMMIT|UPDATE "django_session"'
    )
    return sum(1 for q in seen if not asking.search(q["sql"]))


def throughput(ports, cookies, path, seconds=5, users=8):
    """Requests a second of `users` people asking at once."""
    done, stop = [], time.perf_counter() + seconds

    def person():
        browser = Browser(ports, *cookies)
        while time.perf_counter() < stop:
            browser.ask("GET", path)
            done.append(1)

    threads = [threading.Thread(target=person) for _ in range(users)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return len(done) / seconds


def memory_mib(pid):
    """Proportional memory of a process and its children, in MiB."""
    total = 0
    family = [
        pid,
        *(
            int(p)
            for p in subprocess.run(
                ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
            ).stdout.split()
        ),
    ]
    for one in family:
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    from issues.models import Issue

    cast = people()
    token = (settings.CSRF_COOKIE_NAME, _get_new_csrf_string())
    cookies = {who: session_for(user) for who, user in cast.items()}
    with (
        served("hls.wsgi:application", "hls.settings") as (port, pid),
        served("bench.floor:application", "bench.floor_settings") as (base, _),
    ):
        cairn = {who: Browser(port, cookie, token) for who, cookie in cookies.items()}
        floor = {who: Browser(base, cookie, token) for who, cookie in cookies.items()}
        size = Issue.objects.count()
        print(f"{size:,} issues\n")
        head = f"{'action':32} {'Cairn p50':>10} {'p95':>8} {'floor p50':>10} {'p95':>8} {'p95 ratio':>10} {'goal':>6} {'queries':>8} {'goal':>5}"
        print(head)
        results = []
        for action in actions(cast):
            ours, theirs = measure(action, cairn, floor, options.rounds)
            queries = queries_of(action, cast[action.who])
            ratio = p95(ours) / p95(theirs)
            row = [statistics.median(ours), p95(ours), statistics.median(theirs), p95(theirs)]
            print(
                f"{action.name:32} "
                + " ".join(f"{v * 1000:{w}.1f}" for v, w in zip(row, (10, 8, 10, 8), strict=True))
                + f" {ratio:10.2f} {action.goal:6.1f} {queries:8} {action.queries:5}",
                flush=True,
            )
            results.append({"action": action.name, "ms": [v * 1000 for v in row], "ratio": ratio, "queries": queries})
        listing = "/issues/?status=open&level=2&order=changed"
        ours = throughput(port, (cookies["steward"], token), listing)
        theirs = throughput(base, (cookies["steward"], token), "/floor/list/")
        print(f"\n8 users at once, list: {ours:.0f} a second against {theirs:.0f}: {ours / theirs:.2f} (goal 0.33)")
        print(f"memory of the web process, 2 workers: {memory_mib(pid):.0f} MiB (goal 180)")
        if options.json:
            Path(options.json).write_text(json.dumps({"issues": size, "results": results}, indent=1))


if __name__ == "__main__":
    main()
