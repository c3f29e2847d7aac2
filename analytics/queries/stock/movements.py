"""The rows behind figures about stock: movements of some days, of a kind, of a variant."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalog.models import Variant
from inventory.models import StockMovement
from shop.lib.workdays import shop_zone


@dataclass(frozen=True, slots=True)
class Which:
    """last: included. kinds: empty for all."""

    first: dt.date | None = None
    last: dt.date | None = None
    kinds: Sequence[str] = ()
    location: str = ""
    words: str = ""
    is_only_units: bool = False


def movements(which: Which) -> QuerySet[StockMovement]:
    """Newest first, with everything a row shows."""
    rows = StockMovement.objects.select_related(
        "stock_item__variant", "stock_item__location", "actor", "batch"
    ).order_by("-at", "-pk")
    return rows.filter(_days(which), _what(which))


def _days(which: Which) -> Q:
    days = Q()
    if which.first:
        days &= Q(at__gte=midnight(which.first))
    if which.last:
        days &= Q(at__lt=midnight(which.last + dt.timedelta(days=1)))
    return days


def _what(which: Which) -> Q:
    narrowed = Q()
    if which.kinds:
        narrowed &= Q(kind__in=which.kinds)
    if which.location:
        narrowed &= Q(stock_item__location__code=which.location)
    if which.words:
        narrowed &= Q(stock_item__variant__sku__iexact=which.words) | Q(reference=which.words)
    if which.is_only_units:
        narrowed &= ~Q(on_hand_change=0) | ~Q(damaged_change=0) | ~Q(value_change=0)
    return narrowed


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=shop_zone())


def movements_of(variant: Variant, kind: str = "") -> QuerySet[StockMovement]:
    """A variant's, newest first."""
    items = [item.pk for item in variant.stock_items.all()]
    rows = StockMovement.objects.filter(stock_item__in=items)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("stock_item__location", "actor", "batch").order_by("-at", "-pk")
