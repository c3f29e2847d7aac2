"""Damaged units stand beside the good ones: found, thrown away, or mended."""

from django.db import transaction

from inventory.models import Location, Shortage, StockItem
from inventory.services import changing, yielding
from inventory.services.shelves import Shelf
from inventory.services.terms import Changed, Lot, Why


@transaction.atomic
def damage(
    *,
    variant_id: int,
    units: int,
    why: Why,
    location: Location | None = None,
    batch: Lot | None = None,
    take_back: bool = False,
) -> Changed:
    """Good units turn out to be damaged, and are worth nothing from now on. Raises StockRefused."""
    shelf, item = changing.locked(variant_id, why, location)
    shortages = set_apart(shelf, item, units, why, lot=batch, take_back=take_back)
    return changing.save(shelf, item, shortages)


def set_apart(
    shelf: Shelf,
    item: StockItem,
    units: int,
    why: Why,
    *,
    lot: Lot | None = None,
    take_back: bool = False,
) -> list[Shortage]:
    """The same of a locked stock item; the caller saves the shelf. Raises StockRefused."""
    changing.check_there(item.on_hand, units)
    leaving = shelf.leaving(item, units, lot)
    shortages = yielding.make_room(shelf, item, item.on_hand - units, why, take_back=take_back)
    for batch, some in leaving:
        shelf.move(item, why, on_hand=-some, damaged=some, batch=batch)
    return shortages


@transaction.atomic
def scrap(*, variant_id: int, units: int, why: Why, location: Location | None = None) -> Changed:
    """Damaged units are thrown away. Raises StockRefused when there are fewer."""
    shelf, item = changing.locked(variant_id, why, location)
    changing.check_there(item.damaged, units)
    shelf.move(item, why, damaged=-units)
    return changing.save(shelf, item, [])


@transaction.atomic
def mend(
    *,
    variant_id: int,
    units: int,
    why: Why,
    location: Location | None = None,
    batch: Lot | None = None,
) -> Changed:
    """Damaged units are good again, at the average. Raises StockRefused when there are fewer."""
    shelf, item = changing.locked(variant_id, why, location)
    changing.check_there(item.damaged, units)
    shelf.move(item, why, on_hand=units, damaged=-units, batch=shelf.arriving(item, batch))
    return changing.save(shelf, item, [])
