"""Leaving: units that were promised go out of the door, what expires first before the rest."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Allocation, Location, StockItem, StockMovement
from inventory.services import releasing, shelves
from inventory.services.shelves import Shelf
from inventory.services.terms import Left, StockRefused, Why


@transaction.atomic
def consume(
    *,
    quantities: Mapping[UUID, int],
    reference: str,
    actor: User | None,
    now: dt.datetime,
    location: Location | None = None,
) -> Left:
    """Take allocated units off the shelf, because they leave: {holder: units}.

    location: only what is set aside there. Raises StockRefused when a holder was not promised that
    many, or when what is left of a batch is past its date.
    """
    shelf = shelves.lock(variant_ids=releasing.promised_to(list(quantities)), now=now)
    by_holder: dict[UUID, list[Allocation]] = defaultdict(list)
    for one in releasing.held(shelf, quantities):
        if location is None or shelf.items[one.stock_item_id].location_id == location.pk:
            by_holder[one.holder].append(one)
    why = Why(kind=StockMovement.Kind.SALE, now=now, reference=reference, actor=actor)
    touched = [
        one
        for holder, units in quantities.items()
        for one in _take_out(shelf, by_holder[holder], units, why)
    ]
    shelf.save()
    Allocation.objects.bulk_update([one for one in touched if one.quantity], ["quantity"])
    Allocation.objects.filter(pk__in=[one.pk for one in touched if not one.quantity]).delete()
    cost = -sum((one.value_change for one in shelf.movements), Decimal(0))
    variants = {shelf.items[one.stock_item_id].variant_id for one in touched}
    return Left(sorted(variants), cost)


def _take_out(
    shelf: Shelf, allocations: list[Allocation], units: int, why: Why
) -> list[Allocation]:
    """Returns the allocations that are less now."""
    if sum(one.quantity for one in allocations) < units:
        raise StockRefused(_("Fewer units are set aside for this line than you want to ship."))
    touched = []
    for one in allocations:
        if some := min(units, one.quantity):
            units -= some
            one.quantity -= some
            _move_out(shelf, shelf.items[one.stock_item_id], some, why)
            touched.append(one)
    return touched


def _move_out(shelf: Shelf, item: StockItem, units: int, why: Why) -> None:
    if item.pk not in shelf.lots:
        shelf.move(item, why, on_hand=-units, allocated=-units)
        return
    for batch, some in shelf.lots[item.pk].sold(units):
        shelf.move(item, why, on_hand=-some, allocated=-some, batch=batch)
