"""The database has two roles: the owner changes tables, the app only uses them."""

from contextlib import contextmanager

from psycopg import sql

# Rows that are only ever added. The app's role gets no UPDATE or DELETE on them; triggers refuse the owner too.
APPEND_ONLY = ("cycles_auditentry",)
# Never changed but gone with what they belong to, when a person asks to be forgotten.
NEVER_CHANGED = (
    "cycles_reading",
    "cycles_answer",
    "cycles_remark",
    "cycles_questionwording",
    "cycles_guidestep",
    "cycles_confirmationanswer",
    "cycles_lawversion",
    "cycles_crossing",
    "cycles_lessonmove",
    "hls_promisestep",
    "cycles_elementversion",
    "cycles_tieversion",
    "cycles_stepversion",
    "issues_commentversion",
    "issues_correction",
    "issues_planversion",
    "issues_riskmark",
)


@contextmanager
def as_owner(connection, owner):
    """Sign the connection in as the owner for the length of the block."""
    mine = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    if owner.get("USER") in (None, mine["USER"]):
        yield
        return
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(mine)


def grant_to_app(connection, role):
    """Everything the app needs on what the migrations made, and no more."""
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        cursor.execute(
            sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name)
        )
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table in APPEND_ONLY or table.endswith("event"):
                cursor.execute(
                    sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), name)
                )
            if table in NEVER_CHANGED:
                cursor.execute(sql.SQL("REVOKE UPDATE, TRUNCATE ON {} FROM {}").format(sql.Identifier(table), name))
        cursor.execute(
            sql.SQL("REVOKE ALL ON django_migrations FROM {0}; GRANT SELECT ON django_migrations TO {0}").format(name)
        )
