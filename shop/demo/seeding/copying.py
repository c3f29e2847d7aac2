"""Many rows at once: PostgreSQL's COPY, and primary keys set aside for it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

Row = Sequence[Any]
Table = type[models.Model]


def copy(table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Append rows to a model's table; columns are column names. Returns how many went in."""
    command = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(_name(table)), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(command) as stream:
        for row in rows:
            stream.write_row(row)
            count += 1
    return count


def reserve_ids(table: Table, count: int) -> list[int]:
    """Take primary keys out of the table's sequence, ascending."""
    return _take("pg_get_serial_sequence(%s, 'id')", _name(table), count)


def reserve_numbers(count: int) -> list[str]:
    """Order numbers, ascending."""
    return [str(number) for number in _take("%s", "orders_number", count)]


def reserve_returns(count: int) -> list[str]:
    """RMA numbers, ascending."""
    return [f"RMA-{number}" for number in _take("%s", "orders_return_number", count)]


def _take(sequence: str, name: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select nextval({sequence}::regclass) from generate_series(1, %s)",  # noqa: S608  # nosec B608
            [name, count],
        )
        return sorted(number for (number,) in cursor.fetchall())


def as_json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)


def unhurried() -> None:
    """Lift the time limits meant for web requests from this connection."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute("set idle_in_transaction_session_timeout = 0")


def analyze() -> None:
    """Tell the planner what the tables hold now."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _name(table: Table) -> str:
    return table._meta.db_table  # noqa: SLF001 - Django's public way to a table's name
