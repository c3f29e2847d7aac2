"""Backorders: who waits, until when, and what comes goes to the one who waits longest."""

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import F

from inventory.models import Backorder, StockItem, StockMovement
from inventory.services import incoming, offering, owing, promising, shelves
from inventory.services.offering import Offer
from inventory.services.promising import Take
from inventory.services.shelves import Shelf
from inventory.services.terms import Filled, Why

FREE = F("allocated") + F("reserved") + F("safety")


@transaction.atomic
def fill(*, variant_ids: Collection[int], now: dt.datetime, reference: str = "") -> list[Filled]:
    """Give what is there to those who wait, oldest first; a pre-order from its first day on."""
    if not Backorder.objects.filter(variant__in=variant_ids).exists():
        return []
    shelf = shelves.lock(variant_ids=variant_ids, now=now)
    offer = offering.make(shelf)
    why = Why(kind=StockMovement.Kind.ALLOCATION, now=now, reference=reference)
    takes: list[Take] = []
    rows: list[Backorder] = []
    filled: list[Filled] = []
    for variant_id in sorted(set(variant_ids)):
        for row, units in _served(shelf, offer, variant_id):
            takes += _takes(offer, row, units)
            owing.less(shelf, row, units)
            rows.append(row)
            filled.append(Filled(row.holder, variant_id, units, row.quantity))
    promising.grant(shelf, takes, why)
    owing.save(shelf, rows)
    shelf.save()
    return filled


def _served(shelf: Shelf, offer: Offer, variant_id: int) -> Iterator[tuple[Backorder, int]]:
    """Rows that get something, and how much."""
    left = sum(offer.units.get(variant_id, {}).values())
    rows = Backorder.objects.filter(variant=variant_id).order_by("created_at", "pk")
    policy = shelf.policies.get(variant_id)
    if policy is not None and offering.is_too_early(policy, shelf.now):
        rows = rows.exclude(kind=Backorder.Kind.PREORDER)
    for row in rows[:left]:
        if units := min(left, row.quantity):
            left -= units
            yield row, units


def _takes(offer: Offer, row: Backorder, units: int) -> Iterator[Take]:
    """Where the units of a row are; they are gone from the offer then."""
    offered = offer.units[row.variant_id]
    for place, some in offer.spread({row.variant_id: units})[row.variant_id]:
        offered[place] -= some
        yield Take(row.holder, offer.item(row.variant_id, place), some)


def promise(*, variant_id: int, now: dt.datetime, units: int = 1) -> dt.date | None:
    """The day from which so many more units can be promised; None when nobody knows."""
    return incoming.expected(variant_ids=[variant_id], now=now)[variant_id].day(units)


def promises(*, variant_ids: Collection[int], now: dt.datetime) -> dict[int, dt.date | None]:
    """The same of one unit of each variant. Three queries."""
    found = incoming.expected(variant_ids=variant_ids, now=now)
    return {pk: one.day(1) for pk, one in found.items()}


@transaction.atomic
def wait(
    *,
    holder: UUID,
    variant_id: int,
    units: int,
    now: dt.datetime,
    since: dt.datetime | None = None,
) -> Backorder:
    """A holder who lost units waits for others. since: when he ordered, his place in the queue.

    Who waits already, has one row with both, outside the limit.
    """
    shelf = shelves.lock(variant_ids=[variant_id], now=now)
    row = Backorder.objects.filter(holder=holder).first()
    if row is None:
        row = Backorder(holder=holder, variant_id=variant_id, quantity=0, created_at=since or now)
    else:
        owing.less(shelf, row, before := row.quantity)
        row.quantity = before
    row.kind = Backorder.Kind.SHORT
    row.promised_on = promise(variant_id=variant_id, now=now, units=units)
    row.quantity += units
    owing.save(shelf, [row])
    return row


def fillable() -> list[int]:
    """Variants that somebody waits for and that are there."""
    there = StockItem.objects.filter(
        on_hand__gt=FREE, location__is_active=True, location__sends_orders=True
    )
    rows = Backorder.objects.filter(variant__in=there.values("variant"))
    return sorted(set(rows.values_list("variant_id", flat=True)))
