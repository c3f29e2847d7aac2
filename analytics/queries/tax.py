"""Tax by country and rate, summed from the tax lines that orders were written with.

Orders count in the period they were confirmed in, as in the books. What was granted back counts in
the period of the grant, apart, tax line by tax line as it was granted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import reduce
from operator import add, or_
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from analytics.queries.kept import AMOUNT, NOTHING, in_period
from analytics.queries.periods import Period
from orders.models import Order, TaxLine
from payments.models import GrantedLine
from shop.lib.money import ZERO, exponent


@dataclass(frozen=True, slots=True)
class Cell:
    """What lines have in common: where, at which rate, why none, in which currency."""

    country: str
    region: str
    name: str
    rate: Decimal
    relief: str
    currency: str


KEYS = tuple(one.name for one in fields(Cell))


@dataclass(frozen=True, slots=True)
class TaxSum:
    """Net and tax of a cell, in the orders' currency and converted at the orders' own rates."""

    cell: Cell
    orders: int
    net: Decimal
    tax: Decimal
    converted_net: Decimal
    converted_tax: Decimal


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """Everything together, in the main market's currency."""

    net: Decimal
    tax: Decimal


def charged(period: Period, *, currency: str) -> list[TaxSum]:
    """Tax on what was sold in a period. currency: of the main market. One query."""
    at_once = _by_booking(_sold(period), "order")
    later = _by_booking(_added(period), "line__edit")
    return _sums(at_once.union(later, all=True), currency)


def given_back(period: Period, *, currency: str) -> list[TaxSum]:
    """Tax on what was granted back in a period, whenever it had been sold. One query."""
    return _sums(_by_booking(_granted(period), "grant"), currency)


def total(rows: Iterable[TaxSum]) -> TaxTotal:
    known = list(rows)
    return TaxTotal(
        net=sum((row.converted_net for row in known), ZERO),
        tax=sum((row.converted_tax for row in known), ZERO),
    )


def orders_behind(period: Period, cell: Cell, *, refunded: bool) -> "QuerySet[Order]":
    """The orders of a cell, each with its net and tax in it; the latest first."""
    kinds: list[QuerySet[Any]] = [_granted(period)] if refunded else [_sold(period), _added(period)]
    mine = [lines.filter(**{f"cell_{key}": getattr(cell, key) for key in KEYS}) for lines in kinds]
    is_in = reduce(or_, (Q(pk__in=lines.values("of_order")) for lines in mine))
    return (
        Order.objects.filter(is_in)
        .annotate(cell_net=_all(mine, "cell_net"), cell_tax=_all(mine, "cell_tax"))
        .order_by("-confirmed_at", "-pk")
    )


def _all(kinds: "list[QuerySet[Any]]", column: str) -> Combinable:
    """What an order has of a cell, over all kinds of lines."""
    own = (one.filter(of_order=OuterRef("pk")).order_by().values("of_order") for one in kinds)
    return reduce(add, (_part(lines, column) for lines in own))


def _part(lines: "QuerySet[Any, Any]", column: str) -> Coalesce:
    sums = lines.annotate(sum=Sum(column, output_field=AMOUNT)).values("sum")
    return Coalesce(Subquery(sums, output_field=AMOUNT), NOTHING)


def _sold(period: Period) -> "QuerySet[TaxLine]":
    return _told(TaxLine.objects.filter(in_period("order__confirmed_at", period), line__edit=None))


def _added(period: Period) -> "QuerySet[TaxLine]":
    """What later changes of orders added: sold on the day of the change."""
    return _told(TaxLine.objects.filter(in_period("line__edit__made_at", period)))


def _told(lines: "QuerySet[TaxLine]") -> "QuerySet[TaxLine]":
    return lines.annotate(
        of_order=F("order_id"), cell_net=F("base"), cell_tax=F("amount"), **_cell("")
    )


def _granted(period: Period) -> "QuerySet[GrantedLine]":
    lines = GrantedLine.objects.filter(in_period("grant__granted_at", period))
    return lines.annotate(
        of_order=F("grant__order_id"), cell_net=F("net"), cell_tax=F("tax"), **_cell("tax_line__")
    )


def _cell(path: str) -> dict[str, F]:
    """The columns of a cell, reached from a tax line or from what was granted of one."""
    own = {f"cell_{key}": F(f"{path}{key}") for key in ("country", "region", "name", "rate")}
    return own | {
        "cell_relief": F(f"{path}order__tax_relief"),
        "cell_currency": F(f"{path}order__currency"),
        "worth": F(f"{path}order__exchange_rate"),
    }


def _by_booking(lines: "QuerySet[Any]", booking: str) -> "QuerySet[Any, Any]":
    """One row for each cell of an order or grant: what the books round and book as one line."""
    keys = [f"cell_{key}" for key in KEYS]
    grouped = lines.order_by().values("of_order", "worth", *keys, f"{booking}_id")
    summed: QuerySet[Any, Any] = grouped.annotate(net=Sum("cell_net"), tax=Sum("cell_tax"))
    return summed.values_list(*keys, "of_order", "worth", "net", "tax")


def _sums(rows: "QuerySet[Any, Any]", currency: str) -> list[TaxSum]:
    """Converted order by order, so that the sums are those of the ledger."""
    inner, params = rows.query.sql_with_params()
    names = ", ".join((*KEYS, "of_order", "worth", "net", "tax"))
    sql = f"""
        select {", ".join(KEYS)}, count(distinct of_order), sum(net), sum(tax),
               sum(round(net * worth, %s)), sum(round(tax * worth, %s))
        from ({inner}) as one ({names})
        group by {", ".join(KEYS)} order by {", ".join(KEYS)}
    """  # noqa: S608 - our own constants
    places = exponent(currency)
    with connection.cursor() as cursor:
        cursor.execute(sql, [places, places, *params])
        return [_sum(row) for row in cursor.fetchall()]


def _sum(row: tuple[Any, ...]) -> TaxSum:
    width = len(KEYS)
    return TaxSum(Cell(*row[:width]), *row[width:])
