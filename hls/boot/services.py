"""The embedded servers that a run needs, and who is using them."""

import contextlib
import os
import time

from . import say
from .postgres import Postgres
from .valkey import Valkey


class Services:
    """PostgreSQL and Valkey of one cluster, except those that the environment names.

    Whoever starts a server is its parent: it ends when they end. Others may use it meanwhile;
    each holds a shared lock, so that an orderly end can wait for them.
    """

    def __init__(self, installation, cluster="dev", *, durable=True, environ=None):
        self.installation = installation
        self.cluster = cluster
        environ = os.environ if environ is None else environ
        self.postgres = self.valkey = None
        if not environ.get("DATABASE_URL"):
            self.postgres = Postgres(installation, cluster, durable=durable)
        if not environ.get("REDIS_URL"):
            self.valkey = Valkey(installation, cluster, durable=durable)
        self.started = []
        self._using = None

    @property
    def servers(self):
        return [server for server in (self.postgres, self.valkey) if server]

    def addresses(self):
        """What to add to the environment of whoever uses these servers."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url("app")
            found["DATABASE_OWNER_URL"] = self.postgres.url("owner")
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url()
        return found

    # Use.

    def start(self):
        """Start what is needed and not there yet. Any number of processes may call this at once."""
        if not self.servers:
            return self
        self._hold()
        with self.installation.lock(f"{self.cluster}-start"):
            for server in self.servers:
                self._start(server)
        return self

    def _start(self, server):
        if server.adopt():
            return
        # One that is there and doesn't answer is on its way out: its parent has just ended.
        server.stop()
        self.started.append(server)
        server.start()

    def take_over(self):
        """Start all of it as our own, for the one supervisor. Waits for commands that use it now."""
        if not self.servers:
            return self
        with contextlib.ExitStack() as stack:
            self._alone(stack, "Another Cairn command is using the embedded servers; waiting for it to end…")
            with self.installation.lock(f"{self.cluster}-start"):
                for server in self.servers:
                    server.stop()
                    self.started.append(server)
                    server.start()
        self._hold()
        return self

    def stop(self, *, wait=True):
        """Stop what we started; with `wait`, only when nobody else uses it any more."""
        self._release()
        with contextlib.ExitStack() as stack:
            if wait and self.started:
                self._alone(stack, "Another Cairn command still uses the embedded servers; waiting for it to end…")
            for server in reversed(self.started):
                server.stop()
        self.started = []

    def stop_all(self):
        """Stop whatever runs on this installation's data, whoever started it."""
        stopped = [server for server in self.servers if server.running_pid()]
        for server in stopped:
            server.stop()
        return stopped

    def _hold(self):
        self._using = contextlib.ExitStack()
        self._using.enter_context(self.installation.lock(f"{self.cluster}-use", shared=True))

    def _release(self):
        if self._using:
            self._using.close()
            self._using = None

    def _alone(self, stack, why):
        name = f"{self.cluster}-use"
        if stack.enter_context(self.installation.lock(name, wait=False)) is None:
            say.line(why)
            stack.enter_context(self.installation.lock(name))


@contextlib.contextmanager
def running(services):
    """The servers for as long as a block takes."""
    services.start()
    try:
        yield services
    finally:
        services.stop()


def wait_until(true, within, every=0.05):
    limit = time.monotonic() + within
    while not true():
        if time.monotonic() > limit:
            return False
        time.sleep(every)
    return True
