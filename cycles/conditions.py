"""Conditions of a queryset whose SQL is put together once: for `visible_to`, which nearly every query asks.

Who may see a cycle or a life is several questions in one, and most lists ask it two or three times over. Putting that
together anew took a fifth of a page (docs/adr/0036). A `Condition` is written as a `Q` of the person who asks:

    mine = Condition(Case, lambda user: Q(worker=user) | Exists(...))
    Case.objects.filter(mine(user))

It may ask about the columns of its own table and, with `Exists` or `__in`, about others; it joins none.
"""

import re
from functools import cached_property, lru_cache

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, Expression

from cycles.prepared import MARK, Given, GivenSet, asking, someone

SIZES_KEPT = 50  # of how many keys the sets may have, for each condition
ALIAS = re.compile(r"\b[T-Z][0-9]+\b")  # what Django calls the tables of its subqueries


class Condition:
    def __init__(self, model, condition):
        """`model` as Django labels it, "cycles.Case"; `condition` gives the Q for a user."""
        self.label, self.condition = model, condition
        self.written = lru_cache(SIZES_KEPT)(self._written)

    def __call__(self, user):
        # Within a prepared query the whole of it is put together once.
        return self.condition(user) if isinstance(user, Given) else _Kept(self, user)

    @cached_property
    def _sql(self):
        """The SQL, with a NUL for its table and names of its own for all others, and what stands for its values."""
        model = apps.get_model(self.label)
        query = model._base_manager.filter(self.condition(someone())).query
        joined = sorted(alias for alias, uses in query.alias_refcount.items() if uses)
        if joined != [model._meta.db_table]:
            raise ValueError(f"A condition of {self.label} joins {joined}: ask with Exists or __in.")
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
        own = f'"{model._meta.db_table}".'
        return ALIAS.sub(lambda found: f"{model._meta.db_table}_{found[0]}", sql.replace(own, "\0.")), tuple(params)

    def _written(self, alias, *sizes):
        sql, params = self._sql
        sizes, params = iter(sizes), iter(params)

        def mark(found):
            if found[0] == "%%":
                return "%%"
            return ", ".join(["%s"] * (next(sizes) if isinstance(next(params), GivenSet) else 1))

        return MARK.sub(mark, sql).replace("\0", alias)

    def asked(self, alias, user):
        """The SQL where its table goes by `alias`, and its values for this person."""
        given, values, sizes = asking(user), [], []
        for param in self._sql[1]:
            if isinstance(param, GivenSet):
                keys = given[param.name] or [-1]  # nobody's: a NULL would turn "not one of them" into "unknown"
                sizes.append(len(keys))
                values += keys
            else:
                values.append(given[param.name] if isinstance(param, Given) else param)
        return self.written(alias, *sizes), values


class _Kept(Expression):
    """A condition as it stands in one query."""

    conditional = True

    def __init__(self, condition, user):
        super().__init__(output_field=BooleanField())
        self.condition, self.user, self.alias = condition, user, None

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        found = self.copy()
        found.alias = query.get_initial_alias()
        return found

    def relabeled_clone(self, change_map):
        found = self.copy()
        found.alias = change_map.get(self.alias, self.alias)
        return found

    def as_sql(self, compiler, connection):
        return self.condition.asked(compiler.quote_name_unless_alias(self.alias), self.user)
