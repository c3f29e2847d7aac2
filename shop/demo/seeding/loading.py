"""Rows that wait for one COPY per table."""

from collections.abc import Mapping
from typing import Any

from shop.demo.seeding.copying import Row, Table, copy

Columns = Mapping[Table, str]


class Load:
    """Collects rows by table and writes them together; foreign keys are checked at the commit."""

    def __init__(self, columns: Columns) -> None:
        self._columns = {table: tuple(names.split()) for table, names in columns.items()}
        self._rows: dict[Table, list[Row]] = {table: [] for table in columns}

    def add(self, table: Table, *values: Any) -> None:
        self._rows[table].append(values)

    def write(self) -> int:
        """Copy everything and forget it. Returns the number of rows."""
        count = 0
        for table, rows in self._rows.items():
            if rows:
                count += copy(table, self._columns[table], rows)
                rows.clear()
        return count
