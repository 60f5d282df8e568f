"""Measure named pages against the floor in one run and print the goal table of the product.

    python -m bench.run            # against the database of DATABASE_URL, filled by bench.generate
    python -m bench.run --rounds 60 --json results.json

Cairn and the floor run side by side, two workers of four threads each; requests alternate between them, so a busy
machine slows both. Quote ratios, not milliseconds.
"""

import argparse
import contextlib
import gzip
import http.client
import itertools
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
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import urlencode

import django

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Action:
    """One thing a person does: how Cairn is asked, how the floor is asked, and what we mean to reach."""

    name: str
    cairn: object  # an address, or what makes one
    floor: str
    goal: float  # p95 of Cairn over p95 of the floor
    queries: int
    who: str = "steward"
    fields: object = None  # what is posted, made anew each time; without it the page is asked for
    floor_fields: object = None

    def ask(self):
        """Address and fields of one request to Cairn."""
        return self.cairn() if callable(self.cairn) else self.cairn, self.fields() if self.fields else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@cache
def as_released():
    """The environment of a process without the tools of whoever develops: structlog for one reads rich where it is."""
    listed = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    released = {canonical(name) for name in listed}
    tools = [top for top, of in packages_distributions().items() if not released & set(map(canonical, of))]
    return {**os.environ, "NOT_RELEASED": ",".join(tools), "PYTHONPATH": str(ROOT / "bench" / "released")}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@contextlib.contextmanager
def served(app, settings):
    port = free_port()
    env = {**as_released(), "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-m", "gunicorn", app, "--preload", "-b", f"127.0.0.1:{port}", "-k", "gthread", "-w", "2", "--threads", "4",
               "--keep-alive", "900", "--log-level", "error"]  # fmt: skip
    process = subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)
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


def session_for(user, backend=None):
    """A session cookie, made as sign-in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), backend or settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def people():
    from cycles import models as c

    steward = c.Membership.objects.get(role="steward").user
    leader = c.Membership.objects.filter(role="leader").order_by("pk").first().user
    worker = c.Membership.objects.filter(role="caseworker", team__kind="core").order_by("pk").first().user
    return {"steward": steward, "leader": leader, "worker": worker}


def a_debrief(cast):
    """One to come in the caseworker's team, with notes begun; made anew for each share."""
    from django.utils import timezone

    from cycles.models import LearningCycle
    from debriefs.record.models import Debrief

    team = cast["worker"].rights.memberships[0].team
    cycle = LearningCycle.objects.filter(team=team).first()
    return Debrief.objects.create(place=team.place, team=team, cycle=cycle, planned_for=timezone.now())


def clear_away():
    """What the last run wrote down for the debriefs of this one."""
    from debriefs.record.models import Contribution, Debrief, DebriefAnswer

    ours = Debrief.objects.exclude(state=Debrief.State.WRITTEN_UP)
    DebriefAnswer.objects.filter(debrief__in=ours).delete()
    Contribution.objects.filter(debrief__in=ours).delete()
    ours.delete()


TEXT = "The letter about the rent came before anyone rang, again."


def actions(cast):
    from cycles.models import LearningCycle
    from issues.models import Issue

    busy = Issue.objects.filter(number__gt=1000, number__lte=2000, steps__words="Seen again.").first()
    cycle = LearningCycle.objects.visible_to(cast["worker"]).shared().first()
    group = cast["leader"].rights.memberships[0].team
    writing = a_debrief(cast)
    counter = itertools.count(1)
    list_of = "/issues/?status=open&level=sys"

    def new_issue():
        return {"description": TEXT, "cycle": cycle.pk, "client_id": str(uuid.uuid4()), "level": "2"}

    def notes():
        n = next(counter)
        return {"now": f"{TEXT} {n}", "learn": "We rang them first.", "writer": "bench", "seq": n, "revision": 0}

    def floor_issue():
        return {"description": TEXT}

    def look_for(words):
        return lambda: {"q": words}

    def share():
        return f"/debriefs/{a_debrief(cast).pk}/write/"

    return [
        Action("issue log, filtered and sorted", list_of, "/floor/list/", 2, 6),
        Action("the same, as a caseworker", list_of, "/floor/list/", 2, 6, "worker"),
        Action("the same, as a leader", list_of, "/floor/list/", 2, 6, "leader"),
        Action("a rare match, as a caseworker", "/issues/?level=macro&owner=team", "/floor/list/", 2, 6, "worker"),
        Action("open longest, as a caseworker", "/issues/?order=longest", "/floor/list/", 2, 6, "worker"),
        Action("new normal, as a leader", "/issues/?view=new-normal", "/floor/list/", 2, 6, "leader"),
        Action("issue page, ten steps", f"/issues/{busy.ref}/", f"/floor/issue/{busy.number}/", 2, 8),
        Action("raise an issue", "/issues/new/", "/floor/create/", 2.5, 12, "worker", new_issue, floor_issue),
        Action("save a draft", f"/debriefs/{writing.pk}/draft/", "/floor/create/", 2.5, 12, "worker", notes, floor_issue),
        Action("share a debrief", share, "/floor/create/", 2.5, 12, "worker", lambda: notes() | {"action": "share"}, floor_issue),
        Action("search, rare word", "/issues/", "/floor/search/?q=zugzwang", 2, 6, "steward", look_for("zugzwang")),
        Action("search, common word", "/issues/", "/floor/search/?q=doctor", 2, 6, "steward", look_for("doctor")),
        Action("search, as a caseworker", "/issues/", "/floor/search/?q=doctor", 2, 6, "worker", look_for("doctor")),
        Action("search, misspelt", "/issues/", "/floor/search/?q=doctor", 2, 6, "steward", look_for("docter")),
        Action("what is stuck", "/issues/stuck/", "/floor/overview/", 3, 8),
        Action("waiting on a reply", "/issues/?view=waiting", "/floor/list/", 2, 6),
        Action("review passed, as a caseworker", "/issues/?view=review", "/floor/list/", 2, 6, "worker"),
        Action("nobody owns it, as a caseworker", "/issues/?view=no-owner", "/floor/list/", 2, 6, "worker"),
        Action("page of a group", group.get_absolute_url(), "/floor/list/", 3, 8, "leader"),
        Action("similar issues", "/issues/similar/", "/floor/search/?q=doctor", 2, 6, "worker", floor_issue),
        Action("overview", "/overview/", "/floor/overview/", 3, 8, "leader"),
        Action("decisions", "/decisions/", "/floor/overview/", 3, 8, "leader"),
        Action("triage", "/triage/", "/floor/list/", 3, 8),
        Action("Today", "/today/", "/floor/list/", 3, 8, "worker"),
        Action("debriefs", "/debriefs/", "/floor/list/", 3, 8, "worker"),
        Action("search in debriefs", "/debriefs/search/", "/floor/search/?q=doctor", 2, 6, "worker", look_for("doctor")),
        Action("export of a cycle", f"/issues/export.csv?cycle={cycle.pk}", f"/floor/export/?cycle={cycle.pk}", 2.5, 4),
    ]  # fmt: skip


WARM = 5
FLOOR_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"  # the floor signs in as bare Django does


def measure(action, cairn, floor, rounds):
    """Alternate requests; give both lists of seconds after a warm-up, and the size of what Cairn answered."""
    ours, theirs = [], []
    # A long answer is asked for less often.
    for i in range(WARM + (rounds if "export" not in action.name else max(5, rounds // 8))):
        address, fields = action.ask()
        took, status, text = cairn[action.who].ask("POST" if fields else "GET", address, fields)
        if status >= 400:
            raise SystemExit(f"{action.name}: {status} from {address}\n{text[:800].decode(errors='replace')}")
        floor_fields = action.floor_fields() if action.floor_fields else None
        base, status, _ = floor[action.who].ask("POST" if floor_fields else "GET", action.floor, floor_fields)
        if status >= 400:
            raise SystemExit(f"{action.name}: {status} from the floor")
        if i >= WARM:
            ours.append(took)
            theirs.append(base)
    return ours, theirs, text


def p95(values):
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


# Between the reads of a page; and the reads that begin it, as they are first and as they are once their plan is kept.
AROUND = re.compile(r'SAVEPOINT|BEGIN|COMMIT|FETCH|CLOSE|SET CONSTRAINTS|UPDATE "django_session"')
TOGETHER = re.compile('; (?=EXECUTE "|SELECT )')  # several that were sent in one trip
WHO_ASKS = re.compile(r'(FROM|EXECUTE) "(django_session|cycles_user|cycles_membership)[" ]')


def queries_of(action, user):
    """How many queries the page takes besides the session and who is asking, which it begins with."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    client.get("/health/live")
    address, fields = action.ask()
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(address, fields) if fields else client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    told = [sql for q in seen for sql in TOGETHER.split(q["sql"]) if not AROUND.search(sql)]
    return sum(1 for _ in itertools.dropwhile(WHO_ASKS.search, told))


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


IMPORTED = re.compile(rb'from *"(\./[\w./-]+\.js)"|import *"(\./[\w./-]+\.js)"')
LINKED = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def weight(browser, path):
    """Bytes of a page with nothing kept, and of the page alone; both as a server that compresses sends them."""
    page = browser.ask("GET", path)[2]
    parts = {part.decode(): browser.ask("GET", part.decode())[2] for part in set(LINKED.findall(page))}
    # And what the scripts ask for in turn. Faces of type that are not preloaded are not counted.
    for name, text in list(parts.items()):
        if name.endswith(".js"):
            for inner in IMPORTED.findall(text):
                address = os.path.normpath(os.path.join(os.path.dirname(name), (inner[0] or inner[1]).decode()))
                parts.setdefault(address, browser.ask("GET", address)[2])
    sizes = {name: len(text) if name.endswith((".woff2", ".png")) else packed(text) for name, text in parts.items()}
    return packed(page) + sum(sizes.values()), packed(page), sizes


def packed(text):
    return len(gzip.compress(text, 6))


@contextlib.contextmanager
def running(*command):
    """A worker or a beat beside the pages, for its memory alone."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=as_released(),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(8)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json")
    parser.add_argument("--only", help="part of an action's name")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")
    django.setup()
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    from issues.models import Issue

    cast = people()
    clear_away()
    token = (settings.CSRF_COOKIE_NAME, _get_new_csrf_string())
    cookies = {who: session_for(user) for who, user in cast.items()}
    of_floor = {who: session_for(user, FLOOR_BACKEND) for who, user in cast.items()}
    with (
        served("hls.wsgi:application", "hls.settings") as (port, pid),
        served("bench.floor:application", "bench.floor_settings") as (base, _),
    ):
        cairn = {who: Browser(port, cookie, token) for who, cookie in cookies.items()}
        floor = {who: Browser(base, cookie, token) for who, cookie in of_floor.items()}
        size = Issue.objects.count()
        print(f"{size:,} issues\n{HEAD}")
        results = []
        for action in actions(cast):
            if options.only and options.only not in action.name:
                continue
            ours, theirs, _ = measure(action, cairn, floor, options.rounds)
            queries = queries_of(action, cast[action.who])
            row = [v * 1000 for v in (statistics.median(ours), p95(ours), statistics.median(theirs), p95(theirs))]
            middle, ratio = row[0] / row[2], row[1] / row[3]
            print(
                f"{action.name:32} {row[0]:9.1f} {row[1]:7.1f} {row[2]:9.1f} {row[3]:7.1f} {middle:8.2f} {ratio:8.2f}"
                f" {action.goal:5.1f} {queries:8} {action.queries:5}{'  missed' if ratio > action.goal else ''}",
                flush=True,
            )
            results.append({"action": action.name, "ms": row, "p50": middle, "p95": ratio, "queries": queries})
        if not options.only or options.only == "the rest":
            the_rest(port, pid, base, cookies["steward"], of_floor["steward"], token, cairn)
        if options.json:
            Path(options.json).write_text(json.dumps({"issues": size, "results": results}, indent=1))
    clear_away()


HEAD = (
    f"{'action':32} {'Cairn p50':>9} {'p95':>7} {'floor p50':>9} {'p95':>7} {'p50 rat.':>8} {'p95 rat.':>8}"
    f" {'goal':>5} {'queries':>8} {'goal':>5}"
)


def the_rest(port, pid, base, cookie, of_floor, token, cairn):
    listing = "/issues/?status=open&level=sys"
    ours = throughput(port, (cookie, token), listing)
    theirs = throughput(base, (of_floor, token), "/floor/list/")
    print(f"\n8 users at once, list: {ours:.0f} a second against {theirs:.0f}: {ours / theirs:.2f} (goal 0.33)")
    print(f"memory of the web process, 2 workers: {memory_mib(pid):.0f} MiB (goal 180)")
    for name, goal, command in (
        ("worker", 200, ["celery", "-A", "hls", "worker", "-c", "2"]),
        ("beat", 120, ["celery", "-A", "hls", "beat", "-s", f"/tmp/cairn-bench-beat-{os.getpid()}"]),
    ):
        with running(*command) as one:
            print(f"memory of the {name}: {memory_mib(one):.0f} MiB (goal {goal})")
    for path, who in (("/today/", "worker"), ("/issues/", "worker"), ("/overview/", "leader")):
        first, after, _ = weight(cairn[who], path)
        print(f"weight of {path}: {first / 1024:.0f} KB first (goal 100), {after / 1024:.1f} KB after (goal 20)")


if __name__ == "__main__":
    main()
