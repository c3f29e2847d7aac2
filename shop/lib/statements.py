"""SQL that the server keeps and plans once, and whose places are found once.

Of a long statement the driver itself finds them anew each time it is run.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from psycopg import RawCursor

PLACE = re.compile(r"%(?:\((\w+)\)s|s|%)")
MOST = 1024


def run(
    connection: Any, statement: str, values: Mapping[str, Any] | Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows that it finds, or returns. values: by name where its places are %(name)s, else in their order."""
    # Django's cursor looks after health, errors and counts; only one that binds on the server
    # has its statements kept there.
    with connection.cursor() as cursor:
        cursor.cursor = raw = RawCursor(connection.connection)
        text, names = _numbered(statement)
        sent = [values[name] for name in names] if isinstance(values, Mapping) else values
        cursor.execute(text, sent)
        # Asked for its description, a cursor would describe every column.
        found = raw.pgresult
        rows: list[tuple[Any, ...]] = cursor.fetchall() if found and found.nfields else []
    return rows


@lru_cache(maxsize=MOST)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """With its places as PostgreSQL names them, and whose values these are."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        name = found[1] or str(len(names))
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PLACE.sub(number, statement), tuple(names)
