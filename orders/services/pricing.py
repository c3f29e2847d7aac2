"""What a cart costs: a pure function of lines, delivery and tax. Reads nothing, writes nothing.

Tax is computed per line after everything that changes the line, rounded once, and summed. A
line's gross is the truth; the order is the sum of its lines and its delivery.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from shop.lib.money import ZERO, round_money
from shop.lib.tax import NOTHING, Taxed, tax_amount


@dataclass(frozen=True, slots=True)
class Item:
    """One line to price. unit_price as the market shows it: tax in or out."""

    key: int
    quantity: int
    unit_price: Decimal
    tax_class: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way of delivery as it was offered, with its price as the market shows it."""

    code: str
    name: str
    carrier: str
    price: Decimal
    tax_class: str
    arrives_from: dt.date
    arrives_by: dt.date
    free_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax rate in per cent, by the name it has on documents."""

    name: str
    rate: Decimal


NO_TAX = Rate("VAT", ZERO)


@dataclass(frozen=True, slots=True)
class TaxRules:
    """The rates of one destination on one day, by tax class."""

    country: str
    included: bool
    rates: Mapping[str, Rate] = field(default_factory=dict)

    def rate(self, tax_class: str) -> Rate:
        return self.rates.get(tax_class, NO_TAX)


@dataclass(frozen=True, slots=True)
class PricedItem:
    item: Item
    amount: Taxed
    rate: Rate


@dataclass(frozen=True, slots=True)
class Quote:
    """Every figure of a cart or an order, each explainable by its parts."""

    currency: str
    rules: TaxRules
    items: tuple[PricedItem, ...]
    delivery: Delivery | None
    delivery_amount: Taxed
    delivery_rate: Rate
    total: Taxed

    @property
    def goods(self) -> Decimal:
        """Goods as the market shows prices."""
        if self.rules.included:
            return sum((priced.amount.gross for priced in self.items), ZERO)
        return sum((priced.amount.net for priced in self.items), ZERO)


def quote(
    *, items: Sequence[Item], delivery: Delivery | None, rules: TaxRules, currency: str
) -> Quote:
    priced = tuple(_price(item, rules, currency) for item in items)
    delivery_rate = rules.rate(delivery.tax_class) if delivery else NO_TAX
    delivery_amount = (
        tax_amount(
            delivery.price, rate=delivery_rate.rate, included=rules.included, currency=currency
        )
        if delivery
        else NOTHING
    )
    total = delivery_amount
    for one in priced:
        total += one.amount
    return Quote(currency, rules, priced, delivery, delivery_amount, delivery_rate, total)


def _price(item: Item, rules: TaxRules, currency: str) -> PricedItem:
    rate = rules.rate(item.tax_class)
    amount = round_money(item.unit_price * item.quantity, currency)
    taxed = tax_amount(amount, rate=rate.rate, included=rules.included, currency=currency)
    return PricedItem(item, taxed, rate)
