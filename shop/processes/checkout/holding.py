"""Holding: while a shopper pays, what is in the cart is kept for him, for a quarter of an hour."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import JSONObject

from catalog.models import BundlePart
from inventory.models import Reservation, StockItem
from inventory.queries import availability
from inventory.services import reservations
from orders.models import Cart, CartLine
from shop.lib.locks import locked_as
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
    if not locked_as(CART, cart=cart.pk):
        return {}
    known = _known(cart)
    if not known.kept and known.is_scarce and _is_gone(known.wanted, now):
        # In a crowd most come too late: they wait for nobody's lock.
        return dict(known.wanted)
    begun = min((since for since, until in known.times if until > now), default=now)
    found = reservations.keep(
        holder=cart.holder,
        wanted=known.wanted,
        before=known.kept,
        now=now,
        until=min(now + PATIENCE, begun + LONGEST),
    )
    given_up = known.kept - found.units
    changed = set(given_up | (found.units - known.kept))
    if found.shown.freed:
        # What somebody else kept too long may be of any of them.
        changed = known.wanted.keys() | known.kept.keys()
    if changed:
        browsing.stock_moved(variant_ids=changed, now=now, shown=found.shown)
    if given_up:
        filling.fill(variant_ids=given_up, now=now)
    return found.missing


def _is_gone(wanted: Counter[int], now: dt.datetime) -> bool:
    return not any(one.available > 0 for one in availability(wanted, now=now).values())


@dataclass(frozen=True, slots=True)
class _Known:
    """Units of everything on a shelf that a cart wants: a bundle's parts for the bundle, nothing
    for what is made. kept: what there is of it for its shopper, and times: since and until when.

    is_scarce: counters show nothing of it that is free; they count what was kept too long.
    """

    wanted: Counter[int]
    kept: Counter[int]
    times: list[tuple[dt.datetime, dt.datetime]]
    is_scarce: bool


def follow(*, cart: Cart, now: dt.datetime) -> None:
    """The cart changed: what is kept changes with it, if its shopper has begun to pay."""
    if KEPT.rows(holder=cart.holder):
        hold(cart=cart, now=now)


def _known(cart: Cart) -> _Known:
    """One query, once the cart is locked."""
    lines, rows = KNOWN.rows(cart=cart.pk)[0]
    wanted, kept = Counter[int](), Counter[int]()
    is_scarce = True
    for line in lines:
        for part in line["parts"] or [line]:
            wanted[part["variant"]] += line["units"] * (1 if part is line else part["units"])
            is_scarce = is_scarce and not part["is_free"]
    for row in rows:
        kept[row["variant"]] += row["units"]
    times = [tuple(map(dt.datetime.fromisoformat, (row["since"], row["until"]))) for row in rows]
    return _Known(wanted, kept, times, is_scarce)  # type: ignore[arg-type]


def _known_rows(cart: int) -> "QuerySet[Cart, Any]":
    lines = CartLine.objects.filter(cart=OuterRef("pk"), variant__product__type__is_shipped=True)
    parts = BundlePart.objects.filter(bundle=OuterRef("variant"))
    told_parts = JSONObject(variant="part_id", units="quantity", is_free=_is_free("part"))
    told_lines = JSONObject(
        variant="variant_id",
        units="quantity",
        is_free=_is_free("variant"),
        parts=ArraySubquery(parts.order_by().values_list(told_parts)),
    )
    told_kept = JSONObject(
        variant="stock_item__variant_id", units="quantity", since="created_at", until="until"
    )
    kept = Reservation.objects.filter(holder=OuterRef("holder")).order_by()
    return Cart.objects.filter(pk=cart).values_list(
        ArraySubquery(lines.order_by().values_list(told_lines)),
        ArraySubquery(kept.values_list(told_kept)),
    )


def _is_free(variant: str) -> Exists:
    taken = F("allocated") + F("reserved") + F("safety")
    return Exists(StockItem.objects.filter(variant=OuterRef(variant), on_hand__gt=taken))


CART = Prepared(
    lambda cart: Cart.objects.filter(pk=cart, ordered_at=None).values_list("pk").select_for_update()
)
KNOWN = Prepared(_known_rows)
# What is kept for a shopper.
KEPT = Prepared(lambda holder: Reservation.objects.filter(holder=holder).values_list("pk"))


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
