"""Making the Python environment, as far as it can be shown without fetching anything."""

import hashlib
import os
import subprocess
import sys

import pytest

from hls.boot import environment, say
from hls.boot.environment import Environment, as_version, from_pip, uv_variables
from tests.boot.running import PROJECT


def test_versions_compare_as_numbers():
    assert as_version("uv 0.13.8 (x86_64-unknown-linux-gnu)") == (0, 13, 8)
    assert as_version("uv 0.13") == (0, 13, 0)
    assert as_version("0.13.8") > as_version("0.9.30")
    assert as_version("no version") < as_version("0.0.1")


def fake_uv(folder, version):
    folder.mkdir(parents=True)
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\necho uv {version}\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("version", "is_taken"), [("0.13.8", True), ("0.9.0", True), ("0.8.22", False), ("0.1.9", False)]
)
def test_find_uv_takes_one_that_is_new_enough(tmp_path, monkeypatch, version, is_taken):
    there = fake_uv(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(there.parent))
    monkeypatch.setattr(environment, "fetch_uv", lambda target: "fetched")
    assert environment.find_uv(tmp_path / "tools") == (str(there) if is_taken else "fetched")


def test_fetch_uv_overrules_settings_that_forbid_it(tmp_path, monkeypatch):
    """PIP_USER and PIP_REQUIRE_VIRTUALENV make `pip install --target` fail."""
    seen = {}
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    monkeypatch.setattr(
        environment, "_must", lambda what, command, variables, cwd: seen.update(variables, command=command)
    )
    environment.fetch_uv(tmp_path / "uv")
    assert (seen["PIP_USER"], seen["PIP_REQUIRE_VIRTUALENV"]) == ("0", "0")
    assert "--require-hashes" in seen["command"]


def test_from_pip_hands_on_mirror_and_certificates():
    settings = """:env:.disable-pip-version-check='1'
global.index-url='https://mirror.example/simple'
global.extra-index-url='https://more.example/simple'
global.cert='/etc/ssl/our.pem'
"""
    assert from_pip(settings) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://more.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/etc/ssl/our.pem",
    }
    assert from_pip("") == {}


def test_from_pip_reads_what_pip_prints():
    """pip's own words, not ours, for a setting made in the environment."""
    printed = subprocess.run(
        [environment.base_python(), "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        env={
            "PIP_INDEX_URL": "https://mirror.example/simple",
            "PATH": os.environ["PATH"],
            "PIP_CONFIG_FILE": os.devnull,
        },
    )
    if printed.returncode:
        pytest.skip("this Python has no pip")
    assert from_pip(printed.stdout)["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


@pytest.mark.parametrize("home", [None, "", "/nonexistent"])
def test_uv_keeps_its_cache_beside_us_without_a_home(tmp_path, monkeypatch, home):
    monkeypatch.setattr(environment, "_pip_settings", lambda: "")
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.delenv("HOME") if home is None else monkeypatch.setenv("HOME", home)
    assert uv_variables(tmp_path)["UV_CACHE_DIR"] == str(tmp_path / "cache")


def test_uv_uses_its_own_cache_with_a_home(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "_pip_settings", lambda: "")
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "UV_CACHE_DIR" not in uv_variables(tmp_path)


@pytest.fixture
def project(tmp_path):
    """A folder with lock files and an environment whose Python is this one."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text(f"{name}\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return Environment(tmp_path)


def test_environment_is_right_until_its_lock_file_changes(project):
    assert not project.is_right(dev=False)
    project.stamp.write_text(project._mark("requirements.lock"))
    assert project.is_right(dev=False)
    assert not project.is_right(dev=True)
    (project.project / "requirements.lock").write_text("something newer\n")
    assert not project.is_right(dev=False)


def test_environment_for_tests_serves_for_running(project):
    project.stamp.write_text(project._mark("requirements-dev.lock"))
    assert project.is_right(dev=True)
    assert project.is_right(dev=False)


def test_environment_without_its_python_is_not_right(project):
    project.stamp.write_text(project._mark("requirements.lock"))
    project.python.unlink()
    project.python.symlink_to("/nonexistent/python3.11")
    assert not project.is_right(dev=False)


def test_environment_with_test_tools_keeps_them(project, monkeypatch):
    """A plain command after a change of the lock file must not take pytest away."""
    made = []
    monkeypatch.setattr(Environment, "_make", lambda self, lock: made.append(lock))
    project.ensure()
    (project.folder / "lib/python3.11/site-packages/pytest").mkdir(parents=True)
    project.ensure()
    assert made == ["requirements.lock", "requirements-dev.lock"]


def test_environment_says_which_python_it_needs(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(say.Stop, match=r"needs Python 3\.11 or newer; this is 3\.9\.18"):
        environment.check_python()


def test_uv_is_pinned_by_hash():
    text = (PROJECT / "hls/boot/uv.txt").read_text()
    assert text.count("uv==") == 1
    hashes = [part.removeprefix("--hash=sha256:") for part in text.split() if part.startswith("--hash")]
    assert len(hashes) > 10
    assert {len(one) for one in hashes} == {len(hashlib.sha256().hexdigest())}


def test_boot_needs_the_standard_library_only():
    """Read on a Python that has nothing else: no site-packages, no environment variables."""
    script = (
        "import sys; sys.path.insert(0, '.'); import hls.boot.cli; print([m for m in sys.modules if 'django' in m])"
    )
    answer = subprocess.run([sys.executable, "-S", "-I", "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert (answer.stdout, answer.stderr) == ("[]\n", "")
