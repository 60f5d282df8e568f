"""`flush` empties a test database after a test that committed. It is refused anywhere else."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections, transaction
from environs import Env
from psycopg import sql

from cycles.questions.sets import load_questions
from hls.owner import as_owner

# What migrations leave behind and no test changes; none of it hangs on anything that goes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
MANY = 500  # rows of one table, from which on emptying every table's file is the quicker way


class Command(Flush):
    def handle(self, **options):
        if not settings.TESTING:
            raise CommandError("Cairn's data is never flushed. `manage.py reset` empties an embedded installation.")
        database = options["database"]
        connection = connections[database]
        owner = Env().dj_db_url("OWNER", default=settings.DATABASE_OWNER_URL)
        with as_owner(connection, owner), connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
            filled = _filled(cursor, tables)
            is_few = max(filled.values(), default=0) < MANY
            # Some tables refuse to lose a row, whoever asks; or to be emptied with the others, though nothing is in them.
            guarded = sorted(_guarded(cursor) & (filled.keys() if is_few else set(tables)))
            _each(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
            if is_few:
                with transaction.atomic(using=database):
                    _each(cursor, "DELETE FROM {}", filled)
            else:
                names = sql.SQL(", ").join(map(sql.Identifier, tables))
                cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            _each(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)
        load_questions(database)


def _filled(cursor, tables):
    """The tables that hold anything, with how many rows, as far as MANY. What never did has no file to look into."""
    cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_relation_size(oid) > 0", [tables])
    used = [name for (name,) in cursor.fetchall()]
    if not used:
        return {}
    count = sql.SQL("SELECT {}, count(*) FROM (SELECT FROM {} LIMIT {}) AS found")
    parts = [count.format(sql.Literal(name), sql.Identifier(name), sql.Literal(MANY)) for name in used]
    cursor.execute(sql.SQL(" UNION ALL ").join(parts))
    return {name: rows for name, rows in cursor.fetchall() if rows}


def _guarded(cursor):
    cursor.execute(
        "SELECT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
        " WHERE NOT tgisinternal AND (tgtype & 8 > 0 OR tgtype & 32 > 0)"  # before or after DELETE, TRUNCATE
    )
    return {name for (name,) in cursor.fetchall()}


def _each(cursor, statement, tables):
    for name in tables:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
