"""What a basket costs: a pure function. Reads nothing, writes nothing, and is the same twice.

Deals come off lines and delivery first; tax is computed on what is left, once per line, rounded
once, and summed. A line's amount is the truth: the order is the sum of lines and delivery.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orders.services.pricing.basket import Basket
from orders.services.pricing.deals import Deal, Situation
from orders.services.pricing.delivery import summed, tax_delivery
from orders.services.pricing.figures import (
    Outcome,
    PricedItem,
    Taken,
    TaxShare,
    View,
    side,
    total_of,
)
from orders.services.pricing.items import Delivery, Item
from orders.services.pricing.stacking import choose, reason_of, refusals
from orders.services.pricing.tax import TaxRules
from shop.lib.money import ZERO, from_minor, round_money
from shop.lib.tax import Taxed


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
        return sum((one.listed - one.discount for one in self.items), ZERO)

    @property
    def listed(self) -> Decimal:
        """Goods as prices are entered, before deals; gifts count nothing."""
        return sum((one.listed for one in self.items if not one.is_gift), ZERO)

    @property
    def discount(self) -> Decimal:
        """Everything deals took off, gifts included, as prices are entered."""
        return total_of([*self.delivery_taken, *(row for one in self.items for row in one.taken)])

    def view(self, *, with_tax: bool) -> View:
        """The figures as a page shows them: totals don't depend on it."""
        views = [one.view(with_tax=with_tax) for one in self.items if not one.is_gift]
        delivery = side(self.delivery_amount, with_tax=with_tax)
        return View(
            with_tax=with_tax,
            listed=sum((one.listed for one in views), ZERO),
            goods=sum((one.amount for one in views), ZERO),
            # Split anew over the rates it may come out a penny lower: nothing is raised by a deal.
            delivery_listed=max(delivery, side(self._delivery_before(), with_tax=with_tax)),
            delivery=delivery,
            tax=self.total.tax,
            total=self.total.gross,
        )

    def _delivery_before(self) -> Taxed:
        if self.delivery is None or not self.delivery_taken:
            return self.delivery_amount
        return summed(
            tax_delivery(
                self.delivery.price,
                delivery=self.delivery,
                goods=self.items,
                rules=self.rules,
                currency=self.currency,
            )
        )


def quote(
    *,
    items: Sequence[Item],
    delivery: Delivery | None,
    rules: TaxRules,
    currency: str,
    deals: Sequence[Deal] = (),
    situation: Situation | None = None,
) -> Quote:
    """The figures of a basket; gifts come after its lines, in order of their deals.

    Raises ValueError when there are deals but no situation to judge them by.
    """
    basket = Basket(items, delivery, currency)
    applied = _apply(deals, basket, situation)
    places = {came: place for place, came in enumerate(basket.order)}
    priced = [
        _price(item, applied.taken.get(places[came], ()), rules, currency)
        for came, item in enumerate(items)
    ]
    priced += [_gift(item, deal, rules, currency) for item, deal in applied.gifts]
    taken = tuple(applied.taken.get(basket.delivery_place, ()))
    shares = _delivery_shares(delivery, taken, priced, rules, currency)
    charge = summed(shares)
    total = sum((one.amount for one in priced), charge)
    return Quote(
        currency, rules, tuple(priced), delivery, taken, shares, charge, total, applied.outcomes
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """What deals came to: taken by place, gifts with their deals, and an outcome for each deal."""

    taken: Mapping[int, Sequence[Taken]]
    gifts: Sequence[tuple[Item, Deal]]
    outcomes: tuple[Outcome, ...]


NO_DEALS = Applied({}, (), ())


def _apply(deals: Sequence[Deal], basket: Basket, situation: Situation | None) -> Applied:
    if not deals:
        return NO_DEALS
    if situation is None:
        raise ValueError("deals are judged by a situation")
    # A promotion counts once, however often it was brought.
    known = sorted({deal.key: deal for deal in reversed(deals)}.values(), key=lambda one: one.key)
    refused = refusals(known, basket, situation)
    choice = choose([deal for deal in known if deal.key not in refused], basket)
    taken: defaultdict[int, list[Taken]] = defaultdict(list)
    for place, deal, amount in choice.chosen.taken:
        taken[place].append(_taken(deal, from_minor(amount, basket.currency)))
    outcomes = []
    for deal in sorted(known, key=lambda one: (one.lane, one.key)):
        reason = refused.get(deal.key) or reason_of(deal, choice, basket)
        amount = choice.chosen.amounts.get(deal.key, 0)
        outcomes.append(Outcome(deal, reason, from_minor(amount, basket.currency)))
    gifts = [(gift, deal) for deal in choice.chosen.givers for gift in deal.gifts]
    return Applied(taken, gifts, tuple(outcomes))


def _delivery_shares(
    delivery: Delivery | None,
    taken: Sequence[Taken],
    priced: Sequence[PricedItem],
    rules: TaxRules,
    currency: str,
) -> tuple[TaxShare, ...]:
    if delivery is None:
        return ()
    left = round_money(delivery.price, currency) - total_of(taken)
    return tax_delivery(left, delivery=delivery, goods=priced, rules=rules, currency=currency)


def _taken(deal: Deal, amount: Decimal) -> Taken:
    return Taken(deal.key, deal.label, deal.code, amount)


def _price(item: Item, taken: Iterable[Taken], rules: TaxRules, currency: str) -> PricedItem:
    listed, taken = round_money(item.unit_price * item.quantity, currency), tuple(taken)
    amount = rules.taxed(listed - total_of(taken), item.tax_class, currency)
    rate = rules.charged(item.tax_class)
    return PricedItem(item, listed, taken, amount, rate, rules, currency)


def _gift(item: Item, deal: Deal, rules: TaxRules, currency: str) -> PricedItem:
    listed = round_money(item.unit_price * item.quantity, currency)
    taken = (_taken(deal, listed),) if listed else ()
    return replace(_price(item, taken, rules, currency), is_gift=True)
