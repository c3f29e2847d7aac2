"""Sums of what was sold, by day, by product and by category."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from analytics.models import SoldInMonth
from shop.lib.money import ZERO

# The key of goods that are no longer in the catalogue.
GONE = 0


@dataclass(frozen=True, slots=True)
class Tally:
    orders: int = 0
    units: int = 0
    gross: Decimal = ZERO
    net: Decimal = ZERO

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.orders + other.orders,
            self.units + other.units,
            self.gross + other.gross,
            self.net + other.net,
        )


@dataclass(frozen=True, slots=True)
class Sold:
    """What markets sold on their days, and one of them by product and by category.

    days: orders by market and day, with their totals, gift cards and later changes among them;
    products: lines by their product's key; roots: by the first part of their category's address.
    """

    days: dict[tuple[int, dt.date], Tally] = field(default_factory=dict)
    products: dict[int, Tally] = field(default_factory=dict)
    roots: dict[str, Tally] = field(default_factory=dict)

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Each with its part, market, day, product, root, and figures."""
        for part, market, day, product, root, *figures in rows:
            if part == SoldInMonth.Part.DAY:
                _plus(self.days, (market, day), figures)
            elif part == SoldInMonth.Part.PRODUCT:
                _plus(self.products, product, figures)
            else:
                _plus(self.roots, root, figures)


def _plus(kept: dict[Any, Tally], key: object, figures: Iterable[Any]) -> None:
    tally = Tally(*figures)
    kept[key] = kept[key] + tally if key in kept else tally
