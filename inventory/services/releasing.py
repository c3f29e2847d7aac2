"""Releasing: what was promised to a holder and has not left is anybody's again."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from inventory.models import Allocation, Backorder, Shortage, StockItem, StockMovement
from inventory.services import owing, shelves
from inventory.services.shelves import Shelf
from inventory.services.terms import Why

Kind = StockMovement.Kind


@transaction.atomic
def release(
    *,
    holders: Iterable[UUID],
    reference: str,
    now: dt.datetime,
    kind: StockMovement.Kind = Kind.RELEASE,
) -> list[int]:
    """Give back what these holders were promised: units, and units to come.

    What they were short of is settled with it. Returns the variants touched.
    """
    wanted = list(holders)
    shelf = shelves.lock(variant_ids=promised_to(wanted), now=now)
    why = Why(kind=kind, now=now, reference=reference)
    # Read only now: until the lock was ours, another process may have shipped or filled.
    allocations = held(shelf, wanted)
    backorders = list(Backorder.objects.filter(holder__in=wanted))
    for one in allocations:
        shelf.move(shelf.items[one.stock_item_id], why, allocated=-one.quantity)
    owing.end(shelf, backorders)
    shelf.save()
    Allocation.objects.filter(pk__in=[one.pk for one in allocations]).delete()
    _settle(wanted, now)
    freed = {shelf.items[one.stock_item_id].variant_id for one in allocations}
    return sorted(freed | {one.variant_id for one in backorders})


def promised_to(holders: list[UUID]) -> set[int]:
    """Variants of which these holders have, wait for or miss units."""
    there = Allocation.objects.filter(holder__in=holders).values_list("stock_item__variant_id")
    coming = Backorder.objects.filter(holder__in=holders).values_list("variant_id")
    missing = Shortage.objects.filter(holder__in=holders, settled_at=None)
    return {pk for (pk,) in there.union(coming, missing.values_list("variant_id"))}


def held(shelf: Shelf, holders: Iterable[UUID]) -> list[Allocation]:
    """Allocations of holders on a shelf, in primary-key order.

    A stock item that was made while we waited for the lock is put on the shelf as well.
    """
    found = list(Allocation.objects.filter(holder__in=list(holders)).order_by("pk"))
    if new := {one.stock_item_id for one in found} - shelf.items.keys():
        rows = StockItem.objects.filter(pk__in=new).select_related("location").order_by("pk")
        items = rows.select_for_update(of=("self",), no_key=True)
        shelf.items |= {item.pk: item for item in items}
    return found


def _settle(holders: list[UUID], now: dt.datetime) -> None:
    """Nobody is short of anything any more."""
    Shortage.objects.filter(holder__in=holders, settled_at=None).update(
        settled_at=now, outcome=Shortage.Outcome.CANCEL
    )
