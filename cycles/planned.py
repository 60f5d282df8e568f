"""Statements that PostgreSQL plans once for a connection and not for each asking.

Planning the reads of a page took as long as answering them (docs/bench.md). A statement is kept under a name from
the third asking on one connection; PostgreSQL itself goes on planning anew where that is worth its while. What words
decide (how many issues hold them) is planned each time: cycles/prepared.py says which.
"""

from itertools import count
from weakref import WeakKeyDictionary

KEPT_FROM = 3  # askings on one connection: what is asked once or twice is not worth a name
KEPT_MOST = 200  # names on one connection, for the memory of its server process

_numbers = count(1)
_asked = WeakKeyDictionary()  # connection -> {number of a statement: how often it was asked}


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
        known = _asked.setdefault(connection.connection, {})
        times = known.get(self.number, 0) + 1
        if times > KEPT_FROM:
            return True
        if times == KEPT_FROM and len(known) > KEPT_MOST:
            return False
        if times == KEPT_FROM:
            connection.connection.execute(self.kept_as)
        known[self.number] = times
        return times == KEPT_FROM
