"""Queries whose SQL is put together once, for the pages that are asked for all day.

Django puts a query's SQL together anew for each request. On the log and Today that took several times as long as
PostgreSQL took to answer (docs/bench.md). A `Prepared` keeps the SQL of a queryset and is given the values each time:

    held = Prepared(Issue.objects.filter(held_by=Given("team")).order_by("pk")[:20])
    held.rows(team=7)

The queryset is written as any other, so `visible_to` and the rest of the room's words still apply. Only values may
differ between two askings; what changes the SQL itself (a filter more, another order) is another Prepared.
"""

from copy import copy
from types import SimpleNamespace

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, Expression


class Given(Expression):
    """A value that comes with each asking, by name."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field=output_field or BigIntegerField())
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class GivenSet(Given):
    """A set of keys that comes with each asking, for `__in`."""

    def as_sql(self, compiler, connection):
        return "(SELECT unnest(%s::bigint[]))", [self]


def someone():
    """Stands for whoever asks, where a queryset is written down before anybody has: `rows(**asking(user))`."""
    user = Given("user")
    user.pk = user
    user.rights = SimpleNamespace(**{name: GivenSet(name) for name in RIGHTS})
    return user


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

    def rows(self, **given):
        if not self.sql:
            return []
        return list(self.queryset._iterable_class(_Asked(self, self._values(given))))

    def count(self, **given):
        """How many rows there are, without reading them."""
        if not self.sql:
            return 0
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({self.sql}) AS found", self._values(given))  # noqa: S608 - our own SQL
            return cursor.fetchone()[0]

    def _values(self, given):
        return tuple(given[param.name] if isinstance(param, Given) else param for param in self.params)


class _Asked:
    """As much of a queryset as Django's row readers look at, with the SQL there already."""

    db = DEFAULT_DB_ALIAS

    def __init__(self, prepared, values):
        self._prepared, self._values = prepared, values
        self.model, self._fields = prepared.queryset.model, prepared.queryset._fields
        self._known_related_objects = {}
        self.query = self

    def get_compiler(self, using=None):
        compiler = copy(self._prepared.compiler)
        compiler.connection = connections[self.db]
        compiler.as_sql = lambda *args, **kwargs: (self._prepared.sql, self._values)
        return compiler

    def __getattr__(self, name):
        return getattr(self._prepared.queryset.query, name)
