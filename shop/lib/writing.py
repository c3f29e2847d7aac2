"""New rows by statements that are made once.

Django makes the SQL of an INSERT anew for every row it writes, which costs more than writing it.
Here it is made once in a process for a model and a number of rows; PostgreSQL keeps it, too.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models import Value
from django.db.models.expressions import DatabaseDefault
from psycopg.types.numeric import Int8

from shop.lib import statements

M = TypeVar("M", bound=models.Model)
# Statements are kept for so many numbers of rows; beyond, Django writes them.
MANY = 20
# Fields that send a text as it is.
TEXTS = {models.CharField, models.EmailField, models.SlugField, models.TextField}


class _Plan(NamedTuple):
    """A statement, and which fields are sent: of a model, or of each of several."""

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
    if len(new) > MANY:
        return type(new[0])._default_manager.bulk_create(new)  # noqa: SLF001 - the model is anybody's
    _written([new])
    return new


def insert_together(*groups: Iterable[models.Model]) -> None:
    """The same for rows of several models, all in one statement.

    Rows may point at the first one, when it is alone of its model, and at none else of these.
    """
    new = [rows for rows in map(list, groups) if rows]
    few = [rows for rows in new if len(rows) <= MANY]
    if few:
        _written(few)
    for rows in new:
        if len(rows) > MANY:
            insert(rows)


def run(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Write by a statement that the server keeps, too; the rows it returns.

    Where it could not be told, a place says its type, as "%s::bigint[]".
    """
    return statements.run(connections[DEFAULT_DB_ALIAS], statement, values)


def _written(groups: Sequence[Sequence[models.Model]]) -> None:
    alias = router.db_for_write(type(groups[0][0]))
    connection = connections[alias]
    first, *others = [row for rows in groups for row in rows]
    pointing = [_pointing(rows[0], first) if rows[0] is not first else None for rows in groups]
    kinds = [(type(rows[0]), len(rows)) for rows in groups]
    plan = _plan(tuple([(*kind, name) for kind, name in zip(kinds, pointing, strict=True)]))
    values: list[Any] = []
    for rows, fields in zip(groups, plan.fields, strict=True):
        related = frozenset([one for one in fields if one.is_relation])
        for row in rows:
            if related:
                # Keys of rows that it points at and that were written after it was made.
                row._prepare_related_fields_for_save("insert", related)  # type: ignore[attr-defined]  # noqa: SLF001
            values += [_sent(field, row, connection) for field in fields]
    keys = statements.run(connection, plan.statement, values)
    for row, (key,) in zip((first, *others), keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, alias  # noqa: SLF001 - as a row that was read
    for rows, name in zip(groups, pointing, strict=True):
        for row in rows if name else ():
            # Said again: now it has a key.
            setattr(row, str(name), first)


def _pointing(row: models.Model, first: models.Model) -> str | None:
    """The name of the field by which it points at a row of the same statement."""
    near = row._state.fields_cache  # noqa: SLF001 - what it points at, by the field
    return next((name for name, one in near.items() if one is first), None)


@lru_cache(maxsize=256)
def _plan(groups: tuple[tuple[type[models.Model], int, str | None], ...]) -> _Plan:
    made = [_insert(*one) for one in groups]
    fields = tuple([one.fields for one in made])
    if len(made) == 1:
        return _Plan(made[0].statement, fields)
    parts = ", ".join(f"part{n} (key) as ({one.statement})" for n, one in enumerate(made))
    keys = " union all ".join(f"select key from part{n}" for n in range(len(made)))  # noqa: S608 - numbers
    return _Plan(f"with {parts} {keys}", fields)


def _insert(model: type[models.Model], count: int, pointing: str | None) -> _Plan:
    """pointing: by which field it points at the first row of the statement."""
    meta = model._meta  # noqa: SLF001
    everything = [one for one in meta.concrete_fields if not one.primary_key]
    fields = tuple([one for one in everything if one.name != pointing])
    columns = ", ".join(f'"{one.column}"' for one in everything)
    places = ["%s" if one.name != pointing else "(select key from part0)" for one in everything]
    row = f"({', '.join(places)})"
    statement = (
        f'insert into "{meta.db_table}" ({columns}) values {", ".join([row] * count)} '  # noqa: S608 - names of a model's own
        f'returning "{meta.pk.column}"'
    )
    return _Plan(statement, fields)


def _sent(field: Any, row: models.Model, connection: Any) -> Any:
    value = stored(field, row, connection)
    # A number's type would follow its size, and each type be another statement.
    return Int8(value) if type(value) is int else value


def stored(field: Any, row: models.Model, connection: Any) -> Any:
    """What a new row has in a field, as the driver takes it. Raises TypeError for what the database
    would reckon."""
    value = field.pre_save(row, True)  # noqa: FBT003 - Django's own signature
    if type(value) is str and type(field) in TEXTS:
        return value
    if isinstance(value, DatabaseDefault):
        # What the column is given without a word is what is given here.
        value = _plain(value)
        setattr(row, field.attname, value)
    return field.get_db_prep_save(value, connection)


def _plain(default: Any) -> Any:
    if not isinstance(default.expression, Value):
        raise TypeError(default.expression)
    return default.expression.value
