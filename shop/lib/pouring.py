"""Many new rows by COPY: PostgreSQL reads them as a stream, and nobody makes an INSERT of them.

Their keys are set aside beforehand, so rows know them, as after `bulk_create`.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import connections, models, router
from psycopg import sql

from shop.lib.writing import stored

M = TypeVar("M", bound=models.Model)
KEYS = "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)"


def pour(rows: Iterable[M]) -> list[M]:
    """Write new rows of one model. As `bulk_create` does: no signals, and the rows as they are.

    The model has a key that the database counts up.
    """
    new = list(rows)
    if not new:
        return new
    meta = type(new[0])._meta  # noqa: SLF001 - Django's public way to it
    alias = router.db_for_write(type(new[0]))
    fields = [one for one in meta.concrete_fields if not one.generated]
    command = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(one.column)) for one in fields]),
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(KEYS, [meta.db_table, meta.pk.column, len(new)])
        for row, (key,) in zip(new, sorted(cursor.fetchall()), strict=True):
            row.pk = key
            # Keys of rows that it points at and that were written after it was made.
            row._prepare_related_fields_for_save("pour", fields)  # type: ignore[attr-defined]  # noqa: SLF001
        # The driver's own errors, told as Django tells them.
        with connections[alias].wrap_database_errors, cursor.copy(command) as stream:
            for row in new:
                stream.write_row([stored(one, row, connections[alias]) for one in fields])
    for row in new:
        row._state.adding, row._state.db = False, alias  # noqa: SLF001 - as a row that was read
    return new
