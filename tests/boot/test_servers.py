"""The embedded servers, started for real, in every state a machine may leave them in."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from hls.boot import processes
from hls.boot.services import Services, running
from hls.boot.state import Installation
from tests.boot.running import PROJECT, environment, wait_until

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def place(open_folder):
    return Installation(PROJECT, open_folder).make()


def services(place):
    return Services(place, "dev", environ={})


def query(servers, text, role="owner"):
    answer = servers.postgres.psql(text, role=role, database="cairn")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def refused(servers, text, role="app"):
    answer = servers.postgres.psql(text, role=role, database="cairn")
    assert answer.returncode != 0, f"{role} may: {text}"
    return answer.stderr


def test_servers_start_in_a_path_with_a_space_and_stop(place):
    with running(services(place)) as servers:
        assert " " in str(servers.postgres.data)
        assert servers.postgres.answers()
        assert servers.valkey.answers()
        pids = [server.running_pid() for server in servers.servers]
    assert [processes.born(pid) for pid in pids] == [None, None]


def test_postgres_app_role_owns_and_alters_nothing(place):
    with running(services(place)) as servers:
        query(
            servers,
            "DROP TABLE IF EXISTS things; CREATE TABLE things (n int); GRANT SELECT, INSERT ON things TO cairn_app",
        )
        query(servers, "INSERT INTO things VALUES (1)", role="app")
        for attempt in (
            "DROP TABLE things",
            "ALTER TABLE things ADD m int",
            "TRUNCATE things",
            "DELETE FROM things",
            "CREATE TABLE more (n int)",
            "CREATE ROLE friend",
            "CREATE DATABASE other",
            "SET session_replication_role = replica",
        ):
            assert "permission denied" in refused(servers, attempt) or "must be owner" in refused(servers, attempt)
        assert query(servers, "SELECT count(*) FROM things") == "1"


def test_postgres_owner_is_no_superuser_and_makes_databases_only_for_tests(place):
    with running(services(place)) as servers:
        assert query(servers, "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = 'cairn_owner'") == "f|f"
        assert "permission denied" in refused(servers, "CREATE DATABASE other", role="owner")
    with running(Services(place, "test", durable=False, environ={})) as servers:
        assert query(servers, "CREATE DATABASE other") == ""
        assert "permission denied" in refused(servers, "CREATE DATABASE more")


@pytest.mark.parametrize("content", ["", "\x00\x00garbage", "{stranger}", "{dead}"])
def test_postgres_starts_over_a_left_pid_file(place, content):
    """Empty, cut off, naming another program's process (as after a restart of a container), naming nobody."""
    with running(services(place)) as servers:
        data = servers.postgres.data
        lines = servers.postgres.pid_file().read_text().splitlines()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    first = content.format(stranger=os.getpid(), dead=dead.pid)
    whole = "\n".join([first, *lines[1:]]) if "{" in content else first
    (data / "postmaster.pid").write_text(whole)
    with running(services(place)) as servers:
        assert query(servers, "SELECT 1") == "1"


def test_postgres_killed_keeps_every_committed_row(place):
    with running(services(place)) as servers:
        query(servers, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT generate_series(1, 5000) AS n")
        os.kill(servers.postgres.process.pid, signal.SIGKILL)
        servers.postgres.process.wait()
    with running(services(place)) as servers:
        assert query(servers, "SELECT count(*), sum(n) FROM kept") == "5000|12502500"


def test_valkey_killed_keeps_what_it_was_given(place):
    with running(services(place)) as servers:
        client(servers, "SET", "kept", "yes")
        wait_until(lambda: client(servers, "WAITAOF", "1", "0", "2000").startswith("*2"), 60)
        os.kill(servers.valkey.process.pid, signal.SIGKILL)
        servers.valkey.process.wait()
    with running(services(place)) as servers:
        assert "yes" in client(servers, "GET", "kept")


def client(servers, *words):
    """One Valkey command over a plain line."""
    password = servers.installation.secrets()["valkey"]
    with socket.create_connection(("127.0.0.1", servers.valkey.known_port()), 60) as line:
        line.sendall(f"AUTH {password}\r\n{' '.join(words)}\r\n".encode())
        line.settimeout(60)
        heard = b""
        # The first line answers AUTH, the rest the command.
        while not (rest := heard.partition(b"\r\n")[2]).endswith(b"\r\n"):
            heard += line.recv(1000)
        return rest.decode()


START = """
import sys
from hls.boot.services import Services
from hls.boot.state import Installation
servers = Services(Installation(".", sys.argv[1]), "dev", environ={}).start()
print(servers.postgres.running_pid(), servers.valkey.running_pid(), len(servers.started), flush=True)
sys.stdin.read()
servers.stop()
"""


def test_five_starts_at_once_give_one_of_each(place):
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(place.folder)],
            cwd=PROJECT,
            env=environment(place.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(5)
    ]
    said = [start.stdout.readline().split() for start in starts]
    assert len({tuple(words[:2]) for words in said}) == 1
    assert sorted(words[2] for words in said) == ["0", "0", "0", "0", "2"]
    # The one who started them is told first, and waits for the others.
    for start in sorted(starts, key=lambda start: said[starts.index(start)][2], reverse=True):
        start.stdin.close()
    for start in starts:
        assert start.wait(180) == 0
        start.stdout.close()
    assert processes.born(int(said[0][0])) is None


def test_servers_named_by_the_environment_are_not_started(place):
    named = Services(place, environ={"DATABASE_URL": "postgresql://a@b/c", "REDIS_URL": "redis://d/0"})
    assert named.servers == []
    assert named.start().addresses() == {}
    half = Services(place, environ={"DATABASE_URL": "postgresql://a@b/c"})
    assert [server.name for server in half.servers] == ["Valkey"]
    assert set(half.addresses()) == {"REDIS_URL"}
