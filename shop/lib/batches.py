"""Many rows, a few at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The rows in order, at most `size` at once."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
