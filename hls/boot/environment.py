"""Makes .venv from the hash-pinned files, with nothing but Python and pip to begin with."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import say

OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 9)
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"


class Environment:
    """The project's own Python, and whether it holds what the lock file says."""

    def __init__(self, project):
        self.project = Path(project)
        self.folder = self.project / ".venv"
        self.tools = self.project / ".tools"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.stamp = self.folder / "cairn-stamp"

    def ensure(self, *, dev=False):
        """Make it if it isn't there, or is older than the lock file; at no cost if it is right."""
        if self.is_right(dev=dev):
            return
        check_python()
        dev = dev or self._has_dev()
        with self._alone():
            if not self.is_right(dev=dev):
                self._make(DEV_LOCK if dev else RUN_LOCK)

    def _has_dev(self):
        """Whoever has tested here once keeps the tools for it."""
        return any(self.folder.glob("lib/python*/site-packages/pytest"))

    def is_right(self, *, dev):
        # The development set holds everything the running set does.
        wanted = {self._mark(DEV_LOCK)} | (set() if dev else {self._mark(RUN_LOCK)})
        try:
            return self.python.exists() and self.stamp.read_text() in wanted
        except OSError:
            return False

    def _mark(self, lock):
        """Changes with the lock file, with the Python beneath, and when the folder was moved."""
        content = (self.project / lock).read_bytes()
        beneath = os.path.realpath(self.python)
        return hashlib.sha256(content + os.fsencode(beneath) + os.fsencode(self.folder)).hexdigest()

    def is_active(self):
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def enter(self, argv, extra):
        """Go on in the project's Python, with `extra` variables; comes back only if we are there already."""
        missing = {name: value for name, value in extra.items() if os.environ.get(name) != value}
        if self.is_active() and not missing:
            return
        os.environ.update(missing)
        os.execv(self.python, [str(self.python), *argv])

    @contextlib.contextmanager
    def _alone(self):
        try:
            self.tools.mkdir(exist_ok=True)
            handle = open(self.tools / "lock", "w")  # noqa: SIM115 - it must outlive this block
        except OSError as wrong:
            raise say.Stop(f"Cairn needs to write in {self.project}, and can't: {wrong.strerror}.") from wrong
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say.line("Another Cairn command is making the Python environment; waiting for it…")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _make(self, lock):
        uv = find_uv(self.tools)
        variables = uv_variables(self.tools)
        self.stamp.unlink(missing_ok=True)
        if not self._python_works():
            _must(
                "Making a Python environment in .venv",
                [uv, "venv", "--clear", "--no-project", "--python", base_python(), self.folder],
                variables,
                self.project,
            )
        _must(
            "Installing the packages that Cairn is made of (about half a minute the first time)",
            [uv, "pip", "sync", "--require-hashes", "--no-build", "--python", self.python, self.project / lock],
            variables,
            self.project,
        )
        self.stamp.write_text(self._mark(lock))

    def _python_works(self):
        if not self.python.exists():
            return False
        ask = [str(self.python), "-c", "import encodings, sys; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(ask, capture_output=True).returncode == 0 and self._is_whole()

    def _is_whole(self):
        """The packages' folder belongs to the Python beneath, which an upgrade of the system may have changed."""
        ask = [str(self.python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        answer = subprocess.run(ask, capture_output=True, text=True)
        return Path(answer.stdout.strip() or "/nowhere").is_dir()


def base_python():
    """The system's Python, also when we run inside the environment, which has no pip."""
    return getattr(sys, "_base_executable", None) or sys.executable


def check_python():
    if sys.version_info < OLDEST_PYTHON:
        here = ".".join(str(part) for part in sys.version_info[:3])
        raise say.Stop(f"Cairn needs Python 3.11 or newer; this is {here}.")


def _must(what, command, variables, project):
    code, answer, complaint = say.run(what, command, env=variables, cwd=project)
    if code:
        raise say.Stop(f"{what}: that did not work. What it said:", say.tail(answer + complaint, 25))


# uv: found or fetched.


def find_uv(tools):
    ours = tools / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(ours)):
        if candidate and version_of(candidate) >= OLDEST_UV:
            return candidate
    return fetch_uv(tools / "uv")


def version_of(uv):
    try:
        words = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return as_version(words)


def as_version(words):
    """Numbers, not text: 0.13 is newer than 0.9."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", words)
    return tuple(int(part) for part in found.groups("0")) if found else ()


def fetch_uv(target):
    """By pip into a folder: works without venv, and where Debian forbids a plain pip install."""
    if subprocess.run([base_python(), "-m", "pip", "--version"], capture_output=True).returncode:
        raise say.Stop("pip is missing. On Debian or Ubuntu: sudo apt-get install python3-pip")
    shutil.rmtree(target, ignore_errors=True)
    # What a person or a machine may have set for pip, and --target can't live with.
    quiet = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    variables = {**os.environ, **quiet, "PIP_ROOT_USER_ACTION": "ignore"}
    command = [base_python(), "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--target", str(target), "-r", str(Path(__file__).with_name("uv.txt"))]
    _must("Fetching uv, which installs the rest", command, variables, target.parent)
    return str(target / "bin" / "uv")


def uv_variables(tools):
    """uv reads no pip settings: hand it the mirror and the certificates this machine gives to pip."""
    variables = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    for leftover in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        variables.pop(leftover, None)
    if not _may_write_home():
        variables["UV_CACHE_DIR"] = str(tools / "cache")
    for name, value in from_pip(_pip_settings()).items():
        variables.setdefault(name, value)
    return variables


def _may_write_home():
    home = os.environ.get("HOME", "")
    return bool(home) and os.path.isdir(home) and os.access(home, os.W_OK)


def _pip_settings():
    ask = [base_python(), "-m", "pip", "config", "list"]
    answer = subprocess.run(ask, capture_output=True, text=True, env={**os.environ, "PIP_NO_COLOR": "1"})
    return answer.stdout if answer.returncode == 0 else ""


def from_pip(settings):
    """`global.index-url='…'` and its like, in uv's words. Hashes make it safe to take any index's file."""
    given = {}
    for row in settings.splitlines():
        name, _, value = row.partition("=")
        given[name.rpartition(".")[2].strip(":")] = value.strip().strip("'\"").replace("\\n", " ")
    wanted = {"UV_DEFAULT_INDEX": "index-url", "UV_INDEX": "extra-index-url", "SSL_CERT_FILE": "cert"}
    found = {name: given[pip] for name, pip in wanted.items() if given.get(pip)}
    if "UV_INDEX" in found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found
