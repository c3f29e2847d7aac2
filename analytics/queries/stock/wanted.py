"""What people want and do not find: searches without results, requests to be told, wishes."""

import datetime as dt
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from analytics.queries.stock.levels import FREE
from catalog.models import SearchCount, Variant
from inventory.models import StockItem
from marketing.models import Alert
from orders.models import WishlistLine


def searches(*, since: dt.date) -> QuerySet[SearchCount, Any]:
    """Words that found nothing, by how often: dicts of text, searches, last."""
    return (
        SearchCount.objects.filter(day__gte=since, results=0)
        .values("text")
        .annotate(times=Sum("searches"), last=Max("day"))
        .order_by("-times", "text")
    )


def requests() -> QuerySet[Variant]:
    """Variants that somebody wants to be told of, with .people, .last and .free."""
    kind, is_open = Alert.Kind.BACK_IN_STOCK, [str(one) for one in Alert.OPEN]
    return _wanted(Alert.objects.filter(kind=kind, status__in=is_open), "created_at")


def wishes() -> QuerySet[Variant]:
    """Variants on wish lists, with .people (lists), .last and .free."""
    return _wanted(WishlistLine.objects.all(), "added_at")


def _wanted(rows: QuerySet[Any], at: str) -> QuerySet[Variant]:
    mine = rows.filter(variant=OuterRef("pk")).order_by().values("variant")
    items = StockItem.objects.filter(variant=OuterRef("pk")).order_by().values("variant")
    return (
        Variant.objects.filter(pk__in=rows.values("variant"))
        .annotate(
            people=Subquery(mine.annotate(count=Count("pk")).values("count")),
            last=Subquery(mine.annotate(last=Max(at)).values("last")),
            free=Coalesce(Subquery(items.annotate(sum=Sum(FREE)).values("sum")), 0),
        )
        .select_related("product")
        .order_by("-people", "sku")
    )
