"""Suppliers, what they offer, and what is on order with them."""

import datetime as dt
from decimal import Decimal
from itertools import count
from uuid import uuid4

from django.utils import timezone

from inventory.models import Location, PriceBreak, Supplier, SupplierOffer
from inventory.services import purchases
from inventory.services.purchases import Wanted
from inventory.services.receipts import Came, Delivery
from shop.processes.replenishment import ordering, receiving
from tests.factories.catalog import VariantFactory

_numbers = count(1)


def supplier(**fields):
    number = next(_numbers)
    known = {
        "code": f"supplier-{number}",
        "name": f"Supplier {number}",
        "email": f"orders-{number}@supplier.example",
        "currency": "GBP",
    }
    return Supplier.objects.create(**known | fields)


def warehouse():
    rows = Location.objects.order_by("position", "pk")
    return rows.first() or Location.objects.create(code="main", name="Main warehouse")


def offer(by, variant=None, *, breaks=(), **fields):
    """What a supplier sells a variant for. breaks: (from units, cost)."""
    found = SupplierOffer.objects.create(
        supplier=by,
        variant=variant or VariantFactory(),
        **fields | {"cost": Decimal(fields.get("cost", "2.00"))},
    )
    PriceBreak.objects.bulk_create(
        PriceBreak(offer=found, from_units=units, cost=Decimal(cost)) for units, cost in breaks
    )
    return found


def draft_of(by, *wanted, location=None, now=None, **fields):
    """A draft; wanted: (variant, units) or (variant, units, cost of one)."""
    order = purchases.draft(
        supplier=by,
        location=location or warehouse(),
        lines=[
            Wanted(variant.pk, units, unit_cost=Decimal(cost[0]) if cost else None)
            for variant, units, *cost in wanted
        ],
        now=now or timezone.now(),
    ).order
    for name, value in fields.items():
        setattr(order, name, value)
    order.save()
    return order


def on_order(by, *wanted, now: dt.datetime | None = None, **fields):
    """The same, ordered."""
    now = now or timezone.now()
    order = draft_of(by, *wanted, now=now, **fields)
    return ordering.order(order_id=order.pk, now=now, actor=None)


def came(order, *units, key=None, now=None, **terms):
    """Take a delivery in; units: per line of the order, good ones or (good, refused)."""
    lines = []
    for line, many in zip(order.lines.order_by("position"), units, strict=False):
        good, refused = many if isinstance(many, tuple) else (many, 0)
        lines.append(Came(line.pk, good, refused, "broken" if refused else ""))
    return receiving.receive(
        order_id=order.pk,
        delivery=Delivery(key=key or uuid4(), lines=lines, **terms),
        now=now or timezone.now(),
        actor=None,
    )
