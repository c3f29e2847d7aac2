"""Units that holders give up: what is missing first, and what is set aside last."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F

from inventory.models import Allocation, Backorder, Shortage, StockMovement, StockPolicy
from inventory.services import shelves, shortages, stock
from inventory.services.shelves import Shelf
from shop.lib.locks import locked

Kind = StockMovement.Kind


@transaction.atomic
def give_up(
    *,
    quantities: Mapping[UUID, int],
    reference: str,
    now: dt.datetime,
    kind: StockMovement.Kind = Kind.CANCELLATION,
) -> list[int]:
    """Units that holders do not want any more: first what is missing, then what was to come,
    then what is set aside, the latest first. Returns the variants that others may have of.
    """
    shelf = shelves.lock(variant_ids=shortages.variants_of(quantities.keys()), now=now)
    why = stock.Why(kind, now, reference)
    for holder, units in sorted(quantities.items()):
        left = _give_up_missing(holder, units, now)
        left = _give_up_coming(holder, left)
        _give_up_held(holder, left, shelf, why)
    freed = {item.variant_id for item in shelf.changed.values()}
    shelf.save()
    return sorted(freed)


def _give_up_missing(holder: UUID, units: int, now: dt.datetime) -> int:
    for one in locked(shortages.open_of([holder])):
        taken = min(units, one.quantity)
        if taken == one.quantity:
            shortages.settle([one], Shortage.Outcome.CANCEL, now)
        elif taken:
            Shortage.objects.filter(pk=one.pk).update(quantity=one.quantity - taken)
        units -= taken
    return units


def _give_up_coming(holder: UUID, units: int) -> int:
    if not units:
        return 0
    for one in locked(Backorder.objects.filter(holder=holder)):
        taken = min(units, one.quantity)
        if one.kind != Backorder.Kind.SHORT:
            rows = StockPolicy.objects.filter(variant=one.variant_id)
            rows.update(waiting=F("waiting") - taken)
        if taken == one.quantity:
            one.delete()
        else:
            Backorder.objects.filter(pk=one.pk).update(quantity=one.quantity - taken)
        units -= taken
    return units


def _give_up_held(holder: UUID, units: int, shelf: Shelf, why: stock.Why) -> None:
    held = locked(Allocation.objects.filter(holder=holder))
    for one in sorted(held, key=lambda row: (row.created_at, row.pk), reverse=True):
        taken = min(units, one.quantity)
        if not taken:
            return
        shelf.move(shelf.items[one.stock_item_id], why, allocated=-taken)
        if taken == one.quantity:
            one.delete()
        else:
            Allocation.objects.filter(pk=one.pk).update(quantity=one.quantity - taken)
        units -= taken
