"""`manage.py up` as people meet it: started, stopped, killed, started twice. Each start is real, so they are few."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from hls.boot.postgres import Postgres
from hls.boot.state import Installation
from hls.boot.up import running_facts
from tests.boot.running import PROJECT, Up, environment, manage, wait_until

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def first_up(open_folder):
    """The very first start of an installation: cluster, roles, tables, programs."""
    with Up(open_folder) as up:
        yield up


def sql(state, text):
    """As the owner, through the running server."""
    answer = Postgres(Installation(PROJECT, state), "dev").psql(text, role="owner", database="cairn")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def test_up_second_start_says_where_the_first_is(first_up):
    second = manage(first_up.state, "up", "--port", str(first_up.port))
    assert second.returncode == 1
    where = f"Cairn is already running at http://127.0.0.1:{first_up.port}/ (process {first_up.process.pid}"
    assert where in second.stderr
    assert first_up.is_ready()


def test_up_gives_the_web_no_way_to_own_the_tables(first_up):
    for pid in first_up.pids("gunicorn|celery"):
        with open(f"/proc/{pid}/environ") as variables:
            names = {pair.partition("=")[0] for pair in variables.read().split("\0")}
        assert "DATABASE_URL" in names
        assert "DATABASE_OWNER_URL" not in names


def test_command_uses_the_servers_that_run(first_up):
    answer = by_hand(first_up.state, "from django.db import connection as c; c.ensure_connection(); print(c.vendor)")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "postgresql"
    assert "already running" in answer.stderr
    assert first_up.is_ready()


def test_up_killed_leaves_no_orphan(first_up):
    sql(first_up.state, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    first_up.remember()
    first_up.process.kill()
    first_up.process.wait()
    wait_until(lambda: not first_up.survivors(), 120, why=first_up.survivors)


def test_command_starts_servers_for_itself_and_stops_them(first_up):
    answer = by_hand(first_up.state, "from django.db import connection as c; c.ensure_connection(); print(c.vendor)")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "postgresql"
    assert "it stops when the command ends" in answer.stderr
    assert Postgres(Installation(PROJECT, first_up.state), "dev").running_pid() is None


def test_up_taken_port_says_so(first_up):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = manage(first_up.state, "up", "--port", str(port))
    assert answer.returncode == 1
    assert f"Port {port} is taken by another program." in answer.stderr
    assert "--port" in answer.stderr
    assert "PORT" in answer.stderr


@pytest.fixture(scope="module")
def second_up(first_up):
    """The same installation, after the first was killed."""
    with Up(first_up.state) as up:
        yield up


def test_up_after_a_kill_has_every_row_and_brings_back_what_dies(second_up):
    assert sql(second_up.state, "SELECT count(*) FROM kept") == "1000"
    brings_back_what_dies(second_up)
    assert sql(second_up.state, "SELECT count(*) FROM kept") == "1000"
    second_up.remember()


def brings_back_what_dies(up):
    """Web, worker and database are ended by force; each comes back, and its old children don't stay."""
    for child in running_facts(Installation(PROJECT, up.state))["children"]:
        if child["name"] in ("web", "worker", "PostgreSQL"):
            os.kill(child["pid"], signal.SIGKILL)
    for name in ("web", "worker", "PostgreSQL"):
        up.wait_for(f"{name} ended (by SIGKILL)")
    wait_until(lambda: up.is_ready() and len(up.pids("celery.* worker")) == 3, 180, why=up.words)
    # The old ones' children follow their masters: whoever of them lives belongs to no running family.
    now = set(up.pids(""))
    wait_until(lambda: not [one for one in up.survivors() if int(one.split()[0]) not in now], 120, why=up.survivors)


def test_down_stops_everything_and_status_says_so(second_up):
    running = manage(second_up.state, "status")
    assert running.returncode == 0
    assert f"Cairn runs at http://127.0.0.1:{second_up.port}/" in running.stdout
    assert len(second_up.everyone) > 10
    assert manage(second_up.state, "down").returncode == 0
    assert second_up.process.wait(60) == 0
    wait_until(lambda: not second_up.survivors(), 60, why=second_up.survivors)
    stopped = manage(second_up.state, "status")
    assert stopped.returncode == 3
    assert "Cairn isn't running." in stopped.stdout


def test_reset_asks_and_then_deletes_everything(open_folder):
    state = open_folder.with_name("to be deleted")
    Installation(PROJECT, state).make().secrets()
    unasked = manage(state, "reset")
    assert unasked.returncode == 1
    assert "There is nobody to ask here" in unasked.stderr
    assert Installation(PROJECT, state).notes()["secrets"]
    assert manage(state, "reset", "--yes").returncode == 0
    assert not state.exists()
    assert "nothing to delete" in manage(state, "reset", "--yes").stderr


def test_up_stopped_while_it_is_still_starting_leaves_nothing(open_folder):
    up = Up(open_folder.with_name("half-way"))
    try:
        up.wait_for("Bringing the database up to date")
        wait_until(lambda: up.pids("manage.py migrate"), 60, why=up.words)
        up.remember()
        assert len(up.everyone) > 5
        up.process.send_signal(signal.SIGHUP)  # a closed terminal
        assert up.process.wait(180) == 130
        wait_until(lambda: not up.survivors(), 60, why=up.survivors)
        assert "Stopped. Your data is kept." in up.words()
    finally:
        up.__exit__()


def by_hand(state, python):
    """A Django command as manage.py runs it, but for making the environment."""
    script = (
        "import sys; from pathlib import Path; from hls.boot import command, state;"
        "command.run(Path('.').resolve(), state.Installation('.'), ['manage.py', 'shell', '-v0', '-c', sys.argv[1]])"
    )
    return subprocess.run(
        [sys.executable, "-c", script, python],
        cwd=PROJECT,
        env=environment(state),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
