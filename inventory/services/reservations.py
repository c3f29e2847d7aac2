"""Reservations: units are kept for a shopper while he pays, and never in his own way."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from inventory.models import Reservation, StockItem
from inventory.services import offering, shelves
from inventory.services.offering import Offer
from inventory.services.shelves import Shelf
from inventory.services.terms import Shown
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
    before = Counter(variants_of(holder=holder))
    return keep(holder=holder, wanted=wanted, before=before, now=now, until=until).missing


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of each variant, what can't be, and what that is to pages."""

    units: Counter[int]
    missing: dict[int, int]
    shown: Shown


def keep(
    *,
    holder: UUID,
    wanted: Mapping[int, int],
    before: Counter[int],
    now: dt.datetime,
    until: dt.datetime,
) -> Kept:
    """The same for who knows what was kept before, of each variant, and keeps others from it."""
    shelf = shelves.lock(variant_ids=wanted.keys() | before.keys(), now=now)
    offer = offering.make(shelf, holder)
    had = {pk: min(units, offer.of(pk)) for pk, units in wanted.items()}
    kept = [
        Reservation(
            holder=holder,
            stock_item=offer.item(variant_id, place),
            quantity=units,
            # Who stays longer is not the youngest for it.
            created_at=offer.since.get(offer.item(variant_id, place).pk, now),
            until=until,
        )
        for variant_id, places in offer.spread(had).items()
        for place, units in places
    ]
    for one in kept:
        shelf.unreserve(one.stock_item, -one.quantity)
    shelf.save()
    insert(kept)
    kept_now = Counter({pk: units for pk, units in had.items() if units})
    missing = {pk: units - had[pk] for pk, units in wanted.items() if units > had[pk]}
    return Kept(kept_now, missing, _shown(shelf, offer, before - kept_now))


def _shown(shelf: Shelf, offer: Offer, given_up: Counter[int]) -> Shown:
    freed = given_up + offer.freed
    variants = {item.variant_id for item in shelf.items.values()}
    unseen = {pk for pk in variants if offering.is_plenty(shelf, pk, freed[pk])}
    return Shown(unseen, max(freed.values(), default=0), shelf.bundles)


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
