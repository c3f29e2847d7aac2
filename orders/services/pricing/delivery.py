"""Tax on delivery: by a class of its own, or as the goods are taxed, each rate by its share."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from orders.services.pricing.figures import PricedItem, TaxShare
from orders.services.pricing.items import Delivery
from orders.services.pricing.shares import shares
from orders.services.pricing.tax import TaxRules
from shop.lib.money import from_minor, to_minor
from shop.lib.tax import NOTHING, Taxed

Weights = dict[str, int]


def tax_delivery(
    amount: Decimal,
    *,
    delivery: Delivery,
    goods: Iterable[PricedItem],
    rules: TaxRules,
    currency: str,
) -> tuple[TaxShare, ...]:
    """The parts of a delivery's price, one for each class of goods that travels with it."""
    classes = [delivery.tax_class] if delivery.tax_class else []
    weights = dict.fromkeys(classes, 1) or _weights(goods, currency) or {rules.usual_class: 1}
    # In order of classes, so that nothing depends on the order of lines.
    weights = dict(sorted(weights.items()))
    parts = zip(weights, shares(to_minor(amount, currency), list(weights.values())), strict=True)
    found = [(tax_class, units) for tax_class, units in parts if units]
    if not found:
        found = [(max(weights, key=lambda one: weights[one]), 0)]
    return tuple(
        TaxShare(
            tax_class,
            rules.charged(tax_class),
            rules.taxed(from_minor(units, currency), tax_class, currency),
        )
        for tax_class, units in found
    )


def _weights(goods: Iterable[PricedItem], currency: str) -> Weights:
    """What goods cost by tax class, after deals; before them where everything is free.

    Gift cards are money and travel untaxed: they don't count.
    """
    after, before = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for one in goods:
        if one.item.facts.takes_promotions:
            before[one.item.tax_class] += one.listed
            after[one.item.tax_class] += one.listed - one.discount
    amounts = after if any(after.values()) else before
    weights = {tax_class: to_minor(amount, currency) for tax_class, amount in amounts.items()}
    return weights if any(weights.values()) else dict.fromkeys(weights, 1)


def summed(parts: Iterable[TaxShare]) -> Taxed:
    return sum((one.amount for one in parts), NOTHING)
