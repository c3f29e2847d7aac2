"""Counted stock from lists: many variants at once, at the default location."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction

from inventory.models import StockItem, StockMovement
from inventory.services import changing, shelves
from inventory.services.places import default_location
from inventory.services.shelves import Shelf
from inventory.services.terms import Why

PREFIX = "list:"


@dataclass
class Counted:
    """Variants whose figure was taken over, and those with more promised than was counted."""

    changed: list[int] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    movements: list[StockMovement] = field(default_factory=list)


def news(*, on_hand: Mapping[int, int]) -> dict[int, int]:
    """The figures of a list that say something new: {variant id: units}.

    A list read a second time says nothing new, though goods were sold in between.
    """
    location = default_location()
    items = {
        item.variant_id: item
        for item in StockItem.objects.filter(variant_id__in=on_hand, location=location)
    }
    listed = _last_listed([item.pk for item in items.values()])
    found = {}
    for variant_id, units in on_hand.items():
        item = items.get(variant_id)
        if item is None or units != listed.get(item.pk, item.on_hand):
            found[variant_id] = units
    return found


def _last_listed(item_ids: list[int]) -> dict[int, int]:
    """What the last list said of each stock item."""
    rows = (
        StockMovement.objects.filter(stock_item__in=item_ids, reference__startswith=PREFIX)
        .order_by("stock_item", "-pk")
        .distinct("stock_item")
        .values_list("stock_item", "reference")
    )
    return {item: int(reference.removeprefix(PREFIX)) for item, reference in rows}


@transaction.atomic
def take(*, on_hand: Mapping[int, int], why: Why) -> Counted:
    """Set the units on hand to what was counted, with a movement each.

    Where more is promised to orders than was counted, nothing changes and it is reported.
    """
    location = default_location()
    shelf = shelves.lock(variant_ids=on_hand, now=why.now, place=location)
    counted = Counted()
    for variant_id, units in on_hand.items():
        item = shelf.at(variant_id, location)
        if units < item.allocated:
            counted.refused[variant_id] = item.allocated
        else:
            _take(shelf, item, units, replace(why, reference=f"{PREFIX}{units}"))
    shelf.save()
    counted.movements = shelf.movements
    counted.changed = sorted(on_hand.keys() - counted.refused.keys())
    return counted


def _take(shelf: Shelf, item: StockItem, units: int, why: Why) -> None:
    if units == item.on_hand:
        # What the list said is remembered, though it says nothing new.
        shelf.move(item, why)
    else:
        changing.move_units(shelf, item, units - item.on_hand, why)
