"""Start, know and end processes, so that none outlives the one that started it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None) if LINUX else None


def start(command, *, env, log, errors=None, cwd="/", user=None, dies_with=signal.SIGTERM, stdin=None):
    """Start a child that the system ends when we end, however we end.

    Each child leads a session of its own: the terminal's signals reach us, and we tell it.
    Call it from the main thread only: Linux ties the death signal to the thread that forked.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=log,
        stderr=subprocess.STDOUT if errors is None else errors,
        env=env,
        cwd=cwd,
        preexec_fn=_before_exec(user, dies_with),
    )


def _before_exec(user, dies_with):
    tie = tied(dies_with)

    def prepare():
        os.setsid()
        if user is not None:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        tie()  # after the change of user, which would untie it
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    return prepare


def tied(dies_with):
    """For a child between fork and exec: have the system send it a signal when we are gone."""
    parent = os.getpid()

    def prepare():
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(dies_with), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def die_with(parent):
    """For a child that was only forked by the process `parent`: end by force as soon as that is gone, or at once if it
    went before the system could be told."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def born(pid):
    """When a live process began, as the system writes it; None if there is no such process.

    A pid alone says nothing after a restart: another process may have it by then.
    """
    if not pid:
        return None
    if not LINUX:
        answer = subprocess.run(["ps", "-p", str(pid), "-o", "lstart="], capture_output=True, text=True)
        return answer.stdout.strip() or None
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if facts[0] in "ZX" else facts[19]


def is_same(pid, since):
    """Whether the process we wrote down is still that process."""
    return since is not None and born(pid) == since


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        if LINUX:
            return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True).stdout


def send(pid, what):
    try:
        os.kill(pid, what)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end(child, what=signal.SIGTERM, *, within=20):
    """Ask a child to end; after `within` seconds end it and its family by force."""
    if child.poll() is None:
        send(child.pid, what)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(within)
    _end_family(child.pid)
    return child.wait()


def _end_family(leader):
    """Every child leads a session of its own, so whoever is left in its group is family."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def wait_gone(pid, since, within):
    limit = time.monotonic() + within
    while is_same(pid, since):
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
