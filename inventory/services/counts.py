"""Counted stock from lists: many variants at once, at the default location."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from inventory.models import StockItem, StockMovement
from inventory.services.stock import Why, default_location
from shop.lib.locks import locked

PREFIX = "list:"


@dataclass
class Counted:
    """Variants whose figure was taken over, and those with more promised than was counted."""

    changed: list[int] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)


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
    known = locked(StockItem.objects.filter(variant_id__in=on_hand, location=location))
    counted = Counted()
    movements = []
    for item in known:
        units = on_hand[item.variant_id]
        if units < item.allocated:
            counted.refused[item.variant_id] = item.allocated
            continue
        movements.append(_movement(item, units - item.on_hand, units, why))
        item.on_hand = units
    if known:
        StockItem.objects.bulk_update(known, ["on_hand"])
    missing = sorted(on_hand.keys() - {item.variant_id for item in known})
    new = StockItem.objects.bulk_create(
        StockItem(variant_id=variant_id, location=location, on_hand=on_hand[variant_id])
        for variant_id in missing
    )
    movements += [_movement(item, item.on_hand, item.on_hand, why) for item in new]
    StockMovement.objects.bulk_create(movements)
    counted.changed = sorted(on_hand.keys() - counted.refused.keys())
    return counted


def _movement(item: StockItem, change: int, units: int, why: Why) -> StockMovement:
    return StockMovement(
        stock_item=item,
        kind=why.kind,
        on_hand_change=change,
        reason=why.reason,
        reference=f"{PREFIX}{units}",
        actor=why.actor,
        at=why.now,
    )
