"""Locations and what lies in them, batches included."""

from uuid import uuid4

from django.utils import timezone

from inventory.models import Batch, Location, StockItem, StockMovement, StockPolicy
from inventory.services import stock
from inventory.services.stock import Lot, Why
from tests.factories.catalog import VariantFactory

Kind = StockMovement.Kind


def place(code, position=0, **fields):
    defaults = {"name": code.title(), "position": position, **fields}
    return Location.objects.update_or_create(code=code, defaults=defaults)[0]


def put(variant, units, at=None, lot=None, now=None, **terms):
    """Units come to a location, by the shop's own door."""
    why = Why(kind=Kind.RECEIPT, now=now or timezone.now(), reason="delivered")
    return stock.change_on_hand(
        variant_id=variant.pk, change=units, why=why, location=at, batch=lot, **terms
    )


def with_batches(variant=None, **policy):
    """A variant whose stock lies in batches."""
    variant = variant or VariantFactory()
    StockPolicy.objects.update_or_create(
        variant=variant, defaults={"tracks_batches": True, **policy}
    )
    return variant


def put_batch(variant, units, code, expires_on=None, at=None):
    return put(variant, units, at, Lot(code, expires_on))


def batches_of(variant):
    """{code: units} of batches that are not used up."""
    rows = Batch.objects.filter(stock_item__variant=variant, on_hand__gt=0)
    return dict(rows.values_list("code", "on_hand"))


def item_at(variant, at):
    return StockItem.objects.get(variant=variant, location=at)


def promise(variant, units, now=None, **terms):
    """An order line that holds units; returns its holder."""
    holder = uuid4()
    stock.allocate(
        lines={holder: (variant.pk, units)},
        reference="10001",
        now=now or timezone.now(),
        **terms,
    )
    return holder
