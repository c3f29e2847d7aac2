"""Promised units that are not there: noticed, waited for, swapped, found after all.

An open shortage is the part of a holder's promise that is neither set aside nor to come.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from inventory.models import Allocation, Backorder, Location, Shortage, StockItem, StockMovement
from inventory.services import backorders, shelves, stock
from inventory.services.shelves import Shelf
from inventory.services.stock import Filled, Route
from shop.lib.errors import Refused
from shop.lib.locks import locked

Kind = StockMovement.Kind
Outcome = Shortage.Outcome


class NotShort(Refused):
    """Raised when nothing is missing (any more)."""


def open_of(holders: Iterable[UUID]) -> QuerySet[Shortage]:
    """What is missing and nobody has decided about."""
    return Shortage.objects.filter(holder__in=list(holders), settled_at=None)


def variants_of(holders: Collection[UUID]) -> set[int]:
    """The variants that holders have, wait for or miss."""
    held = Allocation.objects.filter(holder__in=holders).values_list("stock_item__variant")
    coming = Backorder.objects.filter(holder__in=holders).values_list("variant")
    return {pk for (pk,) in held.union(coming, open_of(holders).values_list("variant"))}


@transaction.atomic
def notice(*, holder: UUID, variant_id: int, units: int, reason: str, now: dt.datetime) -> Shortage:
    """Write down that a holder misses units; one row a holder."""
    stock.hold(variant_ids=[variant_id])
    if known := open_of([holder]).first():
        Shortage.objects.filter(pk=known.pk).update(quantity=F("quantity") + units)
        known.refresh_from_db()
        return known
    return Shortage.objects.create(
        holder=holder, variant_id=variant_id, quantity=units, reason=reason[:200], noticed_at=now
    )


@transaction.atomic
def wait(*, holders: Collection[UUID], since: dt.datetime, now: dt.datetime) -> list[Backorder]:
    """What these holders miss comes later. since: when it was ordered, their place in the queue.

    Raises NotShort.
    """
    stock.hold(variant_ids=variants_of(holders))
    missing = locked(open_of(holders))
    if not missing:
        raise NotShort(_("Nothing of this is missing any more."))
    settle(missing, Outcome.WAIT, now)
    return [
        backorders.wait(
            holder=one.holder,
            variant_id=one.variant_id,
            units=one.quantity,
            now=now,
            since=since,
        )
        for one in missing
    ]


@transaction.atomic
def swap(
    *,
    holder: UUID,
    lines: tuple[int, int],
    reference: str,
    now: dt.datetime,
    route: Route | None = None,
) -> list[int]:
    """Give a holder units of another variant for all it has: lines is (variant id, units).

    All of them from the shelf. Returns the variants freed. Raises OutOfStock, nothing done.
    """
    variant_id, units = lines
    stock.hold(variant_ids=variants_of([holder]) | {variant_id})
    settle(locked(open_of([holder])), Outcome.SUBSTITUTE, now)
    freed = stock.release(holders=[holder], reference=reference, now=now, kind=Kind.CANCELLATION)
    stock.allocate(
        lines={holder: (variant_id, units)},
        reference=reference,
        now=now,
        route=route,
        whole=[holder],
    )
    return freed


@transaction.atomic
def find(*, variant_ids: Iterable[int], now: dt.datetime, reference: str = "") -> list[Filled]:
    """What is there again goes to those who miss it, the longest missing first."""
    short = Shortage.objects.filter(settled_at=None)
    wanted = set(short.filter(variant__in=list(variant_ids)).values_list("variant_id", flat=True))
    if not wanted:
        return []
    shelf = shelves.lock(variant_ids=wanted, now=now)
    missing = locked(short.filter(variant__in=wanted))
    why = stock.Why(Kind.ALLOCATION, now, reference)
    found = [
        filled
        for one in sorted(missing, key=lambda row: (row.noticed_at, row.pk))
        if (filled := _find(one, shelf, why))
    ]
    shelf.save()
    return found


def _find(one: Shortage, shelf: Shelf, why: stock.Why) -> Filled | None:
    left = one.quantity
    items = [item for item in shelf.of(one.variant_id) if _sends(item.location)]
    for item in sorted(items, key=lambda item: (item.location.position, item.pk)):
        units = min(left, item.available - shelf.stale(item))
        if units > 0:
            _set_aside(one.holder, item, units, why.now)
            shelf.move(item, why, allocated=units)
            left -= units
    if left == one.quantity:
        return None
    if left:
        Shortage.objects.filter(pk=one.pk).update(quantity=left)
    else:
        settle([one], Outcome.FOUND, why.now)
    return Filled(one.holder, one.variant_id, one.quantity - left, left)


def _sends(place: Location) -> bool:
    return place.is_active and place.sends_orders


def _set_aside(holder: UUID, item: StockItem, units: int, now: dt.datetime) -> None:
    known = Allocation.objects.filter(holder=holder, stock_item=item)
    if not known.update(quantity=F("quantity") + units):
        Allocation.objects.create(holder=holder, stock_item=item, quantity=units, created_at=now)


def settle(rows: Iterable[Shortage], outcome: str, now: dt.datetime) -> None:
    """Write down what became of them. They must be locked."""
    ids = [one.pk for one in rows]
    Shortage.objects.filter(pk__in=ids).update(settled_at=now, outcome=outcome)
