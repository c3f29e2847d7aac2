"""Find a row by the id in an address."""

from typing import TypeVar

from shop.standin.errors import not_found
from shop.standin.objects import Resource

Row = TypeVar("Row", bound=Resource)


def found(table: dict[str, Row], noun: str, identifier: str) -> Row:
    """Return the row. Raises ApiError (404) when there is none."""
    row = table.get(identifier)
    if row is None:
        raise not_found(noun, identifier)
    return row
