"""`flush` empties a test database after a test that committed. It is refused anywhere else."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections
from environs import Env
from psycopg import sql

from cycles.questions.sets import load_questions
from hls.owner import as_owner

# What migrations leave behind and no test changes; none of it hangs on anything that goes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")


class Command(Flush):
    def handle(self, **options):
        if not settings.TESTING:
            raise CommandError("Cairn's data is never flushed. `manage.py reset` empties an embedded installation.")
        connection = connections[options["database"]]
        owner = Env().dj_db_url("OWNER", default=settings.DATABASE_OWNER_URL)
        with as_owner(connection, owner), connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = [sql.Identifier(t) for (t,) in cursor.fetchall() if t not in KEPT]
            guarded = sql.Identifier("cycles_auditentry")
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(guarded))
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(tables)))
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(guarded))
        load_questions(options["database"])
