"""Suppliers, what they offer, and what the shop expects to sell."""

import datetime as dt
from decimal import Decimal

from inventory.models import Forecast, Supplier, SupplierOffer


def supplier(code="pottery", **fields):
    defaults = {"name": code.title(), "currency": "GBP"} | fields
    return Supplier.objects.get_or_create(code=code, defaults=defaults)[0]


def offered(variant, cost="10.00", *, by="pottery", **fields):
    """An offer of the variant, as they call it: their-<sku>."""
    fields.setdefault("supplier_sku", f"their-{variant.sku}")
    fields.setdefault("is_preferred", True)
    return SupplierOffer.objects.create(
        supplier=supplier(by), variant=variant, cost=Decimal(cost), **fields
    )


def forecast_of(variant, weekly="7", *, made_on=dt.date(2026, 11, 20), **fields):
    """The current forecast of a variant: as many each week, give or take three."""
    mean = Decimal(weekly)
    weeks = 8
    defaults = {
        "method": "ses",
        "pattern": "smooth",
        "first_week_on": made_on - dt.timedelta(days=made_on.weekday()),
        "weekly": mean,
        "mean": [float(mean)] * weeks,
        "low": [max(0.0, float(mean) - 3)] * weeks,
        "high": [float(mean) + 3] * weeks,
        "sigma": Decimal(2),
        "lead_days": 14,
        "service_level": Decimal("0.95"),
        "safety_stock": 3,
        "reorder_point": 17,
        "order_up_to": 40,
    }
    return Forecast.objects.create(variant=variant, made_on=made_on, **(defaults | fields))
