"""Prices as a market shows them, with tax or without: what lists and pages say, never a total.

Free where a market shows prices as it enters them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.models import Market, TaxRate
from catalog.queries.options import Choice
from shop.lib.money import ZERO
from shop.lib.tax import tax_amount
from shop.lib.workdays import shop_day


@dataclass(frozen=True, slots=True)
class Side:
    """Turns amounts as entered into amounts as shown. rate: per cent, of the market's home."""

    currency: str
    entered_with_tax: bool
    shown_with_tax: bool
    rate: Decimal = ZERO

    @property
    def is_same(self) -> bool:
        return self.entered_with_tax == self.shown_with_tax or not self.rate

    def of(self, amount: Decimal) -> Decimal:
        if self.is_same:
            return amount
        split = tax_amount(
            amount, rate=self.rate, included=self.entered_with_tax, currency=self.currency
        )
        return split.gross if self.shown_with_tax else split.net

    def of_any(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else self.of(amount)

    def choices(self, choices: list[Choice]) -> list[Choice]:
        """The variants of a product page with all their prices on this side."""
        return choices if self.is_same else [self._choice(one) for one in choices]

    def _choice(self, one: Choice) -> Choice:
        return replace(
            one,
            price=self.of(one.price),
            compare_at=self.of_any(one.compare_at),
            prior=self.of_any(one.prior),
            regular=self.of_any(one.regular),
        )


@dataclass(frozen=True, slots=True)
class Sides:
    """The side of every market and tax class. rates: by country and class, where any is needed."""

    rates: Mapping[tuple[str, int], Decimal]

    def of(self, market: Market, tax_class_id: int) -> Side:
        rate = self.rates.get((market.home_country, tax_class_id), ZERO)
        return Side(market.currency, market.prices_include_tax, market.shows_tax, rate)

    def with_tax(self, market: Market, tax_class_id: int) -> Side:
        """What others are told, who ask for prices with tax whatever our own pages say."""
        return replace(self.of(market, tax_class_id), shown_with_tax=True)

    def without_tax(self, market: Market, tax_class_id: int) -> Side:
        return replace(self.of(market, tax_class_id), shown_with_tax=False)


def sides(markets: Iterable[Market], *, now: dt.datetime) -> Sides:
    """For these markets on the shop's day; one query, none where all show what they enter."""
    turned = [one for one in markets if one.prices_include_tax != one.shows_tax]
    return home_sides(turned, now=now)


def sides_with_tax(market: Market, *, now: dt.datetime) -> Sides:
    """To tell prices with tax; one query, none where they are entered so."""
    return home_sides([] if market.prices_include_tax else [market], now=now)


def side_of(market: Market, tax_class_id: int, *, now: dt.datetime) -> Side:
    return sides([market], now=now).of(market, tax_class_id)


def home_sides(markets: Sequence[Market], *, now: dt.datetime) -> Sides:
    """With the rates of these markets' home countries on the shop's day. One query, none for none."""
    if not markets:
        return Sides({})
    today = shop_day(now)
    rows = TaxRate.objects.on(today).filter(
        country__in={one.home_country for one in markets}, region=""
    )
    found = rows.values_list("country", "tax_class_id", "rate")
    return Sides({(country, tax_class): rate for country, tax_class, rate in found})
