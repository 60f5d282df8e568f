"""The app's own role in the database can add to the audit and the history, and nothing more."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from cycles.people.audit import note
from hls.owner import APPEND_ONLY

EVENTS = ["cycles_membershipevent", "issues_issueevent", "cycles_caseevent"]
ATTEMPTS = [
    "UPDATE {t} SET {c} = {c}",
    "DELETE FROM {t}",
    "TRUNCATE {t}",
    "TRUNCATE {t} CASCADE",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} DISABLE TRIGGER USER",
    "DROP TABLE {t}",
    "DROP TABLE {t} CASCADE",
    "ALTER TABLE {t} RENAME TO gone",
    "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "GRANT UPDATE ON {t} TO CURRENT_USER; UPDATE {t} SET {c} = {c}",
    "CREATE RULE gone AS ON INSERT TO {t} DO INSTEAD NOTHING",
    "CREATE TRIGGER gone BEFORE INSERT ON {t} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT ({id}) DO UPDATE SET {c} = excluded.{c}",
    "WITH gone AS (DELETE FROM {t} RETURNING 1) SELECT count(*) FROM gone",
    "SELECT 1 FROM {t} FOR UPDATE",
]
ELSEWHERE = [
    "SET session_replication_role = replica",
    "SET ROLE pg_execute_server_program",
    "CREATE TABLE mine (a int)",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "DELETE FROM django_migrations",
    "DROP SCHEMA public CASCADE",
    "COPY cycles_auditentry TO PROGRAM 'cat'",
    "SELECT pg_read_file('/etc/passwd')",
]


def one_row_of_each(here):
    """So that a statement that touches no row can't pass for one that was refused."""
    note("sign in", by=here.worker)
    from tests.factories import CaseFactory, IssueFactory

    IssueFactory(cycle=here.cycle)
    CaseFactory(team=here.core)


def attempt(statement):
    """The statement, by itself, as the app: its error or None."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT attempt")
            try:
                cursor.execute(statement)
                return None
            except Exception as error:
                cursor.execute("ROLLBACK TO SAVEPOINT attempt")
                return error
    finally:
        pass


@pytest.mark.external
@pytest.mark.parametrize("table", [*APPEND_ONLY, *EVENTS])
def test_app_role_cannot_rewrite_what_is_only_added(here, table):
    one_row_of_each(here)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0
    ident, column = ("id", "act") if table in APPEND_ONLY else ("pgh_id", "pgh_label")
    for shape in ATTEMPTS:
        error = attempt(shape.format(t=table, c=column, id=ident))
        assert isinstance(getattr(error, "__cause__", None), psycopg.errors.InsufficientPrivilege), (shape, error)


@pytest.mark.external
@pytest.mark.parametrize("statement", ELSEWHERE)
def test_app_role_cannot_get_round_it(here, statement):
    error = attempt(statement)
    assert isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege), (statement, error)


@pytest.mark.external
def test_readings_are_corrected_never_changed(here):
    from tests.factories import ReadingFactory

    ReadingFactory(measure__cycle=here.cycle)
    for statement in ("UPDATE cycles_reading SET value = 1", "TRUNCATE cycles_reading CASCADE"):
        assert isinstance(attempt(statement).__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.external
def test_every_history_table_is_guarded(here):
    """A history table that someone adds tomorrow is covered by its name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
            " FROM information_schema.role_table_grants WHERE grantee = CURRENT_USER AND table_schema = 'public'"
            " AND (table_name LIKE '%%event' OR table_name = ANY(%s)) GROUP BY 1",
            [list(APPEND_ONLY)],
        )
        granted = dict(cursor.fetchall())
    assert set(EVENTS) <= set(granted)
    assert set(granted.values()) == {"INSERT SELECT"}


@pytest.mark.external
def test_even_the_owner_is_stopped_by_the_triggers(transactional_db):
    """Not only rights: the owner has those. The triggers refuse."""
    from tests.conftest import owner_connection

    note("sign in")
    with owner_connection(settings.DATABASES["default"]["NAME"]) as owner:
        for statement in (
            "UPDATE cycles_auditentry SET act = 'x'",
            "DELETE FROM cycles_auditentry",
            "TRUNCATE cycles_auditentry",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                owner.execute(statement)


def test_app_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = CURRENT_USER::regrole")
        assert cursor.fetchone()[0] == 0
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = CURRENT_USER"
        )
        assert cursor.fetchone() == (False, False, False, False)
