"""Writing many rows with one statement whose columns are arrays.

A bulk insert of Django's makes an object of each row and adapts each of its values: for thousands of lines of history that
takes several times as long as the database does.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models


def insert_columns(model: type[models.Model], *, each: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
    """This function will insert rows of a model: `each` holds columns with one value a row, `same` what all rows share.

    Columns are called as in the database; JSON is given as text. All of `each` have the same length.
    """
    if not all(each.values()):
        return
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(name) for name in (*each, *same))
    shared = "".join(f", %s::{_type_of(model, name)}" for name in same)
    arrays = ", ".join(f"%s::{_type_of(model, name)}[]" for name in each)
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) SELECT many.*{shared} FROM unnest({arrays}) AS many"  # noqa: S608  our own names
    values = [
        *(_plain(value) for value in same.values()),
        *([_plain(one) for one in column] for column in each.values()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _type_of(model: type[models.Model], column: str) -> str:
    """Text has no length here: a cast would cut what the column refuses."""
    field = next(one for one in model._meta.concrete_fields if one.column == column)
    return "text" if isinstance(field, models.CharField) else str(field.db_type(connection))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
