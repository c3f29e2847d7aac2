"""Tax by country and rate, summed from the tax lines that orders were written with.

Paid orders count in the period they were paid in. What was given back counts in the period it was
given back in, apart: a share of each tax line, as large as the refund's share of the order.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Expression,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Round

from analytics.queries.kept import summed
from analytics.queries.periods import Period
from orders.models import Order, TaxLine
from payments.models import Refund
from shop.lib.money import EXPONENTS, ZERO

AMOUNT = DecimalField(max_digits=14, decimal_places=3)
# Wide enough for an amount times a share or an exchange rate.
WIDE = DecimalField(max_digits=40, decimal_places=16)
PLACES = 2
KEYS = ("country", "region", "name", "rate", "relief", "currency")


@dataclass(frozen=True, slots=True)
class Cell:
    """What lines have in common: where, at which rate, why none, in which currency."""

    country: str
    region: str
    name: str
    rate: Decimal
    relief: str
    currency: str


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
    """Tax on what was paid in a period. currency: of the main market. One query."""
    return _sums(_lines_paid(period), F("base"), F("amount"), currency)


def given_back(period: Period, *, currency: str) -> list[TaxSum]:
    """Tax on what was given back in a period, whenever it had been paid. One query."""
    return _sums(_lines_refunded(period), _share("base"), _share("amount"), currency)


def total(rows: list[TaxSum]) -> TaxTotal:
    return TaxTotal(
        net=sum((row.converted_net for row in rows), ZERO),
        tax=sum((row.converted_tax for row in rows), ZERO),
    )


def orders_behind(period: Period, cell: Cell, *, refunded: bool) -> "QuerySet[Order]":
    """The orders of a cell, each with its net and tax in it; the latest first."""
    lines = _lines_refunded(period) if refunded else _lines_paid(period)
    net, tax = (_share("base"), _share("amount")) if refunded else (F("base"), F("amount"))
    mine = _in_cell(lines, cell).filter(order=OuterRef("pk")).order_by().values("order")
    return (
        Order.objects.filter(pk__in=_in_cell(lines, cell).values("order"))
        .annotate(
            cell_net=Subquery(mine.annotate(sum=Sum(net, output_field=AMOUNT)).values("sum")),
            cell_tax=Subquery(mine.annotate(sum=Sum(tax, output_field=AMOUNT)).values("sum")),
        )
        .order_by("-paid_at", "-pk")
    )


def _lines_paid(period: Period) -> "QuerySet[TaxLine]":
    return _described(
        TaxLine.objects.filter(
            order__paid_at__gte=period.start_at, order__paid_at__lt=period.end_at
        )
    )


def _lines_refunded(period: Period) -> "QuerySet[TaxLine]":
    """The lines of orders of which money was given back, with how much."""
    refunds = Refund.objects.filter(
        status=Refund.Status.SUCCEEDED,
        settled_at__gte=period.start_at,
        settled_at__lt=period.end_at,
    )
    of_order = refunds.filter(payment__order=OuterRef("order")).order_by()
    amount = of_order.values("payment__order").annotate(sum=Sum("amount")).values("sum")
    lines = TaxLine.objects.filter(
        order__in=refunds.values("payment__order"), order__paid_at__isnull=False, order__total__gt=0
    )
    return _described(lines.annotate(given_back=Subquery(amount, output_field=AMOUNT)))


def _described(lines: "QuerySet[TaxLine]") -> "QuerySet[TaxLine]":
    return lines.annotate(relief=F("order__tax_relief"), currency=F("order__currency"))


def _in_cell(lines: "QuerySet[TaxLine]", cell: Cell) -> "QuerySet[TaxLine]":
    return lines.filter(**{key: getattr(cell, key) for key in KEYS})


def _share(column: str) -> Expression:
    """The part of an amount that was given back, rounded line by line."""
    exact = F(column) * F("given_back") / F("order__total")
    return Round(exact, precision=_places(), output_field=WIDE)  # type: ignore[arg-type]


def _places() -> Case:
    """Decimal places of an order's currency. PostgreSQL takes an expression for them."""
    unusual = [
        When(
            order__currency__in=[code for code, n in EXPONENTS.items() if n == places], then=places
        )
        for places in sorted(set(EXPONENTS.values()))
    ]
    return Case(*unusual, default=PLACES, output_field=IntegerField())


def _sums(
    lines: "QuerySet[TaxLine]", net: Expression | F, tax: Expression | F, currency: str
) -> list[TaxSum]:
    places = Value(EXPONENTS.get(currency, PLACES))
    rows = (
        lines.values(*KEYS)
        .annotate(
            orders=Count("order", distinct=True),
            net_sum=summed(net),
            tax_sum=summed(tax),
            net_converted=summed(_converted(net, places)),
            tax_converted=summed(_converted(tax, places)),
        )
        .order_by(*KEYS)
    )
    return [
        TaxSum(
            cell=Cell(**{key: row[key] for key in KEYS}),
            orders=row["orders"],
            net=row["net_sum"],
            tax=row["tax_sum"],
            converted_net=row["net_converted"],
            converted_tax=row["tax_converted"],
        )
        for row in rows
    ]


def _converted(amount: Expression | F, places: Value) -> Expression:
    """In the main market's currency at the order's rate, rounded line by line so that sums agree."""
    exact = amount * F("order__exchange_rate")
    return Round(exact, precision=places, output_field=WIDE)  # type: ignore[arg-type]
