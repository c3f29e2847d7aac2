"""The figures at the top of the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, QuerySet

from analytics.queries.days import Day, days
from analytics.queries.kept import Sums, sold
from analytics.queries.periods import Period
from catalog.models import Market
from orders.models import Order
from payments.models import GrantedRefund
from shop.lib.money import round_money


@dataclass(frozen=True, slots=True)
class Totals:
    """What a period came to. Amounts in the market's currency, shares between 0 and 1.

    gross and refunds with tax, without gift cards; average is of what the period's orders sold.
    """

    gross: Decimal
    refunds: Decimal
    net: Decimal
    average: Decimal | None
    orders: int
    refunded_orders: int
    units: int
    people: int
    returning: int

    @property
    def tax(self) -> Decimal:
        """Tax on what was sold and not given back."""
        return self.gross - self.refunds - self.net

    @property
    def refund_rate(self) -> Decimal | None:
        return _share(self.refunded_orders, self.orders)

    @property
    def returning_share(self) -> Decimal | None:
        return _share(self.returning, self.people)


def totals(market: Market, period: Period, found: Sequence[Day] | None = None) -> Totals:
    """One query, however many orders; found: the period's days, when they were read already."""
    by_day = days(market, period) if found is None else found
    goods = sum((day.sold for day in by_day), Sums())
    back = sum((day.back for day in by_day), Sums())
    orders = sum(day.orders for day in by_day)
    people, returning, refunded_orders = _counted(market, period)
    return Totals(
        gross=goods.gross,
        refunds=back.gross,
        net=goods.net - back.net,
        average=round_money(goods.net / orders, market.currency) if orders else None,
        orders=orders,
        refunded_orders=refunded_orders,
        units=sum(day.units for day in by_day),
        people=people,
        returning=returning,
    )


# Who bought, and who of them had bought before the period began: two questions, because the
# database answers the second by the few or by the many, as fits. Distinct rows are counted by
# hashing; a distinct count sorts them.
COUNTED = """
select (
    select count(*) from (
        select distinct email from orders_order
        where market_id = %(market)s and confirmed_at >= %(start)s and confirmed_at < %(end)s
    ) as people
), (
    select count(*) from (
        select distinct email from orders_order
        where market_id = %(market)s and confirmed_at >= %(start)s and confirmed_at < %(end)s
        and exists (
            select from orders_order as earlier
            where earlier.market_id = %(market)s and earlier.confirmed_at < %(start)s
            and earlier.email = orders_order.email
        )
    ) as people
), (
    select count(distinct order_id) from payments_grantedrefund where order_id in (
        select id from orders_order
        where market_id = %(market)s and confirmed_at >= %(start)s and confirmed_at < %(end)s
    )
)
"""


def _counted(market: Market, period: Period) -> tuple[int, int, int]:
    """How many bought, how many of them again, and on how many orders something was credited."""
    values: dict[str, Any] = {"market": market.pk, "start": period.start_at, "end": period.end_at}
    with connections[router.db_for_read(Order)].cursor() as cursor:
        cursor.execute(COUNTED, values)
        people, returning, refunded = cursor.fetchone() or (0, 0, 0)
    return people, returning, refunded


def _earlier(market: Market, period: Period) -> QuerySet[Order]:
    return sold(market).filter(email=OuterRef("email"), confirmed_at__lt=period.start_at)


def with_history(market: Market, period: Period) -> QuerySet[Order]:
    """The period's orders, each knowing whether its buyer had bought before the period began,
    and whether anything was credited on it since."""
    return described(sold(market, period), market, period)


def described(orders: QuerySet[Order], market: Market, period: Period) -> QuerySet[Order]:
    return orders.annotate(
        is_returning=Exists(_earlier(market, period)),
        is_credited=Exists(GrantedRefund.objects.filter(order=OuterRef("pk"))),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
