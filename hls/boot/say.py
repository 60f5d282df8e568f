"""Lines that tell the person at the terminal what is going on."""

import contextlib
import subprocess
import sys
import tempfile
import time

from . import processes

STILL_AT_IT = 10


class Stop(SystemExit):
    """End the command with advice instead of a traceback."""

    def __init__(self, *lines):
        super().__init__("\n".join(lines))


def line(*words):
    """One line of progress. A closed terminal must never end the work."""
    with contextlib.suppress(OSError, ValueError):
        print("Cairn:", *words, file=sys.stderr, flush=True)


def plain(text=""):
    """A line of the answer itself, on standard output."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def readable():
    """Print what the terminal's encoding cannot hold as a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def seconds(since):
    return f"{time.monotonic() - since:.1f} s"


def run(what, command, *, env=None, cwd=None):
    """Run a command that may take long; say so while it works. Gives the exit code, its answer and its complaints."""
    began = time.monotonic()
    line(f"{what}…")
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
        child = processes.start(command, env=env, cwd=cwd, log=answer, errors=complaint)
        try:
            code = _wait(child, began)
        except BaseException:
            processes.end(child, within=5)
            raise
        heard = [_read(answer), _read(complaint)]
    line(f"  {'done' if code == 0 else 'did not work'} after {seconds(began)}")
    return code, *heard


def _read(words):
    words.seek(0)
    return words.read().decode("utf-8", "replace")


def _wait(child, began):
    while True:
        try:
            return child.wait(STILL_AT_IT)
        except subprocess.TimeoutExpired:
            line(f"  still at it, {time.monotonic() - began:.0f} s")


def tail(text, lines=15):
    return "\n".join("  " + row for row in text.strip().splitlines()[-lines:])
