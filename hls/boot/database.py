"""Brings the database up to date, and lets the demo people in the first time."""

import hashlib
import json
import sys

from . import say

APPS = ("cycles", "issues", "debriefs", "hls")


def migrate(project, installation, services, environ):
    """Run migrations unless we know that this embedded database has them all."""
    mark = _mark(project)
    if services.postgres and installation.notes().get("migrated") == mark and _has_all(project, services.postgres):
        return
    code, answer, complaint = say.run(
        "Bringing the database up to date", manage(project, "migrate", "-v0"), env=environ, cwd=project
    )
    if code:
        raise say.Stop("The database could not be brought up to date:", say.tail(answer + complaint, 25))
    if services.postgres:
        installation.note(migrated=mark)


def manage(project, *words):
    return [sys.executable, project / "manage.py", *words]


def own_migrations(project):
    return [path for app in APPS for path in sorted((project / app / "migrations").glob("[0-9]*.py"))]


def _mark(project):
    """Our own migrations by content; everybody else's by the lock file that pins them."""
    parts = [project / "requirements.lock", *own_migrations(project)]
    parts += sorted((project / "hls/management/commands").glob("migrate*.py"))
    content = b"".join(part.read_bytes() for part in parts if part.exists())
    return hashlib.sha256(content).hexdigest()


def _has_all(project, postgres):
    """The note may be older than the database: somebody may have migrated back by hand."""
    answer = postgres.psql("SELECT app || '/' || name FROM django_migrations", role="owner", database="cairn")
    applied = set(answer.stdout.split())
    return all(f"{path.parts[-3]}/{path.stem}" in applied for path in own_migrations(project))


def load_demo(project, installation, services, environ):
    """Only an embedded database gets demo people, only once, and only if it's empty."""
    notes = installation.notes()
    if not services.postgres or notes.get("demo") is not None:
        return
    installation.note(demo_begun=True)
    command = manage(project, "load_demo", "--if-empty", "--json")
    what = "Filling the demo place (the first time only)"
    code, answer, complaint = say.run(what, command, env=environ, cwd=project)
    if code:
        raise say.Stop("The demo place could not be filled:", say.tail(complaint, 25))
    people = sign_ins(answer)
    if not people and notes.get("demo_begun"):
        say.line("The demo place was filled by a start that was cut short, and its passwords went with it.")
        say.line("  To have both anew: python3 manage.py reset")
    installation.note(demo=people)


def sign_ins(text):
    """The people the command names: a list, or a list under one name."""
    try:
        found = json.loads(text or "[]")
    except ValueError as wrong:
        raise say.Stop("The demo command's answer can't be read:", say.tail(text)) from wrong
    if isinstance(found, dict):
        found = next((part for part in found.values() if isinstance(part, list)), [])
    return [person for person in found if isinstance(person, dict)]
