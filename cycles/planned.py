"""Statements that PostgreSQL plans once for a connection and not for each asking.

Planning the reads of a page took as long as answering them (docs/bench.md). A statement is kept under a name from its
first asking on a connection, and is planned for any values (`plan_cache_mode` in the settings). What words decide (how
many issues hold them) is planned each time: cycles/prepared.py says which.
"""

from itertools import count
from weakref import WeakKeyDictionary

KEPT_MOST = 200  # names on one connection, for the memory of its server process

_numbers = count(1)
_kept = WeakKeyDictionary()  # connection -> numbers of the statements that it knows by name


class Planned:
    """One SELECT, given as text with a `$1` for each value, the types of those, and the table to know it by."""

    def __init__(self, text, types, table):
        self.number = next(_numbers)
        name = f'"{table} {self.number}"'
        types = f" ({', '.join(types)})" if types else ""
        marks = f" ({', '.join(['%s'] * types.count(',') + ['%s'])})" if types else ""
        self.kept_as, self.call = f"PREPARE {name}{types} AS {text}", f"EXECUTE {name}{marks}"

    def is_kept(self, connection):
        """Whether it can be called by its name now."""
        connection.close_if_health_check_failed()  # what a lost connection kept is lost
        connection.ensure_connection()
        known = _kept.setdefault(connection.connection, set())
        if self.number not in known and len(known) < KEPT_MOST:
            connection.connection.execute(self.kept_as)
            known.add(self.number)
        return self.number in known
