"""Every stocked variant with what there is, what it is worth, and how long it lasts."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Ceil, Coalesce, Floor, Greatest

from analytics.queries.stock.movements import midnight
from catalog.models import Variant
from inventory.models import BuyingPolicy, DemandWeek, StockItem, StockMovement

WEEK = 7
# Nobody plans for a day that is further away.
FOR_EVER = 3 * 365
AMOUNT: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=20, decimal_places=6)
FREE = Greatest(F("on_hand") - F("allocated") - F("reserved") - F("safety"), Value(0))
NOTHING = Value(Decimal(0), output_field=AMOUNT)
CODES = ("abc", "xyz", "pattern")


def levels(*, policy: BuyingPolicy) -> QuerySet[Any]:
    """Variants that have a stock item, each with

    units, free (can be promised), incoming; value (of the good units, in the books' currency);
    weekly (expected sales, None without a forecast), cover (days, None: not known), abc, xyz;
    surplus and surplus_value: what goes beyond the policy's days of overstock.
    """
    return _surplus(_forecast(_counted()), policy).select_related("product")


def _counted() -> QuerySet[Any]:
    stocked = StockItem.objects.filter(variant=OuterRef("pk"))
    rows: QuerySet[Any] = Variant.objects.filter(Exists(stocked)).annotate(
        units=_sum(F("on_hand")),
        allocated=_sum(F("allocated")),
        free=_sum(FREE),
        incoming=_sum(F("incoming")),
        value=Coalesce("valuation__value", NOTHING, output_field=AMOUNT),
    )
    return rows


def _sum(what: Combinable) -> Subquery:
    items = StockItem.objects.filter(variant=OuterRef("pk")).order_by().values("variant")
    return Subquery(items.annotate(sum=Sum(what)).values("sum"), output_field=IntegerField())


def _forecast(rows: QuerySet[Any]) -> QuerySet[Any]:
    # There is one at most, so no row is told twice.
    current = FilteredRelation("forecasts", condition=Q(forecasts__is_current=True))
    names = ("weekly", "reorder_point", "lead_days", *CODES)
    rows = rows.annotate(current=current)
    rows = rows.annotate(**{name: F(f"current__{name}") for name in names})
    lasts = ExpressionWrapper(F("free") * WEEK / F("weekly"), output_field=AMOUNT)
    found: QuerySet[Any] = rows.annotate(
        cover=Case(When(weekly__gt=0, then=Floor(lasts)), default=None, output_field=IntegerField())
    )
    return found


def _surplus(rows: QuerySet[Any], policy: BuyingPolicy) -> QuerySet[Any]:
    wanted = Ceil(
        ExpressionWrapper(F("weekly") * policy.overstock_days / WEEK, output_field=AMOUNT)
    )
    too_many = Greatest(F("units") - F("allocated") - wanted, Value(0))
    found: QuerySet[Any] = rows.annotate(
        surplus=Case(
            When(weekly__gt=0, then=too_many), default=Value(0), output_field=IntegerField()
        ),
        surplus_value=Case(
            When(
                units__gt=0,
                then=ExpressionWrapper(F("value") * F("surplus") / F("units"), output_field=AMOUNT),
            ),
            default=NOTHING,
            output_field=AMOUNT,
        ),
    )
    return found


def sold_out(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(free=0, is_active=True)


def overstocked(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(surplus__gt=0)


def dead(rows: QuerySet[Any], *, policy: BuyingPolicy, today: dt.date) -> QuerySet[Any]:
    """On the shelf for longer than the policy says, and not sold since. With .last_sold_on.

    A week of sales counts up to its last day.
    """
    since = today - dt.timedelta(days=policy.dead_days)
    sales = DemandWeek.objects.filter(variant=OuterRef("pk"), units__gt=0).order_by("-week_on")
    came = StockMovement.objects.filter(
        stock_item__variant=OuterRef("pk"), on_hand_change__gt=0, at__lt=midnight(since)
    )
    quiet = Q(last_sold_on=None) | Q(last_sold_on__lt=since - dt.timedelta(days=WEEK - 1))
    last = Subquery(sales.values("week_on")[:1], output_field=DateField())
    found: QuerySet[Any] = rows.annotate(last_sold_on=last)
    return found.filter(quiet, Exists(came), units__gt=0)


def runs_out_on(cover: int | None, today: dt.date) -> dt.date | None:
    if cover is None or cover > FOR_EVER:
        return None
    return today + dt.timedelta(days=cover)


def summed(rows: QuerySet[Any], what: str) -> Decimal:
    total = rows.order_by().aggregate(sum=Sum(what))["sum"]
    return Decimal(total or 0)
