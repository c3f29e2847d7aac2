"""Damaging: units that can't be sold, what is mended of them, and what is thrown away."""

from django.db import transaction

from inventory.models import Location
from inventory.services import stock
from inventory.services.stock import Changed, Lot, Why
from shop.processes.stocktaking import aftermath


@transaction.atomic(durable=True)
def damage(
    *, variant_id: int, units: int, why: Why, location: Location, batch: Lot | None = None
) -> Changed:
    """Take broken units off sale and write them off. Whoever was promised one is told."""
    changed = stock.damage(
        variant_id=variant_id, units=units, why=why, location=location, batch=batch, take_back=True
    )
    aftermath.settle([changed], now=why.now)
    return changed


@transaction.atomic(durable=True)
def mend(
    *, variant_id: int, units: int, why: Why, location: Location, batch: Lot | None = None
) -> Changed:
    """Damaged units are good again. Raises StockRefused for more than are damaged."""
    changed = stock.mend(
        variant_id=variant_id, units=units, why=why, location=location, batch=batch
    )
    aftermath.settle([changed], now=why.now)
    return changed


@transaction.atomic(durable=True)
def scrap(*, variant_id: int, units: int, why: Why, location: Location) -> Changed:
    """Damaged units are thrown away. Raises StockRefused for more than are damaged."""
    changed = stock.scrap(variant_id=variant_id, units=units, why=why, location=location)
    aftermath.settle([changed], now=why.now)
    return changed
