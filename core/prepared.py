"""Queries that are asked with every few letters somebody types: their SQL is made once, then only values are put in.

Making the SQL of a queryset costs several times what a small query costs itself. The rules stay where they are, on
the querysets; here they are asked with a Given in the place of a value.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import UpdateQuery

from core import clock


class Given(Expression):
    """A value that is told when the query runs: filter(pk=Given("pk", BigAutoField()))."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    params: Sequence[Any]  # values, and the Givens whose values come later
    converters: Any  # of the columns, by their place


class Prepared:
    """`make` gives the queryset: of values_list for `rows`, of anything with `changes` for `update`.

    It is made anew on another day, since querysets ask core.clock what day it is; and for another database. What
    else a queryset asks when it is made has to be a Given.
    """

    def __init__(self, make: Callable[[], "QuerySet[Any, Any]"], **changes: Any) -> None:
        self.make, self.changes = make, changes
        self._made: tuple[tuple[str, dt.date], _Statement] | None = None

    def rows(self, **values: Any) -> Iterator[list[Any]]:
        statement = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, _filled(statement.params, values))
            rows = cursor.fetchall()
        for row in map(list, rows):
            for place, (converters, expression) in statement.converters.items():
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            yield row

    def update(self, **values: Any) -> int:
        """How many rows there were."""
        statement = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, _filled(statement.params, values))
            return int(cursor.rowcount)

    def _statement(self) -> _Statement:
        key = (connection.vendor, clock.today())
        if self._made is None or self._made[0] != key:
            self._made = (key, self._compiled())
        return self._made[1]

    def _compiled(self) -> _Statement:
        query: Any = self.make().query
        if self.changes:
            query = query.chain(UpdateQuery)
            query.add_update_values(self.changes)
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        columns = [] if self.changes else [column for column, *_ in compiler.select]
        return _Statement(sql, params, compiler.get_converters(columns))


def _filled(params: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    return [
        param.output_field.get_db_prep_value(values[param.name], connection)
        if isinstance(param, Given)
        else param
        for param in params
    ]
