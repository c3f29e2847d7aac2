"""What the shop keeps of an order: the expressions behind "net sales".

A paid order counts on the day it was paid, with its delivery and after discounts. What was given
back, on whatever day, is taken off the order it belongs to, and tax only counts on what was kept.
"""

from decimal import Decimal

from django.db.models import Case, DecimalField, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf, Round

from analytics.queries.periods import Period
from catalog.models import Market
from orders.models import Order
from shop.lib.money import EXPONENTS

AMOUNT = DecimalField(max_digits=14, decimal_places=3)
NOTHING = Value(Decimal(0), output_field=AMOUNT)


def paid(market: Market, period: Period | None = None) -> QuerySet[Order]:
    """The orders that count: paid (in the period), whatever became of them later."""
    orders = Order.objects.filter(market=market, paid_at__isnull=False)
    if period is None:
        return orders
    return orders.filter(paid_at__gte=period.start_at, paid_at__lt=period.end_at)


def net_kept() -> Combinable:
    """Net of an order less the net part of what was given back, rounded order by order."""
    given_back = Round(
        F("net") * F("refunded") / NullIf(F("total"), NOTHING),
        precision=_places(),  # type: ignore[arg-type]  # PostgreSQL takes an expression
        output_field=AMOUNT,
    )
    return F("net") - Coalesce(given_back, NOTHING)


def _places() -> Case:
    """Decimal places of an order's currency."""
    unusual = [
        When(currency__in=[code for code, n in EXPONENTS.items() if n == places], then=places)
        for places in sorted(set(EXPONENTS.values()))
    ]
    return Case(*unusual, default=2, output_field=IntegerField())


def summed(expression: Combinable | str) -> Coalesce:
    """The sum of an amount; zero for no rows."""
    return Coalesce(Sum(expression, output_field=AMOUNT), NOTHING)
