"""What was lost: units that went missing or broke, and sales missed with an empty shelf."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, TruncMonth

from analytics.queries.stock.levels import AMOUNT, NOTHING, WEEK
from catalog.models import Price, Variant
from catalog.queries.markets import main_market
from catalog.queries.price_sheet import sheet
from inventory.models import DemandWeek, Forecast, StockMovement
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone

Kind = StockMovement.Kind
# A correction upwards makes up for one downwards, so both count.
SHRINKS = (Kind.COUNT, Kind.ADJUSTMENT, Kind.DAMAGE)


@dataclass(frozen=True, slots=True)
class Month:
    """Above zero: lost. Below: more was found than lost."""

    first: dt.date
    units: int
    value: Decimal
    counted: Decimal
    damaged: Decimal


def shrinkage(start: dt.datetime, end: dt.datetime) -> list[Month]:
    """By month of the shop's calendar, newest first; months without any are left out."""
    rows = (
        _shrunk(start, end)
        .values(month=TruncMonth("at", tzinfo=shop_zone()), what=F("kind"))
        .annotate(units=Sum("on_hand_change"), value=Sum("value_change"))
        .order_by("-month")
    )
    months: dict[dt.date, dict[str, tuple[int, Decimal]]] = {}
    for row in rows:
        months.setdefault(row["month"].date(), {})[row["what"]] = (row["units"], row["value"])
    return [_month(first, kinds) for first, kinds in months.items()]


def _month(first: dt.date, kinds: dict[str, tuple[int, Decimal]]) -> Month:
    value = -sum((worth for _units, worth in kinds.values()), ZERO)
    damaged = -kinds.get(Kind.DAMAGE, (0, ZERO))[1]
    units = -sum(units for units, _worth in kinds.values())
    return Month(first, units, value, value - damaged, damaged)


def shrinkage_between(start: dt.datetime, end: dt.datetime) -> Decimal:
    """What went missing or broke, at cost; below zero when more was found."""
    return -(_shrunk(start, end).aggregate(sum=Sum("value_change"))["sum"] or ZERO)


def _shrunk(start: dt.datetime, end: dt.datetime) -> QuerySet[StockMovement]:
    return StockMovement.objects.filter(kind__in=SHRINKS, at__gte=start, at__lt=end).exclude(
        value_change=0, on_hand_change=0
    )


def lost_sales(*, since: dt.date, now: dt.datetime) -> QuerySet[Any]:
    """Variants that were sold out on some days since, with .days_out, .missed and .missed_value.

    missed: units that would have been sold on those days at the rate that is expected now;
    missed_value: at today's net price in the main market.
    """
    weeks = DemandWeek.objects.filter(variant=OuterRef("pk"), week_on__gte=since)
    out = weeks.order_by().values("variant").annotate(sum=Sum("days_out")).values("sum")
    current = Forecast.objects.filter(variant=OuterRef("pk"), is_current=True)
    sold_out = DemandWeek.objects.filter(days_out__gt=0, week_on__gte=since).values("variant")
    return (
        Variant.objects.filter(pk__in=sold_out)
        .select_related("product")
        .annotate(
            days_out=Subquery(out),
            weekly=Coalesce(Subquery(current.values("weekly")[:1]), NOTHING),
            net=Subquery(_net_price(now).values("net")[:1]),
        )
        .annotate(missed=ExpressionWrapper(F("weekly") * F("days_out") / WEEK, output_field=AMOUNT))
        .annotate(
            missed_value=ExpressionWrapper(
                F("missed") * Coalesce(F("net"), NOTHING), output_field=AMOUNT
            )
        )
    )


def _net_price(now: dt.datetime) -> QuerySet[Any]:
    prices = Price.objects.filter(variant=OuterRef("pk"), market=main_market())
    return sheet(prices, now=now)
