"""Queries whose SQL is put together once, for the pages that are asked for all day.

Django puts a query's SQL together anew for each request. On the log and Today that took several times as long as
PostgreSQL took to answer (docs/bench.md). A `Prepared` keeps the SQL of a queryset and is given the values each time:

    held = Prepared(Issue.objects.filter(held_by=Given("team")).order_by("pk")[:20])
    held.rows(team=7)

The queryset is written as any other, so `visible_to` and the rest of the room's words still apply. Only values may
differ between two askings; what changes the SQL itself (a filter more, another order) is another Prepared.
PostgreSQL's plan is kept as well (cycles/planned.py), unless `plans_anew` says that the values decide it.
"""

import re
from functools import cache, lru_cache
from types import SimpleNamespace

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BigIntegerField, DateTimeField, Expression, Model
from django.db.models.sql import InsertQuery
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from cycles.planned import Planned


class Given(Expression):
    """A value that comes with each asking, by name: a whole number, or what `output_field` says."""

    def __init__(self, name, output_field=None):
        super().__init__(output_field=output_field or BigIntegerField())
        self.name, self.is_typed = name, output_field is not None

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
    user.now = Given("now", DateTimeField())
    return user


def now_for(user):
    """The moment at which someone asks: one that comes with each asking, where the query is put together once."""
    return user.now if isinstance(user, Given) else timezone.now()


MARK = re.compile("%%|%s")  # where a value goes, and a percent sign that is only that
SIZES_KEPT = 50  # of how many keys the sets may have, for each query
RIGHTS = ("places", "teams", "stewards")


def asking(user):
    return {"user": user.pk, "now": timezone.now(), **{name: list(getattr(user.rights, name)) for name in RIGHTS}}


def _is_whole(value):
    """Whether it can stand for a key. Whatever someone wrote in an address is compared as it is, and finds nothing."""
    return value is None or (isinstance(value, int) and -(2**63) <= value < 2**63)


class Prepared:
    def __init__(self, queryset, *, plans_anew=False):
        self.queryset, self.plans_anew = queryset, plans_anew
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()
        self.converters = self.compiler.get_converters([column for column, *_ in self.compiler.select or ()])
        self.given = [param for param in self.params if isinstance(param, Given)]
        self.written = lru_cache(SIZES_KEPT)(self._written)

    def rows(self, **given):
        if self.queryset.query.select_for_update and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise TransactionManagementError("A row can only be locked within a transaction.")
        return self.read(self.told("{}", **given))

    def read(self, found):
        """What the queryset makes of its rows."""
        return list(self.queryset._iterable_class(_Answered(self, found)))

    def count(self, **given):
        """How many rows there are, without reading them."""
        return sum(many for (many,) in self.told("SELECT count(*) FROM ({}) AS found", **given))

    def told(self, form, **given):
        """What a SELECT around the query answers, as plain rows; `form` has {} where the query stands in it."""
        if not self.sql:
            return []
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(*self.asked(given, form))
            return cursor.fetchall()

    def asked(self, given, form):
        """The SQL and its values for one asking."""
        values, sizes, is_plain = [], [], True
        for param in self.given:
            if isinstance(param, GivenSet):
                some = list(given[param.name]) or [None]  # nothing is in a set of nothing
                sizes.append(len(some))
            else:
                value = given[param.name]
                some = [value.pk if isinstance(value, Model) else value]
            values += some
            is_plain = is_plain and (param.is_typed or all(map(_is_whole, some)))
        sql, planned = self.written(form, *sizes)
        if planned and is_plain and planned.is_kept(connections[DEFAULT_DB_ALIAS]):
            sql = planned.call
        return sql, tuple(values)

    def _written(self, form, *sizes):
        """The SQL for sets of so many keys, and the statement whose plan is kept. What is no given is written in."""
        connection, sizes = connections[DEFAULT_DB_ALIAS], iter(sizes)
        params, types = iter(self.params), []

        def mark(found):
            """What stands for a value: a %s for each that will be given, the value itself where it is always the same."""
            if found[0] == "%%":
                return "%%"
            param = next(params)
            if not isinstance(param, Given):
                return connection.ops.compose_sql("%s", [param]).replace("%", "%%")
            many = next(sizes) if isinstance(param, GivenSet) else 1
            types.extend([param.output_field.db_type(connection)] * many)
            return ", ".join(["%s"] * many)

        sql = form.format(MARK.sub(mark, self.sql))
        if self.plans_anew:
            return sql, None
        numbers = iter(range(1, len(types) + 1))
        text = MARK.sub(lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", sql)
        return sql, Planned(text, types, self.queryset.model._meta.db_table)


class Asking:
    """A Prepared with its values, ready to be asked: by itself, or together with others. `then` reads its rows."""

    def __init__(self, prepared, then=list, **given):
        self.prepared, self.then, self.given = prepared, then, given

    def answer(self):
        return self.then(self.prepared.rows(**self.given))


def together(*askings):
    """The answers to several that do not wait for each other, in one trip to the database.

    What a page reads is mostly answered sooner than it takes to ask for it and be told.
    """
    sent = [(one, one.prepared.asked(one.given, "{}")) for one in askings if one.prepared.sql]
    if not sent:
        return [one.then([]) for one in askings]
    found = {}
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("; ".join(sql for _, (sql, _) in sent), [value for _, (_, values) in sent for value in values])
        for one, _ in sent:
            found[one] = cursor.fetchall()
            cursor.nextset()
    return [one.then(one.prepared.read(found.get(one, []))) for one in askings]


class _Answered:
    """As much of a queryset, its query and its compiler as Django's row readers look at, with the rows there already."""

    db = DEFAULT_DB_ALIAS

    def __init__(self, prepared, rows):
        self._rows, self._prepared, self._compiler = rows, prepared, prepared.compiler
        self.model, self._fields = prepared.queryset.model, prepared.queryset._fields
        self.select, self.klass_info = self._compiler.select, self._compiler.klass_info
        self.annotation_col_map, self._known_related_objects = self._compiler.annotation_col_map, {}
        self.query = self

    def get_compiler(self, using=None):
        return self

    def execute_sql(self, **kwargs):
        return self._rows

    def results_iter(self, results=None, tuple_expected=False, **kwargs):
        rows, converters = self._rows, self._prepared.converters
        if self._compiler.has_extra_select:  # what is only sorted on
            rows = [row[: self._compiler.col_count] for row in rows]
        if converters:
            rows = self._compiler.apply_converters(rows, converters)
        return map(tuple, rows) if tuple_expected else rows

    def __getattr__(self, name):
        return getattr(self._prepared.queryset.query, name)


@cache
def _insert_of(model):
    """The fields of a new row and the INSERT for them, which gives its key."""
    meta = model._meta
    query = InsertQuery(model)
    query.insert_values([f for f in meta.concrete_fields if not (f.generated or f.primary_key)], [model()])
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = [meta.pk]
    ((sql, _),) = compiler.as_sql()
    return query.fields, sql


def add(row):
    """Save a new row, as `row.save()` does, by an INSERT that is put together once. No signals: the house has none."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _insert_of(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row
