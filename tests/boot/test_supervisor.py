"""The supervisor with children that do nothing, so that each way to end can be tried quickly."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hls.boot import processes, say
from hls.boot.supervisor import Child, Supervisor, how
from tests.boot.running import PROJECT, family_of, wait_until

SUPERVISE = """
import subprocess, sys
from hls.boot import processes
from hls.boot.supervisor import Child, Supervisor

def sleeper():
    return processes.start([sys.executable, "-c", "import time; time.sleep(600)"], env={}, log=subprocess.DEVNULL)

supervisor = Supervisor()
supervisor.listen()
for name in ("one", "two"):
    supervisor.add(Child(name, sleeper, lambda: "").start())
supervisor.watch(until=lambda: print("up", flush=True) or True)
supervisor.watch()
supervisor.stop()
print("stopped", flush=True)
"""


@pytest.fixture
def supervised():
    """A supervisor of two sleepers in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISE], cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout.readline() == "up\n"
        children = {pid: processes.born(pid) for pid in family_of(process.pid) if pid != process.pid}
        assert len(children) == 2
        yield process, children
        process.kill()


def alive(children):
    return [pid for pid, born in children.items() if processes.is_same(pid, born)]


@pytest.mark.drill
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_supervisor_signal_ends_children_in_order(supervised, number):
    process, children = supervised
    process.send_signal(number)
    assert process.wait(60) == 0
    assert process.stdout.read() == "stopped\n"
    assert alive(children) == []


@pytest.mark.drill
def test_supervisor_killed_takes_children_along(supervised):
    process, children = supervised
    process.kill()
    process.wait(60)
    wait_until(lambda: alive(children) == [], 60)


@pytest.mark.drill
def test_child_without_the_death_signal_would_stay():
    """The control: the same kill leaves an orphan when the protection is off."""
    script = SUPERVISE.replace("import subprocess, sys", "import subprocess, sys", 1).replace(
        "from hls.boot import processes\n", "from hls.boot import processes\nprocesses._libc = None\n", 1
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout.readline() == "up\n"
        children = {pid: processes.born(pid) for pid in family_of(process.pid) if pid != process.pid}
        process.kill()
        process.wait(60)
        time.sleep(1)
        assert len(alive(children)) == 2
        for pid in alive(children):
            processes.send(pid, signal.SIGKILL)


def failing():
    return processes.start([sys.executable, "-c", "raise SystemExit(7)"], env={}, log=subprocess.DEVNULL)


def test_supervisor_gives_up_on_a_child_that_keeps_dying(capsys):
    supervisor = Supervisor()
    supervisor._wake = (-1, -1)
    child = Child("web", failing, lambda: "the reason\n", may_fail=2)
    supervisor.pause = lambda seconds: time.sleep(0.01)
    supervisor.add(child.start())
    fault = supervisor.watch()
    assert fault == "web ended 2 times in a row. The end of its log:\n  the reason"
    assert "web ended (code 7); starting it again in 1 s." in capsys.readouterr().err


def test_child_pauses_longer_after_each_death_in_a_row():
    child = Child("worker", failing, lambda: "")
    pauses = []
    for _ in range(7):
        child.start().process.wait()
        pauses.append(child.note_death()[1])
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_child_that_lived_long_starts_counting_again():
    child = Child("worker", failing, lambda: "")
    child.deaths = 5
    child.start().process.wait()
    child.began -= 61
    assert child.note_death() == (7, 1)


def test_how_names_the_signal():
    assert how(-9) == "by SIGKILL"
    assert how(3) == "code 3"


def test_born_tells_a_process_from_a_later_one_with_its_number():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        since = processes.born(child.pid)
        assert processes.is_same(child.pid, since)
        assert not processes.is_same(child.pid, "1")
        child.communicate(b"\n")
    assert not processes.is_same(child.pid, since)


def test_born_calls_a_zombie_dead():
    child = subprocess.Popen([sys.executable, "-c", ""])
    wait_until(lambda: ") Z " in Path(f"/proc/{child.pid}/stat").read_text(), 60)
    assert processes.born(child.pid) is None
    child.wait()


def test_end_takes_the_whole_family():
    """A child that won't listen, and its own child, are ended by force."""
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print('up', flush=True);"
        "time.sleep(600)"
    )
    child = processes.start([sys.executable, "-c", stubborn], env={}, log=subprocess.PIPE)
    assert child.stdout.readline() == b"up\n"
    wait_until(lambda: len(family_of(child.pid)) == 2, 60)
    family = {pid: processes.born(pid) for pid in family_of(child.pid)}
    assert processes.end(child, within=0.2) == -signal.SIGKILL
    wait_until(lambda: alive(family) == [], 60)
    child.stdout.close()


def test_say_run_gives_code_answer_and_complaint(capsys):
    script = "import sys; print('answer'); print('complaint', file=sys.stderr); sys.exit(3)"
    assert say.run("Trying", [sys.executable, "-c", script]) == (3, "answer\n", "complaint\n")
    assert "Cairn: Trying…" in capsys.readouterr().err


ORPHAN = """
import os, sys, time
from hls.boot.processes import die_with
parent = os.getpid()
if os.fork() == 0:
    if sys.argv[1] == "late":
        while os.getppid() == parent:
            time.sleep(0.01)
    die_with(parent)
    print("lives", flush=True)
    os._exit(0)
if sys.argv[1] == "early":
    os.wait()
"""


@pytest.mark.parametrize(("when", "said"), [("early", "lives\n"), ("late", "")])
def test_child_whose_parent_went_before_it_could_be_tied_ends_too(when, said):
    """A worker killed while it was forking left children that nobody ended."""
    ran = subprocess.run([sys.executable, "-c", ORPHAN, when], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == (said, "")
