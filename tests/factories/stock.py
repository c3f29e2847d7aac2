import datetime as dt

from django.utils import timezone

from inventory.models import StockItem, StockMovement
from inventory.services import stock
from inventory.services.stock import Why
from payments.services.books import goods
from tests.factories.catalog import VariantFactory


def in_stock(units=10, *, variant=None, now: dt.datetime | None = None, **fields):
    """A variant with units on the shelf, through the same door as in the shop."""
    variant = variant or VariantFactory(**fields)
    why = Why(kind=StockMovement.Kind.RECEIPT, now=now or timezone.now(), reason="delivered")
    changed = stock.change_on_hand(variant_id=variant.pk, change=units, why=why)
    goods.post_movements(changed.movements)
    return variant


def stock_of(variant):
    """(on hand, allocated)"""
    item = StockItem.objects.get(variant=variant)
    return item.on_hand, item.allocated
