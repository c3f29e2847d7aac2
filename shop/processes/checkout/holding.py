"""Holding: while a shopper pays, what is in the cart is kept for him, for a quarter of an hour."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Sum
from django.db.models.functions import JSONObject

from catalog.models import BundlePart
from inventory.models import Reservation
from inventory.queries import availability
from inventory.services import reservations
from orders.models import Cart, CartLine
from shop.lib.locks import locked
from shop.lib.prepared import Prepared
from shop.processes import browsing, filling

PATIENCE = dt.timedelta(minutes=15)
# However busy a shopper is: then it is somebody else's turn.
LONGEST = dt.timedelta(hours=1)


@transaction.atomic(durable=True)
def hold(*, cart: Cart, now: dt.datetime) -> dict[int, int]:
    """Keep the goods of a cart for its shopper from now on, as many as can be had.

    Again: for longer, and for what the cart holds by now. Returns the units of each variant that
    can't be kept; some of them may be sold ahead.
    """
    found = locked(Cart.objects.filter(pk=cart.pk, ordered_at=None))
    if not found:
        return {}
    wanted, mine = _wanted(cart), KEPT.rows(holder=cart.holder)
    before = _units(mine)
    if not before and _is_gone(wanted, now):
        # In a crowd most come too late: they wait for nobody's lock.
        return dict(wanted)
    begun = min((since for _pk, _units, since, until in mine if until > now), default=now)
    until = min(now + PATIENCE, begun + LONGEST)
    missing = reservations.reserve(holder=cart.holder, wanted=wanted, now=now, until=until)
    after = _units(KEPT.rows(holder=cart.holder))
    freed = before - after
    if changed := (freed | (after - before)).keys():
        browsing.stock_moved(variant_ids=changed, now=now, freed=max(freed.values(), default=0))
    if freed:
        filling.fill(variant_ids=freed, now=now)
    return missing


def _is_gone(wanted: Counter[int], now: dt.datetime) -> bool:
    return not any(one.available > 0 for one in availability(wanted, now=now).values())


def follow(*, cart: Cart, now: dt.datetime) -> None:
    """The cart changed: what is kept changes with it, if its shopper has begun to pay."""
    if KEPT.rows(holder=cart.holder):
        hold(cart=cart, now=now)


def _wanted(cart: Cart) -> Counter[int]:
    """Units of everything on a shelf: a bundle's parts for the bundle, nothing for what is made."""
    wanted = Counter[int]()
    for variant_id, quantity, parts in WANTED.rows(cart=cart.pk):
        for part in parts or [{"part": variant_id, "units": 1}]:
            wanted[part["part"]] += part["units"] * quantity
    return wanted


def _units(kept: Iterable[tuple[int, int, dt.datetime, dt.datetime]]) -> Counter[int]:
    found = Counter[int]()
    for variant_id, units, _since, _until in kept:
        found[variant_id] += units
    return found


def _wanted_rows(cart: int) -> "QuerySet[CartLine, Any]":
    parts = BundlePart.objects.filter(bundle=OuterRef("variant"))
    return CartLine.objects.filter(cart=cart, variant__product__type__is_shipped=True).values_list(
        "variant_id",
        "quantity",
        ArraySubquery(parts.values(told=JSONObject(part="part_id", units="quantity"))),
    )


WANTED = Prepared(_wanted_rows)
# What is kept for a shopper: variant, units, since when and until when.
KEPT = Prepared(
    lambda holder: Reservation.objects.filter(holder=holder).values_list(
        "stock_item__variant_id", "quantity", "created_at", "until"
    )
)


def sweep(*, now: dt.datetime) -> int:
    """End what nobody pays for any more. Returns how many reservations ended."""
    over = Reservation.objects.filter(until__lte=now).values_list("stock_item__variant_id")
    freed = dict(over.order_by().annotate(units=Sum("quantity")))
    if not freed:
        return 0
    ended = reservations.sweep(now=now)
    with transaction.atomic():
        browsing.stock_moved(variant_ids=freed, now=now, freed=max(freed.values()))
        filling.fill(variant_ids=freed, now=now)
    return ended
