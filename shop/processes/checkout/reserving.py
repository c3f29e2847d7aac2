"""Reserving: what an order promises its buyer is set aside, shelves and keys in one go."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from inventory.models import Location
from inventory.services import keys, stock
from inventory.services.stock import Route, Shopper
from orders.models import Order, OrderLine
from orders.queries import holders_of
from shipping.queries.pickup import is_collected
from shop.processes import browsing


def set_aside(
    *,
    order: Order,
    now: dt.datetime,
    shopper: UUID | Shopper | None = None,
    lines: Sequence[OrderLine] = (),
) -> None:
    """Promise shelves and keys to the order: whole lines and parts of bundles.

    All of it or none; what may be sold ahead follows later. shopper: whose reservations become
    the order's. lines: as they were written a moment ago, with their parts. Raises OutOfStock.
    """
    lines = lines or list(
        order.lines.select_related("variant").prefetch_related("parts").order_by("position")
    )
    units = {
        holder: (variant_id, line.quantity * each)
        for line in lines
        if line.is_shipped
        for holder, (variant_id, each) in holders_of(line).items()
        if variant_id is not None
    }
    route = route_of(order)
    promised = stock.allocate(
        lines=units,
        reference=order.number,
        now=now,
        route=route,
        shopper=shopper,
        # What is collected lies there already; a bundle goes as a whole.
        whole=units.keys() if route.place else units.keys() - {line.holder for line in lines},
    )
    pools = {
        line.holder: (line.variant_id, line.quantity)
        for line in lines
        if line.variant_id and line.variant and line.variant.uses_keys
    }
    if pools:
        keys.reserve(lines=pools, now=now)
    touched = {variant for variant, _count in (*units.values(), *pools.values())}
    shown = promised.shown
    if counted_twice := {variant for variant, _count in pools.values()}:
        bundles = {*shown.bundles, *browsing.bundles_of(counted_twice)}
        shown = replace(shown, unseen=set(shown.unseen) - counted_twice, bundles=bundles)
    browsing.stock_moved(variant_ids=touched, now=now, shown=shown)


def route_of(order: Order) -> Route:
    """Where it goes; what is collected comes from that shop of ours alone."""
    place = None
    if is_collected(order):
        code = order.pickup["code"]
        place = Location.objects.filter(code=code).values_list("pk", flat=True).first()
    return Route(order.country, order.postcode, place)
