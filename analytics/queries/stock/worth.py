"""The value of stock on a day as rows that are read a page at a time."""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property

from inventory.models import Location
from inventory.queries.value import StockWorth, VariantWorth, value_on

# Of the file: read at once, and no more than a spreadsheet takes.
ALL = 1_000_000


class WorthRows:
    """The dearest variants first. As long as the day's list is, and read where it is looked at."""

    def __init__(self, day: dt.date, location: Location | None, search: str) -> None:
        self.day, self.location, self.search = day, location, search

    @cached_property
    def total(self) -> StockWorth:
        return self._read(most=0, skip=0)

    def __len__(self) -> int:
        return self.total.variants

    def __getitem__(self, part: slice) -> list[VariantWorth]:
        first, end = part.start or 0, part.stop or 0
        return self._read(most=max(0, end - first), skip=first).rows

    def __iter__(self) -> Iterator[VariantWorth]:
        yield from self._read(most=ALL, skip=0).rows

    def _read(self, *, most: int, skip: int) -> StockWorth:
        return value_on(self.day, self.location, search=self.search, most=most, skip=skip)
