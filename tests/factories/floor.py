"""A stock room to test with: places, bins, batches, orders on their way."""

import datetime as dt
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from inventory.models import Bin, Location, StockItem, StockPolicy, Supplier
from inventory.services import bins, purchases, stock
from inventory.services.purchases import Wanted
from shop.processes import stocktaking
from shop.processes.replenishment import ordering
from tests.factories.catalog import MarketFactory, VariantFactory
from tests.factories.people import UserFactory


class SupplierFactory(DjangoModelFactory):
    class Meta:
        model = Supplier

    code = factory.Sequence(lambda n: f"supplier-{n}")
    name = factory.Sequence(lambda n: f"Kiln {n}")
    email = "orders@kiln.example"
    currency = "GBP"


class LocationFactory(DjangoModelFactory):
    class Meta:
        model = Location

    code = factory.Sequence(lambda n: f"place-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")
    position = factory.Sequence(lambda n: n + 10)


def shelved(units, *, location=None, batch=None, cost="4.00", variant=None, **fields):
    """A variant with so many units at a location, in the books at its cost."""
    variant = variant or VariantFactory(cost=Decimal(cost), **fields)
    kind = stock.Why(kind="receipt", now=timezone.now(), reason="delivered")
    stocktaking.correct(
        variant_id=variant.pk, change=units, why=kind, location=location, batch=batch
    )
    return variant


def tracked(**fields):
    """A variant with batches."""
    variant = VariantFactory(cost=Decimal("4.00"), **fields)
    StockPolicy.objects.create(variant=variant, tracks_batches=True)
    return variant


def at(variant, location=None):
    """The stock item of a variant at a location."""
    return StockItem.objects.get(variant=variant, location=location or stock.default_location())


def in_bin(variant, code, location=None):
    """Say that a variant lies in a bin, made when it is missing."""
    place, _new = Bin.objects.get_or_create(
        location=location or stock.default_location(),
        code=code,
        defaults={"position": Bin.objects.count()},
    )
    bins.put(place=place, variant=variant)
    return place


def on_order(lines, **fields):
    """A purchase order that was sent: {variant: units}, each for 4.00."""
    MarketFactory()
    supplier = SupplierFactory(**fields)
    now = timezone.now()
    made = purchases.draft(
        supplier=supplier,
        location=stock.default_location(),
        lines=[
            Wanted(variant_id=variant.pk, quantity=units, unit_cost=Decimal("4.00"))
            for variant, units in lines.items()
        ],
        now=now,
    ).order
    return ordering.order(order_id=made.pk, now=now, actor=UserFactory())


def tomorrow():
    return timezone.localdate() + dt.timedelta(days=1)
