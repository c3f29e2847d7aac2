"""What a quote is made of: every figure with the parts that explain it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from orders.services.pricing.deals import Deal
from orders.services.pricing.items import Item
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.tax import Rate, TaxRules
from shop.lib.money import ZERO
from shop.lib.tax import Taxed


@dataclass(frozen=True, slots=True)
class Taken:
    """What one deal took off one line, or off the delivery; above zero, as prices are entered."""

    deal: int
    label: str
    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line as it is shown, with tax or without. listed - discount = amount."""

    unit: Decimal
    listed: Decimal
    amount: Decimal

    @property
    def discount(self) -> Decimal:
        return self.listed - self.amount


@dataclass(frozen=True, slots=True)
class PricedItem:
    """A line with its figures. listed: before deals; it and `taken` as prices are entered."""

    item: Item
    listed: Decimal
    taken: tuple[Taken, ...]
    amount: Taxed
    rate: Rate
    rules: TaxRules = field(repr=False)
    currency: str
    is_gift: bool = False

    @property
    def discount(self) -> Decimal:
        return total_of(self.taken) if self.taken else ZERO

    def view(self, *, with_tax: bool) -> ItemView:
        """The line as it is shown. The unit price is for reading: the line's amount is the truth."""
        unit, listed = (
            side(self.rules.taxed(amount, self.item.tax_class, self.currency), with_tax=with_tax)
            for amount in (self.item.unit_price, self.listed)
        )
        return ItemView(unit, listed, side(self.amount, with_tax=with_tax))


@dataclass(frozen=True, slots=True)
class TaxShare:
    """A part of the delivery that is taxed at one rate."""

    tax_class: str
    rate: Rate
    amount: Taxed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one deal: the amount it took off in all, and why (not)."""

    deal: Deal
    reason: Reason
    amount: Decimal = ZERO

    @property
    def applies(self) -> bool:
        return self.reason.code == Code.APPLIED


@dataclass(frozen=True, slots=True)
class View:
    """A quote as it is shown, with tax or without; the total is the same either way.

    With tax: goods + delivery = total, and the tax is in it. Without: goods + delivery + tax =
    total. Gifts are in none of the figures: they are lines of their own, at nothing.
    """

    with_tax: bool
    listed: Decimal
    goods: Decimal
    delivery_listed: Decimal
    delivery: Decimal
    tax: Decimal
    total: Decimal

    @property
    def goods_discount(self) -> Decimal:
        return self.listed - self.goods

    @property
    def delivery_discount(self) -> Decimal:
        return self.delivery_listed - self.delivery

    @property
    def discount(self) -> Decimal:
        return self.goods_discount + self.delivery_discount


def side(amount: Taxed, *, with_tax: bool) -> Decimal:
    return amount.gross if with_tax else amount.net


def total_of(taken: Iterable[Taken]) -> Decimal:
    return sum((one.amount for one in taken), ZERO)
