"""`manage.py lint`: the one check that people, pre-commit and CI run."""

import base64
import os
import secrets
import sys
from pathlib import Path

from . import say

FLOORS = ("cycles", "issues", "debriefs", "hls")
RULES = ("actions.py", "permissions.py", "tasks.py")
IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
DEPENDENCY_FILES = ("pyproject.toml", "requirements.lock", "requirements-dev.lock", "hls/boot/uv.txt")


def lint(project, installation, words):
    """All of them, or those whose names are given; every fault is shown, not the first alone."""
    checks = all_checks(project)
    unknown = [word for word in words if word not in checks]
    if unknown:
        raise say.Stop(f"There is no check called {unknown[0]}. There are: {', '.join(checks)}.")
    failed = [name for name, check in checks.items() if (not words or name in words) and not check(project)]
    if failed:
        raise say.Stop(f"Faults found by: {', '.join(failed)}.")
    say.line("No faults.")
    return 0


def all_checks(project):
    python = [sys.executable, "-m"]
    manage = [sys.executable, "manage.py"]
    production = production_environment()
    return {
        "format": tool("Formatting", [*python, "ruff", "format", "--check", "."]),
        "ruff": tool("Lint of the code", [*python, "ruff", "check", "."]),
        "djlint": tool("Lint of the templates", [*python, "djlint", "templates", "--lint", "--quiet"]),
        "mypy": tool("Types", [*python, "mypy", *typed_files(project)], production),
        "imports": tool("Imports run downwards", [sys.executable, "-c", IMPORTS]),
        "migrations": tool(
            "Migrations match the models", [*manage, "makemigrations", "--check", "--dry-run"], production
        ),
        "deploy": tool("Production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
        "dependencies": no_addresses,
        "compose": tool(
            "The compose file",
            [*python, "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        ),
    }


def tool(what, command, environ=None):
    def check(project):
        code, answer, complaint = say.run(what, command, env=environ or dict(os.environ), cwd=project)
        if code:
            say.plain((answer + complaint).strip())
        return code == 0

    return check


def typed_files(project):
    """Rules are typed: what changes rows, who may, what runs in the background, and the ground floor."""
    found = [str(path.relative_to(project)) for app in FLOORS for path in sorted((project / app).rglob("*.py"))]
    return ["hls", *(path for path in found if is_of_rules(Path(path)) and not path.startswith("hls/"))]


def is_of_rules(path):
    """A room's rules are one file, or a folder of that name where there are many."""
    return path.name in RULES or f"{path.parent.name}.py" in RULES


def no_addresses(project):
    """A lock file must serve everybody, so it names no server to fetch from."""
    faulty = [name for name in DEPENDENCY_FILES if "://" in (project / name).read_text()]
    for name in faulty:
        say.plain(f"{name} holds an address (://); dependency files must hold none.")
    return not faulty


def production_environment():
    """What a real place would set, made up and thrown away."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "CAIRN_BOOT": "0",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "cairn.example",
        "SITE_URL": "https://cairn.example",
        "DATABASE_URL": "postgresql://app:nobody@127.0.0.1:1/cairn",
        "DATABASE_OWNER_URL": "postgresql://owner:nobody@127.0.0.1:1/cairn",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
