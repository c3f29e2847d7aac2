"""Counting what was asked for: order lines and days without stock, week by week."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Min, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncWeek

from catalog.models import Sale
from inventory.models import DemandWeek
from inventory.queries.days_out import days_out
from inventory.services import demand
from inventory.services.demand import WEEK, monday
from orders.models import Order, OrderLine
from shop.lib.workdays import shop_day, shop_zone, start_of

SOLD = (Order.Status.CONFIRMED, Order.Status.COMPLETED)
# Orders are cancelled, and units of them, for as long as this after they were placed.
RECOUNTED = 9


@transaction.atomic(durable=True)
def count(*, now: dt.datetime, weeks: int | None = None) -> int:
    """Count whole weeks anew: the last few; all there are while none is kept. Returns the rows."""
    until = monday(shop_day(now))
    since = until - WEEK * (weeks or RECOUNTED)
    first = _first_week()
    if first is None:
        return 0
    if weeks is None and not DemandWeek.objects.exists():
        since = first
    since = max(since, first)
    if since >= until:
        return 0
    return demand.keep(weeks=_counted(since, until), since=since, until=until)


def _first_week() -> dt.date | None:
    """The week of the first order: before it nobody counted."""
    placed_at = Order.objects.filter(status__in=SOLD).aggregate(first=Min("placed_at"))["first"]
    return monday(shop_day(placed_at)) if placed_at else None


def _counted(since: dt.date, until: dt.date) -> Iterator[DemandWeek]:
    sold = _sold(since, until)
    out = days_out(since=since, until=until)
    for variant, week_on in sold.keys() | out.keys():
        units, promoted = sold.get((variant, week_on), (0, 0))
        yield DemandWeek(
            variant_id=variant,
            week_on=week_on,
            units=units,
            promoted=min(promoted, units),
            days_out=out.get((variant, week_on), 0),
        )


def _sold(since: dt.date, until: dt.date) -> dict[tuple[int, dt.date], tuple[int, int]]:
    """(units, of them promoted) by variant and week; a bundle counts as its parts."""
    lines = OrderLine.objects.filter(
        order__status__in=SOLD,
        order__placed_at__gte=start_of(since),
        order__placed_at__lt=start_of(until),
        quantity__gt=F("canceled"),
    )
    left = F("quantity") - F("canceled")
    plain = _by_week(lines.filter(parts=None), variant="variant", units=left)
    parts = _by_week(lines, variant="parts__variant", units=left * F("parts__quantity"))
    totals: dict[tuple[int, dt.date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for variant, week, units, promoted in [*plain, *parts]:
        before = totals[variant, week.date()]
        totals[variant, week.date()] = (before[0] + units, before[1] + promoted)
    return totals


def _by_week(lines: Any, *, variant: str, units: Any) -> Any:
    rows = lines.filter(**{f"{variant}__isnull": False}).order_by()
    return (
        rows.annotate(week=TruncWeek("order__placed_at", tzinfo=shop_zone()))
        .values(variant, "week")
        .annotate(
            units=Sum(units),
            promoted=Coalesce(Sum(Case(When(_promoted(), then=units), default=Value(0))), 0),
        )
        .values_list(variant, "week", "units", "promoted")
    )


def _promoted() -> Q:
    """Sold below its price for a while. Trade and quantity prices are prices like any other."""
    sales = Sale.objects.filter(kind=Sale.Kind.SALE).values("name")
    return Q(discount__gt=0) | Q(is_gift=True) | Q(price_note__in=sales)
