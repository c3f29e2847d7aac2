"""What lies on a variant's shelves, as a subquery: free for anybody, kept, past its date."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, JSONObject

from inventory.models import Batch, Reservation, StockItem, StockPolicy


def told_of(variant: str, shopper: UUID | None, now: dt.datetime, today: dt.date) -> Subquery:
    """{free, own, paying, low, waiting} of a variant over all places that send, as JSON.

    free: of nobody; own: the shopper's reservations; paying: those of others; waiting: units that
    others wait for. Null without any stock item. today: the day in the shop.
    """
    kept = Reservation.objects.filter(stock_item=OuterRef("pk"), until__gt=now)
    items = (
        StockItem.objects.filter(
            variant=OuterRef(variant), location__is_active=True, location__sends_orders=True
        )
        .order_by()
        .annotate(
            own=_sum(kept.filter(holder=shopper)) if shopper else F("reserved") * 0,
            kept=_sum(kept),
            stale=_sum(_stale(today)),
        )
        .annotate(
            rest=Greatest(0, F("on_hand") - F("allocated") - F("kept") - F("safety") - F("stale"))
        )
        .values("variant_id")
    )
    waiting = StockPolicy.objects.filter(variant=OuterRef("variant_id")).values("waiting")
    told = JSONObject(
        free=Sum("rest"),
        own=Sum("own"),
        paying=Sum(F("kept") - F("own")),
        low=Sum("low_at"),
        waiting=Coalesce(Subquery(waiting), 0),
    )
    return Subquery(items.values_list(told))


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
