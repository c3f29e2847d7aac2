"""What is sold before it is there: policies, purchase orders on the way, and who waits."""

import datetime as dt
from itertools import count

from django.utils import timezone

from inventory.models import (
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    StockPolicy,
    Supplier,
)
from inventory.services.stock import default_location

Selling = StockPolicy.Selling
_numbers = count(1)


def sold_ahead(variant, limit=5, **fields):
    """The variant with a policy: units that come later may be bought, up to a limit."""
    defaults = {"selling": Selling.BACKORDER, "limit": limit, **fields}
    StockPolicy.objects.update_or_create(variant=variant, defaults=defaults)
    return variant


def preordered(variant, day, limit=5):
    """The variant as it is sold before its first day."""
    return sold_ahead(variant, limit, selling=Selling.PREORDER, available_on=day)


def on_order(variant, units, day, *, location: Location | None = None):
    """Units that a supplier is to bring on a day. Returns the line of the purchase order."""
    supplier, _made = Supplier.objects.get_or_create(
        code="potter", defaults={"name": "Potter", "currency": "GBP"}
    )
    order = PurchaseOrder.objects.create(
        number=f"PO-AHEAD-{next(_numbers)}",
        supplier=supplier,
        location=location or default_location(),
        status=PurchaseOrder.Status.ORDERED,
        currency="GBP",
        expected_on=day,
        created_at=timezone.now(),
        ordered_at=timezone.now(),
    )
    return PurchaseOrderLine.objects.create(
        order=order, variant=variant, quantity=units, unit_cost=1
    )


def in_days(days, now: dt.datetime | None = None):
    return (now or timezone.now()).date() + dt.timedelta(days=days)
