"""New rows by statements that are made once.

Django makes the SQL of an INSERT anew for every row it writes, which costs more than writing it.
Here it is made once in a process for a model and a number of rows; PostgreSQL keeps it, too.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import connections, models, router
from django.db.models import Value
from django.db.models.expressions import DatabaseDefault
from psycopg import Cursor
from psycopg.types.numeric import Int8

M = TypeVar("M", bound=models.Model)
# Statements are kept for so many numbers of rows; beyond, Django writes them.
MANY = 20


class _Plan(NamedTuple):
    statement: str
    fields: tuple[Any, ...]


def insert(rows: Iterable[M]) -> list[M]:
    """Write new rows of one model in one statement, each with its key afterwards.

    As `bulk_create` does: no signals, and the rows as they are. The model has a key that the
    database counts up.
    """
    new = list(rows)
    if not new:
        return []
    model = type(new[0])
    if len(new) > MANY:
        return model._default_manager.bulk_create(new)  # noqa: SLF001 - the model is anybody's
    connection = connections[alias := router.db_for_write(model)]
    plan = _plan(model, len(new))
    for row in new:
        # Keys of rows that it points at and that were written after it was made.
        row._prepare_related_fields_for_save("insert")  # type: ignore[attr-defined]  # noqa: SLF001
    values = [_sent(field, row, connection) for row in new for field in plan.fields]
    with connection.cursor() as cursor:
        # As a prepared query: bound by the server, which then keeps the statement.
        cursor.cursor = Cursor(connection.connection)
        cursor.execute(plan.statement, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(new, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, alias  # noqa: SLF001 - as a row that was read
    return new


@lru_cache(maxsize=256)
def _plan(model: type[models.Model], count: int) -> _Plan:
    meta = model._meta  # noqa: SLF001
    fields = tuple(one for one in meta.concrete_fields if not one.primary_key)
    columns = ", ".join(f'"{one.column}"' for one in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f'insert into "{meta.db_table}" ({columns}) values {", ".join([row] * count)} '  # noqa: S608 - names of a model's own
        f'returning "{meta.pk.column}"'
    )
    return _Plan(statement, fields)


def _sent(field: Any, row: models.Model, connection: Any) -> Any:
    value = field.pre_save(row, True)  # noqa: FBT003 - Django's own signature
    if isinstance(value, DatabaseDefault):
        # What the column is given without a word is what is given here.
        value = _plain(value)
        setattr(row, field.attname, value)
    value = field.get_db_prep_save(value, connection)
    # A number's type would follow its size, and each type be another statement.
    return Int8(value) if type(value) is int else value


def _plain(default: Any) -> Any:
    """Raises TypeError for what the database would reckon."""
    if not isinstance(default.expression, Value):
        raise TypeError(default.expression)
    return default.expression.value
