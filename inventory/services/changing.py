"""Changing what is on hand: counted, received, lost, found, moved."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Location, Shortage, StockItem
from inventory.services import shelves, yielding
from inventory.services.places import default_location
from inventory.services.shelves import Shelf
from inventory.services.terms import Changed, Lot, StockRefused, Why


@transaction.atomic
def set_on_hand(
    *,
    variant_id: int,
    on_hand: int,
    why: Why,
    location: Location | None = None,
    batch: Lot | None = None,
    value: Decimal | None = None,
    take_back: bool = False,
) -> Changed:
    """Say how many units are really there, in all or of one batch.

    Reservations yield to it. Raises StockRefused below what is promised to orders, unless
    take_back: then the youngest promises are taken back, and who held them is short.
    """
    shelf, item = locked(variant_id, why, location)
    there = item.on_hand
    if batch is not None and item.pk in shelf.lots:
        there = shelf.lots[item.pk].find(batch).on_hand
    shortages = move_units(
        shelf, item, on_hand - there, why, lot=batch, value=value, take_back=take_back
    )
    return save(shelf, item, shortages)


@transaction.atomic
def change_on_hand(
    *,
    variant_id: int,
    change: int,
    why: Why,
    location: Location | None = None,
    batch: Lot | None = None,
    value: Decimal | None = None,
    take_back: bool = False,
) -> Changed:
    """Add or remove units. value: what those that come cost altogether, in the books' currency.

    Raises StockRefused when there are not so many, or as set_on_hand() does.
    """
    shelf, item = locked(variant_id, why, location)
    shortages = move_units(shelf, item, change, why, lot=batch, value=value, take_back=take_back)
    return save(shelf, item, shortages)


def locked(variant_id: int, why: Why, location: Location | None) -> tuple[Shelf, StockItem]:
    place = location or default_location()
    shelf = shelves.lock(variant_ids=[variant_id], now=why.now, place=place)
    return shelf, shelf.at(variant_id, place)


def move_units(
    shelf: Shelf,
    item: StockItem,
    units: int,
    why: Why,
    *,
    lot: Lot | None = None,
    value: Decimal | None = None,
    take_back: bool = False,
) -> list[Shortage]:
    """Add units to a locked stock item or take some from it; the caller saves the shelf.

    What comes is added to its batch, or to the one without a label; what goes is taken from its
    batch, or from what expires first. Raises StockRefused.
    """
    if units > 0:
        shelf.move(item, why, on_hand=units, batch=shelf.arriving(item, lot), value=value)
    if units >= 0:
        return []
    check_there(item.on_hand, -units)
    leaving = shelf.leaving(item, -units, lot)
    shortages = yielding.make_room(shelf, item, item.on_hand + units, why, take_back=take_back)
    for batch, some in leaving:
        shelf.move(item, why, on_hand=-some, batch=batch)
    return shortages


def check_there(there: int, units: int) -> None:
    if units > there:
        raise StockRefused(_("There are only %(count)s units.") % {"count": there})


def save(shelf: Shelf, item: StockItem, shortages: list[Shortage]) -> Changed:
    shelf.save()
    return Changed(item, shelf.movements, shortages)
