"""A variant's stock week by week: what lay there and sold, and what is expected."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import DateField, Sum
from django.db.models.functions import TruncDate

from catalog.models import Variant
from inventory.models import DemandWeek, Forecast, PurchaseOrder, PurchaseOrderLine, StockMovement
from shop.lib.workdays import shop_zone

PAST = 26
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """on: its Monday. stock: good units at its end. The rest as the forecast says, ahead of now:
    expected sales with the bounds between which four weeks of five lie, and what is left then."""

    on: dt.date
    stock: float | None = None
    sold: int | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    left: float | None = None


def weeks_of(variant: Variant, forecast: Forecast | None, today: dt.date) -> list[Week]:
    """The past half year and what the forecast reaches. Three queries."""
    monday = today - dt.timedelta(days=today.weekday())
    first = monday - PAST * WEEK
    stock = _Stock(variant, first)
    sold = dict(
        DemandWeek.objects.filter(variant=variant, week_on__gte=first).values_list(
            "week_on", "units"
        )
    )
    past = [
        Week(on, stock=stock(on + WEEK), sold=sold.get(on, 0))
        for on in (first + number * WEEK for number in range(PAST + 1))
    ]
    if forecast is None:
        return past
    # This week is both: what is there now, and from where it goes on.
    now = past[-1].stock or 0
    return [*past[:-1], *_ahead(variant, forecast, monday, now)]


class _Stock:
    """Good units at the start of a day, reckoned back from what there is now. One query."""

    def __init__(self, variant: Variant, first: dt.date) -> None:
        self.now = sum(item.on_hand for item in variant.stock_items.all())
        start = dt.datetime.combine(first, dt.time.min, tzinfo=shop_zone())
        rows = (
            StockMovement.objects.filter(stock_item__variant=variant, at__gte=start)
            .exclude(on_hand_change=0)
            .values(day=TruncDate("at", tzinfo=shop_zone(), output_field=DateField()))
            .annotate(sum=Sum("on_hand_change"))
        )
        self.changes: Mapping[dt.date, int] = {row["day"]: row["sum"] for row in rows}

    def __call__(self, day: dt.date) -> float:
        later = sum(change for on, change in self.changes.items() if on >= day)
        return float(self.now - later)


def _ahead(variant: Variant, forecast: Forecast, monday: dt.date, now: float) -> Iterator[Week]:
    """From this week on. Goods that are ordered come in the week they are expected."""
    coming = _coming(variant)
    left = now
    for number, mean in enumerate(forecast.mean):
        on = forecast.first_week_on + number * WEEK
        if on < monday:
            continue
        left += coming.get(on, 0)
        if on > monday:
            # The mean of many weeks: `mean` is what one week is near, and too low for a sum.
            left = max(0.0, left - float(forecast.weekly))
        yield Week(
            on,
            stock=now if on == monday else None,
            expected=float(mean),
            low=_at(forecast.low, number),
            high=_at(forecast.high, number),
            left=now if on == monday else left,
        )


def _at(values: Sequence[float], number: int) -> float | None:
    return float(values[number]) if number < len(values) else None


def _coming(variant: Variant) -> dict[dt.date, int]:
    """Units still to come by the Monday of the week in which they are expected."""
    lines = PurchaseOrderLine.objects.filter(
        variant=variant, order__status__in=PurchaseOrder.OPEN
    ).select_related("order")
    coming: dict[dt.date, int] = {}
    for line in lines:
        day = line.expected_on or line.order.expected_on
        if day:
            monday = day - dt.timedelta(days=day.weekday())
            coming[monday] = coming.get(monday, 0) + line.outstanding
    return coming
