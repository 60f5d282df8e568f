"""`manage.py up`: everything Cairn needs, started and kept alive until it's told to stop."""

import argparse
import datetime
import http.client
import json
import os
import signal
import sys
import time

from . import database, processes, say, settings
from .postgres import port_is_free
from .services import Services
from .state import write_private
from .supervisor import Child, Supervisor

READY_WITHIN = 120


def options(words):
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Cairn and keep it running.")
    parser.add_argument("--host", default=os.environ.get("HOST_ADDRESS", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000", help="port to listen on")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    return parser.parse_args(words)


def _port(word):
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise argparse.ArgumentTypeError(f"{word} is not a port; use a number from 1 to 65535")
    return int(word)


# Before anything is made: is there a reason not to start?


def check(installation, chosen):
    """Stop here, before minutes of work, if Cairn runs already or the port is taken."""
    if not installation.exists():
        return check_port(chosen)
    with installation.lock("up", wait=False) as alone:
        if alone is None:
            raise already_running(installation)
        end_leftovers(installation)
        return check_port(chosen)


def already_running(installation):
    facts = running_facts(installation)
    if not facts.get("address"):
        return say.Stop("Cairn is already starting in another process. Look: python3 manage.py status")
    where = f"Cairn is already running at {facts['address']}/ (process {facts['pid']}, since {facts['since']})."
    return say.Stop(where, "Stop it with: python3 manage.py down")


def check_port(chosen):
    if not port_is_free(chosen.port, chosen.host):
        raise say.Stop(
            f"Port {chosen.port} is taken by another program.",
            f"Choose another: python3 manage.py up --port {min(chosen.port + 1, 65535)}   (or set PORT)",
        )


def facts_file(installation):
    return installation.folder / "up.json"


def running_facts(installation):
    """What the running supervisor wrote down about itself; empty if there is none."""
    try:
        facts = json.loads(facts_file(installation).read_text())
    except (OSError, ValueError):
        return {}
    return facts if processes.is_same(facts.get("pid"), facts.get("born")) else {}


def end_leftovers(installation):
    """Children of a supervisor that was killed: the system has told them to end; see that they did."""
    try:
        left = json.loads(facts_file(installation).read_text()).get("children", [])
    except (OSError, ValueError):
        return
    for child in left:
        if processes.is_same(child["pid"], child["born"]):
            processes.send(child["pid"], signal.SIGTERM)
            if not processes.wait_gone(child["pid"], child["born"], 20):
                processes.send(child["pid"], signal.SIGKILL)


# The run itself.


class Run:
    def __init__(self, project, installation, chosen):
        self.project, self.installation, self.chosen = project, installation, chosen
        self.services = Services(installation)
        self.address = settings.address(chosen.host, chosen.port)
        self.supervisor = Supervisor(self.write_facts)
        self.since = datetime.datetime.now().strftime("%H:%M on %d %b")
        self.environ = {}

    def write_facts(self, children):
        """For `status`, `down` and the next start."""
        pid = os.getpid()
        facts = {"pid": pid, "born": processes.born(pid), "address": self.address, "since": self.since}
        facts["children"] = [child.facts() for child in children]
        write_private(facts_file(self.installation), json.dumps(facts))

    def start(self):
        began = time.monotonic()
        self.supervisor.listen()
        self.write_facts([])
        for server in self.services.take_over().servers:
            self.supervisor.add(self._server(server))
        self.environ = settings.variables(
            self.installation, self.services, host=self.chosen.host, port=self.chosen.port
        )
        database.migrate(self.project, self.installation, self.services, self.environ)
        if not self.chosen.no_demo:
            database.load_demo(self.project, self.installation, self.services, self.environ)
        web, *others = self.programs()
        self.supervisor.add(web.start())
        fault = self._until_ready()
        if fault is None and not self.supervisor.asked_to_stop:
            # Only now: on a small machine they would take their time from the first page.
            for program in others:
                self.supervisor.add(program.start())
            self.greet(began)
        return fault

    def _until_ready(self):
        limit = time.monotonic() + READY_WITHIN
        fault = self.supervisor.watch(until=lambda: is_ready(self.chosen) or time.monotonic() > limit)
        if fault is None and time.monotonic() > limit:
            return f"Cairn was not ready after {READY_WITHIN} s. {self.address}/health/ready says what is missing."
        return fault

    def _server(self, server):
        def spawn():
            if hasattr(server, "clear_stale_pid_file"):
                server.clear_stale_pid_file()
            return server.spawn()

        return Child(server.name, spawn, server.log_text, may_fail=6, is_server=True).adopt(server.process)

    def programs(self):
        """Web, worker and beat, in the order they start."""
        bind = f"[{self.chosen.host}]" if ":" in self.chosen.host else self.chosen.host
        celery = ("-m", "celery", "-A", "hls.celery:app")
        quiet = ("--loglevel", "WARNING")
        return [
            self._program(
                "web",
                # Loaded once and then forked: one reading of the code instead of two.
                *("-m", "gunicorn", "hls.wsgi", "--preload", "-k", "gthread", "-w", "2", "--threads", "4"),
                *("-b", f"{bind}:{self.chosen.port}", "--timeout", "60", "--graceful-timeout", "10"),
                "--no-control-socket",
                may_fail=4,
            ),
            self._program(
                "worker",
                *(*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", *quiet),
                # Asked politely, it would wait for a broker that ends with us; what is cut off is done again.
                dies_with=signal.SIGKILL,
            ),
            self._program("beat", *celery, "beat", "-s", str(self.installation.folder / "beat"), *quiet),
        ]

    def _program(self, name, *words, may_fail=None, dies_with=signal.SIGTERM):
        log_path = self.installation.log(name)

        def spawn():
            with open(log_path, "ab") as log:
                return processes.start(
                    [sys.executable, *words],
                    env=settings.without_owner(self.environ),
                    log=log,
                    cwd=self.project,
                    dies_with=dies_with,
                )

        def log_text():
            return log_path.read_text(errors="replace") if log_path.exists() else ""

        return Child(name, spawn, log_text, may_fail=may_fail)

    def greet(self, began):
        say.plain()
        say.plain(f"Cairn is ready after {say.seconds(began)}. Open  {self.address}/")
        if settings.listens_everywhere(self.chosen.host):
            say.plain(f"From other machines it is reached at port {self.chosen.port}, by the names in ALLOWED_HOSTS:")
            say.plain(f"  {self.environ['ALLOWED_HOSTS']}")
        people = (self.installation.notes().get("demo") or []) if self.services.postgres else []
        shown = one_per_role(people)
        for row in sign_in_rows(shown):
            say.plain(row)
        if len(people) > len(shown):
            say.plain(f"  and {len(people) - len(shown)} more, whom  python3 manage.py status  shows")
        say.plain()
        if "MAIL_URL" not in os.environ:
            say.plain(f"Mail it sends is kept in  {self.installation.folder / 'mail'}")
        say.plain(f"Logs are in               {self.installation.folder / 'log'}")
        say.plain("Stop it with Ctrl-C here, or elsewhere with: python3 manage.py down")

    def stop(self):
        """Programs first, then the servers they use, so that nothing is cut off half-way."""
        say.line("Stopping…")
        self.supervisor.stop()
        self.services.stop(wait=False)
        facts_file(self.installation).unlink(missing_ok=True)
        say.line("Stopped. Your data is kept.")


def one_per_role(people):
    first = {}
    for person in people:
        first.setdefault(person.get("role"), person)
    return list(first.values())


def sign_in_rows(people):
    if not people:
        return
    yield ""
    yield "Who can sign in (demo people, with passwords made for this installation only):"
    columns = [("role", "Role"), ("name", "Name"), ("email", "E-mail"), ("password", "Password")]
    table = [[title for _, title in columns]]
    table += [[str(person.get(key, "")) for key, _ in columns] for person in people]
    widths = [max(len(row[at]) for row in table) for at in range(len(columns))]
    for row in table:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def is_ready(chosen):
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(chosen.host, chosen.host)
    line = http.client.HTTPConnection(host, chosen.port, timeout=5)
    try:
        line.request("GET", "/health/ready")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def up(project, installation, words):
    chosen = options(words)
    installation.make()
    with installation.lock("up", wait=False) as alone:
        if alone is None:
            raise already_running(installation)
        end_leftovers(installation)
        check_port(chosen)
        run = Run(project, installation, chosen)
        try:
            fault = run.start() or run.supervisor.watch()
        finally:
            run.stop()
    if fault:
        raise say.Stop(fault)
    return 0
