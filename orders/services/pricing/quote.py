"""What a basket costs: a pure function. Reads nothing, writes nothing, and is the same twice.

Deals come off lines and delivery first; tax is computed on what is left, once per line, rounded
once, and summed. A line's amount is the truth: the order is the sum of lines and delivery.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.services.pricing.deals import Deal, Situation
from orders.services.pricing.items import Delivery, Item
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.tax import Rate, TaxRules
from shop.lib.money import ZERO, round_money
from shop.lib.tax import NOTHING, Taxed, tax_amount


@dataclass(frozen=True, slots=True)
class Taken:
    """What one deal took off one line, or off the delivery; above zero."""

    deal: int
    label: str
    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PricedItem:
    """A line with its figures. listed: before deals; both as prices are entered."""

    item: Item
    listed: Decimal
    taken: tuple[Taken, ...]
    amount: Taxed
    rate: Rate
    is_gift: bool = False

    @property
    def discount(self) -> Decimal:
        return sum((one.amount for one in self.taken), ZERO)


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
class Quote:
    """Every figure of a cart or an order, each explainable by its parts."""

    currency: str
    rules: TaxRules
    items: tuple[PricedItem, ...]
    delivery: Delivery | None
    delivery_taken: tuple[Taken, ...]
    delivery_shares: tuple[TaxShare, ...]
    delivery_amount: Taxed
    total: Taxed
    outcomes: tuple[Outcome, ...] = ()

    @property
    def goods(self) -> Decimal:
        """Goods as prices are entered, after deals."""
        return self._entered(sum((one.amount for one in self.items), NOTHING))

    @property
    def listed(self) -> Decimal:
        """Goods as prices are entered, before deals; gifts count nothing."""
        return sum((one.listed for one in self.items if not one.is_gift), ZERO)

    @property
    def discount(self) -> Decimal:
        """Everything deals took off, gifts included, as prices are entered."""
        rows = [*self.delivery_taken, *(row for one in self.items for row in one.taken)]
        return sum((row.amount for row in rows), ZERO)

    def _entered(self, amount: Taxed) -> Decimal:
        return amount.gross if self.rules.included else amount.net


def quote(
    *,
    items: Sequence[Item],
    delivery: Delivery | None,
    rules: TaxRules,
    currency: str,
    deals: Sequence[Deal] = (),
    situation: Situation | None = None,
) -> Quote:
    """The figures of a basket. situation is needed as soon as there are deals."""
    priced = tuple(_price(item, rules, currency) for item in items)
    shares = _delivery_shares(delivery, rules, currency)
    delivery_amount = sum((one.amount for one in shares), NOTHING)
    total = sum((one.amount for one in priced), delivery_amount)
    return Quote(currency, rules, priced, delivery, (), shares, delivery_amount, total)


def _delivery_shares(
    delivery: Delivery | None, rules: TaxRules, currency: str
) -> tuple[TaxShare, ...]:
    if delivery is None:
        return ()
    rate = rules.rate(delivery.tax_class)
    amount = tax_amount(delivery.price, rate=rate.rate, included=rules.included, currency=currency)
    return (TaxShare(delivery.tax_class, rate, amount),)


def _price(item: Item, rules: TaxRules, currency: str) -> PricedItem:
    rate = rules.rate(item.tax_class)
    amount = round_money(item.unit_price * item.quantity, currency)
    taxed = tax_amount(amount, rate=rate.rate, included=rules.included, currency=currency)
    return PricedItem(item, amount, (), taxed, rate)
