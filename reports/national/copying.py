"""Rows straight into tables: COPY on PostgreSQL, INSERT elsewhere. No save(), no history, keys given by the caller."""

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

STAMP = "2024-01-01 00:00:00+09:00"  # when every row was written: the same on every run
BATCH = 20_000
NULL = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """`fields` name the values of a row, in order; every other field gets its default. Returns how many went in."""
    constant = {
        field.column: STAMP
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        else _default(field)
        for field in model._meta.concrete_fields
        if field.name not in fields and field.attname not in fields and not field.primary_key
    }
    named: list[Any] = [model._meta.get_field(name) for name in fields]
    columns = [*(field.column for field in named), *constant]
    rest = tuple(constant.values())
    write = _copy if connection.vendor == "postgresql" else _insert
    count = 0
    for batch in _batches((*row, *rest) for row in rows):
        count += write(model._meta.db_table, columns, batch)
    return count


def _default(field: Any) -> Any:
    return None if field.null and not field.has_default() else field.get_default()


def reset_sequences(*tables: type[models.Model]) -> None:
    """Keys were given, so the counters have to learn where to go on."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _batches(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _copy(table: str, columns: list[str], batch: list[Sequence[Any]]) -> int:
    lines = io.StringIO("\n".join("\t".join(map(_text, row)) for row in batch) + "\n")
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({_quoted(columns)}) FROM STDIN', lines)
    return len(batch)


def _insert(table: str, columns: list[str], batch: list[Sequence[Any]]) -> int:
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({_quoted(columns)}) VALUES ({marks})',
            [[None if value is None else _plain(value) for value in row] for row in batch],
        )
    return len(batch)


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).translate(ESCAPES)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)
