"""How often stock is sold and bought again: cost of goods over what lies on the shelves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, CharField, Count, F, Func, Q, QuerySet, Sum, Value

from catalog.models import Category
from inventory.models import StockMovement, StockSnapshot, Valuation
from shop.lib.money import ZERO

Kind = StockMovement.Kind
LEFT = (Kind.SALE, Kind.RETURN)
DAYS = Decimal(365)


@dataclass(frozen=True, slots=True)
class Turnover:
    """cost: of the goods sold; stock: mean value on the shelves; turns: a year."""

    key: str
    name: str
    cost: Decimal
    stock: Decimal
    days: int

    @property
    def turns(self) -> Decimal | None:
        if not self.stock or not self.days:
            return None
        return self.cost / self.stock * DAYS / self.days

    @property
    def days_held(self) -> Decimal | None:
        """How long a unit lies before it is sold."""
        return DAYS / self.turns if self.turns else None


def turnover(*, start: dt.datetime, end: dt.datetime) -> Turnover:
    cost = _sold(start, end).aggregate(sum=Sum("value_change"))["sum"] or ZERO
    now = Valuation.objects.aggregate(sum=Sum("value"))["sum"] or ZERO
    months = _snapshots(start, end).values("on").annotate(sum=Sum("value"))
    mean = months.aggregate(mean=Avg("sum"))["mean"]
    return Turnover("", "", -cost, _mean(mean, now), (end - start).days)


def by_category(*, start: dt.datetime, end: dt.datetime) -> list[Turnover]:
    """Of first-level categories with all below them, by cost of goods. Five queries."""
    names = dict(Category.objects.filter(depth=1).values_list("url_path", "name"))
    sold = _by(_sold(start, end), "stock_item__variant", "value_change")
    now = _by(Valuation.objects.all(), "variant", "value")
    taken = _snapshots(start, end).aggregate(days=Count("on", distinct=True))["days"]
    months = _by(_snapshots(start, end), "stock_item__variant", "value") if taken else {}
    rows = [
        Turnover(
            key,
            names.get(key, ""),
            -sold.get(key, ZERO),
            _mean(months.get(key, ZERO) / taken if taken else None, now.get(key, ZERO)),
            (end - start).days,
        )
        for key in {*sold, *now, *months}
    ]
    return sorted(rows, key=lambda row: (-row.cost, row.name))


def _mean(months: Decimal | None, now: Decimal) -> Decimal:
    """Of the ends of months, or of today alone while there are none."""
    return now if months is None else Decimal(months)


def _sold(start: dt.datetime, end: dt.datetime) -> QuerySet[StockMovement]:
    return StockMovement.objects.filter(
        ~Q(value_change=0), kind__in=LEFT, at__gte=start, at__lt=end
    )


def _snapshots(start: dt.datetime, end: dt.datetime) -> QuerySet[StockSnapshot]:
    return StockSnapshot.objects.filter(on__gte=start.date(), on__lt=end.date())


def _by(
    rows: "QuerySet[StockMovement] | QuerySet[Valuation] | QuerySet[StockSnapshot]",
    variant: str,
    what: str,
) -> Mapping[str, Decimal]:
    path = f"{variant}__product__category__url_path"
    root = Func(F(path), Value("/"), Value(1), function="split_part", output_field=CharField())
    found = rows.order_by().values(root=root).annotate(sum=Sum(what))
    return {row["root"] or "": row["sum"] or ZERO for row in found}
