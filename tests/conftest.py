"""Tests run on a real PostgreSQL, signed in as the app's own role; only `migrate` and clearing up use the owner."""

import contextlib
import gc
import itertools
import os
import time
from concurrent.futures import Executor, Future
from hashlib import sha256

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from environs import Env
from psycopg import sql

from tests.helpers import beside

pytest_plugins = ["tests.factories.fixtures", "tests.helpers.browser"]


MIGRATED = "migrated_"
KEPT = 4


def owner_settings():
    return Env().dj_db_url("OWNER", default=settings.DATABASE_OWNER_URL)


def owner_connection(name):
    owner = owner_settings()
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or 5432,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=name,
        autocommit=True,
    )


def leave(name):
    """End what the app's role still has open there: a live server's threads keep their connections."""
    app = connections["default"].settings_dict
    with psycopg.connect(
        host=app["HOST"], port=app["PORT"] or 5432, user=app["USER"], password=app["PASSWORD"], dbname=name
    ) as mine:
        mine.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
            [name],
        )


def drop(name):
    """The server's own housekeeping may be in the database for a moment, and nobody may push it out."""
    for again in range(40, -1, -1):
        try:
            with owner_connection("postgres") as owner:
                return owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if not again:
                raise
            time.sleep(0.25)


def copy_of_migrated(name):
    """Make the database `name` as a copy of one that stands where the migrations lead, made by whoever asks first.

    Migrating takes half a minute, copying a second. What it is made of is in its name, so each state of the code has
    its own; the newest few are kept.
    """
    made_of = sha256()
    for pattern in ("*/migrations/*.py", "requirements.lock", "hls/owner.py", "cycles/questions/sets.*"):
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            made_of.update(path.read_bytes())
    template = f"{MIGRATED}{made_of.hexdigest()[:16]}"
    with owner_connection("postgres") as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", [MIGRATED])
        named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC"
        there = [row[0] for row in owner.execute(named, [MIGRATED])]
        if template not in there:
            for old in there[KEPT:]:
                drop(old)
            make_migrated(owner, template)
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def make_migrated(owner, name):
    """Under another name until it is whole."""
    unfinished = f"half_{name}"
    drop(unfinished)
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    with used(unfinished):
        call_command("migrate", verbosity=0)
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))


@contextlib.contextmanager
def used(name):
    """Django, and the worker and web processes that a test starts, find this database."""
    connection = connections["default"]
    kept, address = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    os.environ["DATABASE_URL"] = address.rpartition("/")[0] + "/" + name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = kept
        os.environ["DATABASE_URL"] = address


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """A fresh copy of a database made and migrated by the owner, then used through the app's role."""
    name = f"test_{connections['default'].settings_dict['NAME']}{beside.SUFFIX}"
    with django_db_blocker.unblock():
        drop(name)
        copy_of_migrated(name)
    with used(name):
        yield
    leave(name)
    drop(name)


class AtOnce(Executor):
    """Does what it is handed before it answers."""

    def submit(self, work, *args, **kwargs):
        done = Future()
        done.set_result(work(*args, **kwargs))
        return done


@pytest.fixture(scope="session")
def media(tmp_path_factory):
    """Addresses of folders that nobody made yet: few tests ever need theirs."""
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def quiet_surroundings(settings, media, monkeypatch):
    """Each test has its own mail box, files and empty rate limits; mail that a page asks for goes at once."""
    from django.core.cache import cache

    monkeypatch.setattr("hls.mail._sender", AtOnce())
    # A test may take Redis away; the next one is not to wait until it is trusted again.
    monkeypatch.setattr("hls.cache.ForgivingRedisCache._away_until", 0.0)

    settings.MEDIA_ROOT = next(media)
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def static_files_are_found_once():
    """Each test client loads the middleware anew, and WhiteNoise would walk through every folder each time."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found, walk = {}, WhiteNoiseMiddleware.add_files_from_finders

    def add(self):
        if not found:
            walk(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


def pytest_collection_finish():
    """What is loaded by now stays: walking it again and again took a quarter of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def needs_the_machine(item):
    return bool(item.get_closest_marker("browser")) + 2 * bool(item.get_closest_marker("drill"))


# Two processes drive browsers. The first takes the journeys of these rooms and all drills, which is half of the time.
FIRST = ("tests.debriefs.", "tests.home.")


# A minute and more each: begun last, one of these would go on alone.
LONG = (
    "tests.safety.test_forms",
    "tests.access.test_table",
    "tests.safety.test_races",
    "tests.access.test_welfare",
    "tests.notices.test_two_years_of_sending",
    "tests.simulation.test_three_months",
    "tests.issues.sheets.test_bringing_in",
)


# Their files share what takes long to make.
TOGETHER = {"tests.demo"}


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before xdist reads the groups, after pytest-django has sorted
def pytest_collection_modifyitems(items):
    """Alone, journeys and drills come last, so that a broken rule is seen first.

    Side by side, two processes have all of those and begin at once, as do the long ones; the tests of a file, which may
    build on one another, stay together.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
        if beside.WORKER and needs_the_machine(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    yield
    items.sort(key=begins_at if beside.WORKER else needs_the_machine)


def group_of(item):
    """What one process does, one test after the other."""
    name, package = item.module.__name__, item.module.__package__
    if needs := needs_the_machine(item):
        return "first machine" if needs > 1 or name.startswith(FIRST) else "second machine"
    return package if package in TOGETHER else name


def begins_at(item):
    """The machine's own first, then what is long, then the rest as it comes."""
    if needs_the_machine(item):
        return -1, needs_the_machine(item)
    name = item.module.__name__
    return LONG.index(name) if name in LONG else len(LONG), 0
