"""The figures at the top of the dashboard."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from analytics.queries.kept import CARDS, Sums, credited, in_period, shifted, sold, summed
from analytics.queries.periods import Period
from catalog.models import Market
from orders.models import Order, OrderLine
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


def totals(market: Market, period: Period) -> Totals:
    """Four queries, however many orders."""
    found = with_history(market, period).aggregate(
        all_gross=summed("total"),
        all_net=summed("net"),
        orders=Count("pk"),
        refunded_orders=Count("pk", filter=Q(is_credited=True)),
        people=Count("email", distinct=True),
        returning=Count("email", distinct=True, filter=Q(is_returning=True)),
    )
    units, cards = _lines(market, period)
    goods = Sums(found.pop("all_gross"), found.pop("all_net")) - cards
    goods -= shifted(market, period)
    back = Sums(**credited(market, period).aggregate(gross=summed("gross"), net=summed("net")))
    average = goods.net / found["orders"] if found["orders"] else None
    return Totals(
        **found,
        gross=goods.gross,
        refunds=back.gross,
        net=goods.net - back.net,
        units=units,
        average=None if average is None else round_money(average, market.currency),
    )


def _lines(market: Market, period: Period) -> tuple[int, Sums]:
    """Units on the lines of the period's orders, and what of them were gift cards."""
    lines = OrderLine.objects.filter(in_period("order__confirmed_at", period), order__market=market)
    found = lines.aggregate(
        units=Sum("quantity"),
        gross_of_cards=Sum("gross", filter=CARDS),
        net_of_cards=Sum("net", filter=CARDS),
    )
    cards = Sums(found["gross_of_cards"] or Decimal(0), found["net_of_cards"] or Decimal(0))
    return found["units"] or 0, cards


def with_history(market: Market, period: Period) -> QuerySet[Order]:
    """The period's orders, each knowing whether its buyer had bought before the period began,
    and whether anything was credited on it since."""
    return described(sold(market, period), market, period)


def described(orders: QuerySet[Order], market: Market, period: Period) -> QuerySet[Order]:
    earlier = sold(market).filter(email=OuterRef("email"), confirmed_at__lt=period.start_at)
    return orders.annotate(
        is_returning=Exists(earlier),
        is_credited=Exists(GrantedRefund.objects.filter(order=OuterRef("pk"))),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
