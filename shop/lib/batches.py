"""Many rows, a few at a time."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")
R = TypeVar("R")


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The rows in order, at most `size` at once."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def read_in_parts(rows: "QuerySet[Any, R]", size: int) -> Iterator[R]:
    """The rows in their order, for files of any length: which ones first, then `size` at a time.

    No cursor is held while a slow reader takes the file, no statement is long, and a pooler may give
    every one of them another connection. A row that is gone meanwhile is left out. Rows are objects,
    or named tuples with a pk.
    """
    keys = list(dict.fromkeys(rows.prefetch_related(None).values_list("pk", flat=True)))
    for part in in_batches(keys, size):
        found = {row.pk: row for row in _among(rows, part)}  # type: ignore[attr-defined]
        yield from (found[key] for key in part if key in found)


def _among(rows: "QuerySet[Any, R]", keys: Sequence[object]) -> "QuerySet[Any, R]":
    """The same columns; a slice was taken when the keys were read."""
    whole = rows.all()
    whole.query.clear_limits()
    return whole.order_by().filter(pk__in=keys)
