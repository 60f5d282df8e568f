"""`manage.py test`: everything the suite needs, then pytest, then nothing left behind."""

import contextlib
import os
import signal
import subprocess
import sys

from . import libraries, processes, say
from .services import Services, running

TEST_KEY = "test-only-key-that-signs-nothing-which-anybody-keeps-0123456789"
# The whole suite; whoever asks for a part of it also says how. Browsers and drills stay together in two processes, and
# wait much: two cores have time for one more beside them.
SIDE_BY_SIDE = ("-n", "3", "--dist", "loadgroup", "--no-loadscope-reorder")
# What a person may have exported for running Cairn, and tests must not reach.
NOT_FOR_TESTS = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MAIL_URL", "FIELD_KEYS", "SECRET_KEY", "SITE_URL"),
    *("ALLOWED_HOSTS", "MEDIA_ROOT", "MAIL_FILE_PATH", "TRUSTED_PROXIES", "DJANGO_SETTINGS_MODULE"),
    # A run begins some two hundred processes: without a compiled file to find, each compiles everything anew.
    "PYTHONDONTWRITEBYTECODE",
)


def browser_is_required():
    return os.environ.get("REQUIRE_BROWSER") == "1" or os.environ.get("CI", "").lower() in ("1", "true")


def uses_external():
    return os.environ.get("CAIRN_TEST_EXTERNAL") == "1"


def find_browser():
    """Chromium's path; without one the browser tests are skipped, or in CI nothing starts at all."""
    found = libraries.for_browser_tests()
    if found:
        os.environ["CHROMIUM"] = found
    elif browser_is_required():
        raise say.Stop("A browser is required here (REQUIRE_BROWSER or CI is set) and none could be had.")
    return found


def read_ahead(project, installation):
    """While servers and browser are made ready, one process a core reads half of the tests each, so that those of the
    run, which all read all of them, find every file compiled. No server is asked anything."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    rooms = sorted(str(room) for room in (project / "tests").glob("*/") if room.name != "__pycache__")
    return [
        processes.start(
            [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider", *rooms[half::2]],
            env=variables(installation, nowhere),
            log=subprocess.DEVNULL,
            cwd=project,
        )
        for half in (0, 1)
    ]


def test(project, installation, words):
    installation.make()
    ahead = [] if words or uses_external() else read_ahead(project, installation)
    find_browser()
    if uses_external():
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            if not os.environ.get(name):
                raise say.Stop(f"CAIRN_TEST_EXTERNAL=1 says to test against other servers; set {name} too.")
        return pytest(project, variables(installation, {}), words)
    with (
        alone_in_testing(installation),
        running(Services(installation, "test", durable=False, environ={})) as services,
    ):
        for process in ahead:
            process.wait()
        return pytest(project, variables(installation, services.addresses()), words)


@contextlib.contextmanager
def alone_in_testing(installation):
    """Two runs would share one test database, so the second waits."""
    with installation.lock("test-run", wait=False) as alone:
        if alone is not None:
            yield
            return
    say.line("Another test run is going on; waiting for it to end…")
    with installation.lock("test-run"):
        yield


def variables(installation, addresses):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in NOT_FOR_TESTS or (uses_external() and "_URL" in name)
    }
    field_key = installation.secrets()["FIELD_KEYS"]
    return {
        **kept,
        "ENVIRONMENT": "test",
        "SECRET_KEY": TEST_KEY,
        "FIELD_KEYS": field_key,
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "SITE_URL": "http://testserver",
        "MAIL_URL": "",
        "MEDIA_ROOT": str(installation.folder / "test" / "media"),
        # Playwright's fixtures run an event loop in the thread that talks to the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        "CAIRN_BOOT": "0",
        "PYTHONUTF8": "1",
        **addresses,
    }


def pytest(project, environ, words):
    """In the foreground, so that Ctrl-C and a debugger reach it; told to end if we are."""
    command = [sys.executable, "-m", "pytest", *(words or SIDE_BY_SIDE)]
    child = subprocess.Popen(command, env=environ, cwd=project, preexec_fn=processes.tied(signal.SIGTERM))
    # The terminal sends Ctrl-C to both: pytest ends first, then we tidy up.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda heard, _: processes.send(child.pid, heard))
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
