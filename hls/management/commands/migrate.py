"""`migrate` signs in as the owner of the tables and lets the app's own role use, but never alter, them."""

from contextlib import contextmanager

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from environs import Env

from hls.owner import as_owner, grant_to_app


class Command(Migrate):
    def handle(self, *args, **options):
        connection = connections[options["database"]]
        app_role = connection.settings_dict["USER"]
        owner = Env().dj_db_url("OWNER", default=settings.DATABASE_OWNER_URL) if settings.DATABASE_OWNER_URL else {}
        with as_owner(connection, owner), _unhurried(connection):
            super().handle(*args, **options)
            if owner.get("USER") and owner["USER"] != app_role:
                grant_to_app(connection, app_role)


@contextmanager
def _unhurried(connection):
    """A change of a table of a million rows may take longer than any page is given."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        if connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
