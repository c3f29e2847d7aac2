"""Correcting: a person says how many units are there, or how many came or went."""

from decimal import Decimal

from django.db import transaction

from inventory.models import Location
from inventory.services import stock
from inventory.services.stock import Changed, Lot, Why
from shop.processes.stocktaking import aftermath


@transaction.atomic
def correct(
    *,
    variant_id: int,
    why: Why,
    on_hand: int | None = None,
    change: int = 0,
    location: Location | None = None,
    batch: Lot | None = None,
    value: Decimal | None = None,
    take_back: bool = False,
) -> Changed:
    """Set the units on hand, or change them by some. value: what units that came cost in all.

    take_back: promises give way to the shelf, and whoever loses by it is told. Without it, raises
    StockRefused below what is promised.
    """
    if on_hand is None:
        changed = stock.change_on_hand(
            variant_id=variant_id,
            change=change,
            why=why,
            location=location,
            batch=batch,
            value=value,
            take_back=take_back,
        )
    else:
        changed = stock.set_on_hand(
            variant_id=variant_id,
            on_hand=on_hand,
            why=why,
            location=location,
            batch=batch,
            value=value,
            take_back=take_back,
        )
    aftermath.settle([changed], now=why.now)
    return changed
