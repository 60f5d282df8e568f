"""Queries whose SQL is put together once, for the pages that are asked for all day.

Django puts a query's SQL together anew for each request. On the log and Today that took several times as long as
PostgreSQL took to answer (docs/bench.md). A `Prepared` keeps the SQL of a queryset and is given the values each time:

    held = Prepared(Issue.objects.filter(held_by=Given("team")).order_by("pk")[:20])
    held.rows(team=7)

The queryset is written as any other, so `visible_to` and the rest of the room's words still apply. Only values may
differ between two askings; what changes the SQL itself (a filter more, another order) is another Prepared.
"""

import re
from copy import copy
from types import SimpleNamespace

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Expression, Model
from django.db.transaction import TransactionManagementError


class Given(Expression):
    """A value that comes with each asking, by name."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field=output_field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class GivenSet(Given):
    """A set of keys that comes with each asking, for `__in`. Written out key by key: PostgreSQL plans that best."""

    def as_sql(self, compiler, connection):
        return "(%s)", [self]


def someone():
    """Stands for whoever asks, where a queryset is written down before anybody has: `rows(**asking(user))`."""
    user = Given("user")
    user.pk = user
    user.rights = SimpleNamespace(**{name: GivenSet(name) for name in RIGHTS})
    return user


MARK = re.compile("%%|%s")  # where a value goes, and a percent sign that is only that
RIGHTS = ("places", "teams", "stewards")


def asking(user):
    return {"user": user.pk, **{name: list(getattr(user.rights, name)) for name in RIGHTS}}


class Prepared:
    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()
        self.has_sets = any(isinstance(param, GivenSet) for param in self.params)

    def rows(self, **given):
        if not self.sql:
            return []
        if self.queryset.query.select_for_update and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise TransactionManagementError("A row can only be locked within a transaction.")
        return list(self.queryset._iterable_class(_Asked(self, self.asked(given))))

    def count(self, **given):
        """How many rows there are, without reading them."""
        if not self.sql:
            return 0
        sql, values = self.asked(given)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS found", values)  # noqa: S608 - our own SQL
            return cursor.fetchone()[0]

    def asked(self, given):
        """The SQL and its values for one asking."""
        values, marks = [], []
        for param in self.params:
            if isinstance(param, GivenSet):
                keys = list(given[param.name]) or [None]  # nothing is in a set of nothing
                values += keys
                marks.append(", ".join(["%s"] * len(keys)))
            else:
                value = given[param.name] if isinstance(param, Given) else param
                values.append(value.pk if isinstance(value, Model) else value)
                marks.append("%s")
        if not self.has_sets:
            return self.sql, tuple(values)
        marks = iter(marks)
        return MARK.sub(lambda found: next(marks) if found[0] == "%s" else found[0], self.sql), tuple(values)


class _Asked:
    """As much of a queryset as Django's row readers look at, with the SQL there already."""

    db = DEFAULT_DB_ALIAS

    def __init__(self, prepared, asked):
        self._prepared, self._asked = prepared, asked
        self.model, self._fields = prepared.queryset.model, prepared.queryset._fields
        self._known_related_objects = {}
        self.query = self

    def get_compiler(self, using=None):
        compiler = copy(self._prepared.compiler)
        compiler.connection = connections[self.db]
        compiler.as_sql = lambda *args, **kwargs: self._asked
        return compiler

    def __getattr__(self, name):
        return getattr(self._prepared.queryset.query, name)
