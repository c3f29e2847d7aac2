"""Reservations: units are kept for a shopper while he pays, and never in his own way."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from inventory.models import Reservation, StockItem
from inventory.services import offering, shelves
from inventory.services.shelves import Shelf
from shop.lib.prepared import Prepared
from shop.lib.writing import insert

# Rows that a sweep ends in one go, so that its locks are short.
AT_ONCE = 100


def variants_of(*, holder: UUID) -> set[int]:
    """Variants of which something is kept for a shopper."""
    return set(VARIANTS.rows(holder=holder))


VARIANTS = Prepared(
    lambda holder: Reservation.objects.filter(holder=holder).values_list(
        "stock_item__variant_id", flat=True
    )
)


@transaction.atomic
def reserve(
    *, holder: UUID, wanted: Mapping[int, int], now: dt.datetime, until: dt.datetime
) -> dict[int, int]:
    """Keep units of variants for a shopper, as many as can be had, in place of what was kept.

    Returns the units of each variant that are still missing.
    """
    shelf = shelves.lock(variant_ids=wanted.keys() | variants_of(holder=holder), now=now)
    since = dict(
        Reservation.objects.filter(holder=holder).values_list("stock_item_id", "created_at")
    )
    offer = offering.make(shelf, holder)
    had = {pk: min(units, offer.of(pk)) for pk, units in wanted.items()}
    kept = [
        Reservation(
            holder=holder,
            stock_item=offer.item(variant_id, place),
            quantity=units,
            # Who stays longer is not the youngest for it.
            created_at=since.get(offer.item(variant_id, place).pk, now),
            until=until,
        )
        for variant_id, places in offer.spread(had).items()
        for place, units in places
    ]
    for one in kept:
        shelf.unreserve(one.stock_item, -one.quantity)
    shelf.save()
    insert(kept)
    return {pk: units - had[pk] for pk, units in wanted.items() if units > had[pk]}


@transaction.atomic
def free(*, holder: UUID) -> list[int]:
    """Nothing is kept for this shopper any more. Returns the variants of which there was."""
    variants = variants_of(holder=holder)
    items = shelves.locked_items(variant_ids=variants)
    for one in (mine := list(Reservation.objects.filter(holder=holder, stock_item__in=items))):
        items[one.stock_item_id].reserved -= one.quantity
    StockItem.objects.bulk_update(items.values(), ["reserved"])
    Reservation.objects.filter(pk__in=[one.pk for one in mine]).delete()
    return sorted(variants)


def sweep(*, now: dt.datetime) -> int:
    """End reservations that are over. Returns how many were."""
    count = 0
    while swept := sweep_some(now=now):
        count += sum(swept.values())
    return count


@transaction.atomic
def sweep_some(*, now: dt.datetime) -> dict[int, int]:
    """End some that are over: how many of each variant."""
    over = Reservation.objects.filter(until__lte=now).order_by("until")
    variants = over.values_list("stock_item__variant_id", flat=True)
    return _drop_expired(shelves.lock(variant_ids=variants[:AT_ONCE], now=now))


def _drop_expired(shelf: Shelf) -> dict[int, int]:
    before = {item.pk for item in shelf.items.values() if item.reserved}
    rows = Reservation.objects.filter(stock_item__in=before, until__lte=shelf.now)
    counts: dict[int, int] = {}
    for one in rows:
        variant_id = shelf.items[one.stock_item_id].variant_id
        counts[variant_id] = counts.get(variant_id, 0) + 1
    offering.make(shelf)
    shelf.save()
    return counts
