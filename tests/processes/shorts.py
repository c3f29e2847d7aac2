"""Orders of which something went missing after it was promised."""

from django.utils import timezone

from inventory.models import Shortage, StockMovement
from inventory.services import stock
from inventory.services.stock import Why
from tests.factories import in_stock, paid_order


def lose(variant, units, *, reason="Broken in the store"):
    """Fewer are there than were promised."""
    why = Why(StockMovement.Kind.COUNT, timezone.now(), reason=reason)
    return stock.change_on_hand(variant_id=variant.pk, change=-units, why=why, take_back=True)


def short_order(*, quantity=3, missing=2, make=paid_order, **fields):
    """An order of which some units are not there any more."""
    variant = fields.pop("variant", None) or in_stock(quantity)
    order = make(variant=variant, quantity=quantity, **fields)
    if missing:
        lose(variant, missing)
    return order


def open_shortage():
    return Shortage.objects.get(settled_at=None)


def settled():
    """(units, outcome) of all that was decided."""
    rows = Shortage.objects.exclude(settled_at=None).order_by("pk")
    return list(rows.values_list("quantity", "outcome"))


def bring(variant, units):
    why = Why(StockMovement.Kind.RECEIPT, timezone.now())
    return stock.change_on_hand(variant_id=variant.pk, change=units, why=why)
