"""Suggesting: one draft order for each supplier of what is about to run out. A person sends it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from catalog.models import Product
from catalog.queries.rates import exchange_rate
from inventory.models import Forecast, Location, Supplier, SupplierOffer
from inventory.queries.policies import buying_policy
from inventory.queries.positions import Position, positions
from inventory.services import planning, purchases
from inventory.services.planning import Line, Need
from inventory.services.purchases import Wanted
from inventory.services.reorder import Levels, days_of_cover
from shop.lib.locks import try_singleton


@dataclass(frozen=True, slots=True)
class Suggested:
    """Orders drafted or brought up to date (their ids), and how many drafts went."""

    orders: list[int]
    withdrawn: int


@transaction.atomic(durable=True)
def suggest(*, now: dt.datetime) -> Suggested | None:
    """Bring the suggested drafts up to date with tonight's levels.

    None when the shop does not order by itself, or another worker is at it.
    """
    policy = buying_policy()
    if not policy.is_on or not try_singleton("replenishment.suggest"):
        return None
    offers = offers_to_watch()
    needs = list(needs_of(offers, now=now))
    suppliers = {offer.supplier_id: offer.supplier for offer in offers}
    lines = planning.plan(
        needs=needs,
        minimums={one.pk: one.minimum for one in suppliers.values()},
        budget=policy.budget,
    )
    orders = _draft(lines, suppliers=suppliers, now=now)
    return Suggested(orders, purchases.withdraw_suggestions(keep=orders, now=now))


def offers_to_watch() -> Sequence[SupplierOffer]:
    """Preferred offers of what the shop goes on selling, with price breaks."""
    reordered = Q(variant__stock_policy=None) | Q(variant__stock_policy__is_reordered=True)
    rows = SupplierOffer.objects.filter(
        reordered,
        is_preferred=True,
        is_active=True,
        supplier__is_active=True,
        variant__is_active=True,
        variant__product__status=Product.Status.ACTIVE,
    )
    return list(rows.select_related("supplier").prefetch_related("breaks").order_by("pk"))


def needs_of(offers: Collection[SupplierOffer], *, now: dt.datetime) -> Iterator[Need]:
    """What stands at or below its reorder point, counting what comes and what is owed."""
    variants = [offer.variant_id for offer in offers]
    there = positions(variants)
    expected = {
        row.variant_id: row
        for row in Forecast.objects.filter(variant__in=variants, is_current=True)
    }
    currencies = {offer.supplier.currency for offer in offers}
    # Without a rate the budget takes the foreign amount as it is; ordering then asks for one.
    rates = {code: exchange_rate(code, now) or Decimal(1) for code in currencies}
    for offer in offers:
        position, forecast = there.get(offer.variant_id), expected.get(offer.variant_id)
        if position and forecast and position.units <= forecast.reorder_point:
            yield _need(offer, position, forecast, rate=rates[offer.supplier.currency])


def _need(offer: SupplierOffer, position: Position, forecast: Forecast, *, rate: Decimal) -> Need:
    cover = days_of_cover(units=position.units, weekly=forecast.weekly)
    return Need(
        offer=offer,
        location_id=position.location_id,
        position=position.units,
        weekly=forecast.weekly,
        levels=Levels(forecast.safety_stock, forecast.reorder_point, forecast.order_up_to),
        rate=rate,
        facts={
            "available": position.available,
            "incoming": position.incoming,
            "owed": position.owed,
            "drafted": position.drafted,
            "weekly": f"{forecast.weekly:.1f}",
            "days_of_cover": None if cover is None else f"{cover:.0f}",
            "lead_days": forecast.lead_days,
            "safety_stock": forecast.safety_stock,
            "reorder_point": forecast.reorder_point,
            "order_up_to": forecast.order_up_to,
        },
    )


def _draft(lines: Sequence[Line], *, suppliers: dict[int, Supplier], now: dt.datetime) -> list[int]:
    groups: dict[planning.Key, list[Wanted]] = defaultdict(list)
    for line in lines:
        wanted = Wanted(line.need.offer.variant_id, line.units, line.reasons)
        groups[line.need.key].append(wanted)
    locations = Location.objects.in_bulk({location for _, location in groups})
    return [
        purchases.draft(
            supplier=suppliers[supplier],
            location=locations[location],
            lines=wanted,
            now=now,
            is_suggested=True,
        ).order.pk
        for (supplier, location), wanted in sorted(groups.items())
    ]
