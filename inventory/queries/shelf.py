"""What lies on a variant's shelves, as a subquery: free for anybody, kept, past its date."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import (
    DateField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from inventory.models import Batch, Reservation, StockItem
from shop.lib.told import ToldRow


def shelves_of(
    variant: str, shopper: UUID | None, now: dt.datetime, today: dt.date
) -> "QuerySet[StockItem, Any]":
    """{units, kept, own, stale, low} of a variant of the outer query, in each place that sends, as JSON.

    units: not promised to any order, without the reserve; kept: in all reservations, own: in the
    shopper's; stale: too old to be sold. today: the day in the shop.
    """
    kept = Reservation.objects.filter(stock_item=OuterRef("pk"), until__gt=now)
    items = StockItem.objects.filter(
        variant=OuterRef(variant), location__is_active=True, location__sends_orders=True
    )
    return items.order_by().values_list(
        ToldRow(
            units=F("on_hand") - F("allocated") - F("safety"),
            kept=_sum(kept),
            own=_sum(kept.filter(holder=shopper)) if shopper else Value(0),
            stale=_sum(_stale(today)),
            low="low_at",
        )
    )


def _sum(rows: "QuerySet[Any]") -> Coalesce:
    """The units of rows of one stock item."""
    name = "on_hand" if rows.model is Batch else "quantity"
    return Coalesce(Subquery(rows.order_by().values("stock_item").values_list(Sum(name))), 0)


def _stale(today: dt.date) -> "QuerySet[Batch]":
    """Batches that expire too soon to be sold any more."""
    policy = "stock_item__variant__stock_policy"
    last = ExpressionWrapper(F("expires_on") - F(f"{policy}__days_fresh"), DateField())
    tracked = Q(**{f"{policy}__tracks_batches": True})
    rows = Batch.objects.filter(tracked, stock_item=OuterRef("pk"), on_hand__gt=0)
    return rows.annotate(last=last).filter(last__lt=today)
