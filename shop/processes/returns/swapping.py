"""Other pieces for those that come back: whether they can be had, at what price today."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.services.customers import customer_groups
from catalog.models import Variant
from catalog.queries.current_prices import prices_now
from catalog.queries.on_sale import is_offered
from catalog.queries.price_lists import list_prices
from orders.models import Order
from shop.lib.tax import tax_amount
from shop.processes.returns.judging import Verdict
from shop.processes.returns.wanted import Swap, Wanted


def swaps_of(
    order: Order,
    asked: Sequence[Wanted],
    swaps: Mapping[int, int],
    known: Mapping[int, Verdict],
    now: dt.datetime,
) -> tuple[dict[int, Swap], list[str]]:
    """The wanted pieces at today's price for this buyer, by line; and why some can't be had."""
    variants = Variant.objects.select_related("product__type__tax_class").in_bulk(
        set(swaps.values())
    )
    units = {pk: sum(one.units for one in asked if swaps.get(one.line_id) == pk) for pk in variants}
    prices = _prices(order, units, now)
    found, problems = {}, []
    for one in asked:
        variant = variants.get(swaps.get(one.line_id, 0))
        if variant is None:
            problems.append(_("Choose what you want instead."))
        elif not known[one.line_id].can_exchange:
            problems.append(_("This can't be exchanged."))
        elif variant.pk not in prices or not is_offered(variant, order.market, now=now):
            problems.append(_("%(piece)s can't be had now.") % {"piece": variant.sku})
        else:
            found[one.line_id] = _swap(order, variant, one, prices[variant.pk])
    return found, problems


def _prices(order: Order, units: Mapping[int, int], now: dt.datetime) -> dict[int, Decimal]:
    base = {pk: one.amount for pk, one in prices_now(order.market, units, now).items()}
    groups = customer_groups(order.customer)
    listed = list_prices(market=order.market, groups=groups, units=units, base=base, now=now)
    return {pk: min(amount, listed[pk][0]) for pk, amount in base.items()}


def _swap(order: Order, variant: Variant, one: Wanted, price: Decimal) -> Swap:
    """Its gross by the rate of the piece that comes back: an estimate until it is charged."""
    tax = order.tax_lines.filter(line_id=one.line_id).first()
    total = price * one.units
    if tax and not tax.included:
        total = tax_amount(total, rate=tax.rate, included=False, currency=order.currency).gross
    return Swap(variant, one.units, price, total)
