"""What the database holds, as one fingerprint a table: to show that a refused request changed nothing."""

from functools import cache

from django.apps import apps
from django.db import connection

# Written by looking around: who is signed in, and the log of what was refused.
PASSING = {"django_session", "cycles_auditentry"}


@cache  # no test makes or drops one
def tables():
    ours = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed}
    return tuple(sorted(ours & set(connection.introspection.table_names()) - PASSING))


def fingerprint(*, leave_out=()):
    """One digest for each table; equal fingerprints mean that not one value has changed."""
    parts = [
        f"SELECT '{t}', count(*), md5(coalesce(string_agg(x::text, '|' ORDER BY x::text), '')) FROM \"{t}\" x"
        for t in tables()
        if t not in leave_out
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def changed(before, after):
    return sorted(t for t in before if before[t] != after.get(t))
