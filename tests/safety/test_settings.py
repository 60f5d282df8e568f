"""A wrong environment stops the start with advice; a right one passes Django's own checks."""

import os
import re
import runpy
import secrets
import subprocess
import sys
import traceback
from pathlib import Path
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "FIELD_KEYS": "YSBrZXkgZm9yIHRlc3RzIG9ubHksIG5vdGhpbmcgbW8=",  # the same in each process of a run
    "SITE_URL": "https://cairn.example.org",
    "ALLOWED_HOSTS": "cairn.example.org",
    "DATABASE_URL": "postgresql://app:app@127.0.0.1:5432/cairn",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "CAIRN_BOOT": "0",
}


def told(changed):
    """The good environment, changed; a None takes a variable out."""
    return {k: v for k, v in (GOOD | changed).items() if v is not None}


def start(*command, **changed):
    """Start a process of the product with this environment."""
    surroundings = {k: os.environ[k] for k in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if k in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=surroundings | told(changed),
        capture_output=True,
        text=True,
        check=False,
    )


def load(**changed):
    """The settings that this environment makes, read anew beside those of the test run."""
    with mock.patch.dict(os.environ, told(changed), clear=True):
        return runpy.run_path(str(ROOT / "hls" / "settings.py"))


def test_production_environment_passes_the_deploy_checks():
    done = start("-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "dev-" + "x" * 60}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "django-insecure-" + "x" * 60}, "SECRET_KEY must be"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY must be"),
        ({"FIELD_KEYS": None}, "Set FIELD_KEYS"),
        ({"FIELD_KEYS": GOOD["FIELD_KEYS"] + ",hunter2"}, "FIELD_KEYS holds something"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"SITE_URL": None}, "Set SITE_URL"),
        ({"SITE_URL": "http://cairn.example.org"}, "https://"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT is 'prod'"),
        ({"ALLOW_PLAIN_HTTP": "maybe", "SITE_URL": "http://x"}, "ALLOW_PLAIN_HTTP"),
        ({"TRUSTED_PROXIES": "some"}, "TRUSTED_PROXIES"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "DATABASE_URL must be a postgresql://"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "Set REDIS_URL"),
    ],
    ids=lambda value: ",".join(f"{k}={str(v)[:12]}" for k, v in value.items()) if isinstance(value, dict) else "",
)
def test_wrong_environment_makes_no_settings_and_says_why(changed, advice):
    with pytest.raises((ImproperlyConfigured, EnvError), match=re.escape(advice)) as found:
        load(**changed)
    assert GOOD["SECRET_KEY"] not in "".join(traceback.format_exception(found.value))


def test_wrong_environment_refuses_to_start_and_says_why():
    """A process of its own, once: what makes no settings starts nothing."""
    done = start(
        "-W", "ignore", "-c", "import django; django.setup()", DJANGO_SETTINGS_MODULE="hls.settings", SITE_URL=None
    )
    assert done.returncode != 0
    assert "Set SITE_URL" in done.stderr
    assert GOOD["SECRET_KEY"] not in done.stderr


def test_debug_cannot_be_switched_on():
    made = load(DEBUG="true", DJANGO_DEBUG="1")
    assert made["PRODUCTION"]
    assert made["DEBUG"] is False


def test_env_example_names_every_variable_and_no_other():
    text = (ROOT / "hls" / "settings.py").read_text()
    read = set(re.findall(r"""(?:required|one_of|database|hours|env\.\w+)\(\s*"([A-Z_]+)\"""", text))
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named == read


def test_env_example_holds_no_secret():
    for line in (ROOT / ".env.example").read_text().splitlines():
        name, _, value = line.partition("=")
        if name in ("SECRET_KEY", "FIELD_KEYS"):
            assert value == ""


def test_no_secret_is_in_the_code():
    """What looks like a key, anywhere in the files under version control."""
    looks = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bsk-[\w-]{20,}")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if not any(files):
        pytest.skip("not a checkout")
    found = [
        name
        for name in files
        if name and (ROOT / name).is_file() and looks.search((ROOT / name).read_text(errors="ignore"))
    ]
    assert found == [] or found == ["tests/safety/test_settings.py"]
