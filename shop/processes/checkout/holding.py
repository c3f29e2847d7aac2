"""Holding: while a shopper pays, what is in the cart is kept for him, for a quarter of an hour."""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Min, Sum

from inventory.models import Reservation
from inventory.services import reservations
from orders.models import Cart, CartLine
from shop.lib.locks import locked
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
    until = min(now + PATIENCE, _begun(cart, now) + LONGEST)
    before = _kept(cart)
    missing = reservations.reserve(holder=cart.holder, wanted=_wanted(cart), now=now, until=until)
    after = _kept(cart)
    freed = before - after
    if changed := (freed | (after - before)).keys():
        browsing.stock_moved(variant_ids=changed, now=now, freed=max(freed.values(), default=0))
        filling.fill(variant_ids=freed, now=now)
    return missing


def _begun(cart: Cart, now: dt.datetime) -> dt.datetime:
    """Since when something is kept for the shopper."""
    rows = Reservation.objects.filter(holder=cart.holder, until__gt=now)
    begun: dt.datetime | None = rows.aggregate(begun=Min("created_at"))["begun"]
    return begun or now


def follow(*, cart: Cart, now: dt.datetime) -> None:
    """The cart changed: what is kept changes with it, if its shopper has begun to pay."""
    if Reservation.objects.filter(holder=cart.holder).exists():
        hold(cart=cart, now=now)


def _wanted(cart: Cart) -> Counter[int]:
    """Units of everything on a shelf: a bundle's parts for the bundle, nothing for what is made."""
    rows = CartLine.objects.filter(cart=cart, variant__product__type__is_shipped=True)
    wanted = Counter[int]()
    for line in rows.select_related("variant").prefetch_related("variant__parts"):
        parts = list(line.variant.parts.all())
        for part in parts:
            wanted[part.part_id] += part.quantity * line.quantity
        if not parts:
            wanted[line.variant_id] += line.quantity
    return wanted


def _kept(cart: Cart) -> Counter[int]:
    rows = Reservation.objects.filter(holder=cart.holder)
    kept = Counter[int]()
    for variant_id, units in rows.values_list("stock_item__variant_id", "quantity"):
        kept[variant_id] += units
    return kept


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
