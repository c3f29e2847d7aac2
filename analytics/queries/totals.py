"""The figures at the top of the dashboard."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from analytics.queries.kept import net_kept, paid, summed
from analytics.queries.periods import Period
from catalog.models import Market
from orders.models import Order, OrderLine
from shop.lib.money import round_money


@dataclass(frozen=True, slots=True)
class Totals:
    """What a period came to. Amounts in the market's currency, shares between 0 and 1."""

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
        """Tax on what was kept."""
        return self.gross - self.refunds - self.net

    @property
    def refund_rate(self) -> Decimal | None:
        return _share(self.refunded_orders, self.orders)

    @property
    def returning_share(self) -> Decimal | None:
        return _share(self.returning, self.people)


def totals(market: Market, period: Period) -> Totals:
    """Two queries, however many orders."""
    found = with_history(market, period).aggregate(
        gross=summed("total"),
        refunds=summed("refunded"),
        net=summed(net_kept()),
        orders=Count("pk"),
        refunded_orders=Count("pk", filter=Q(refunded__gt=0)),
        people=Count("email", distinct=True),
        returning=Count("email", distinct=True, filter=Q(is_returning=True)),
    )
    units = OrderLine.objects.filter(order__in=paid(market, period)).aggregate(Sum("quantity"))
    average = found["net"] / found["orders"] if found["orders"] else None
    return Totals(
        **found,
        units=units["quantity__sum"] or 0,
        average=None if average is None else round_money(average, market.currency),
    )


def with_history(market: Market, period: Period) -> QuerySet[Order]:
    """The paid orders, each knowing whether its buyer had paid one before the period began."""
    earlier = paid(market).filter(email=OuterRef("email"), paid_at__lt=period.start_at)
    return paid(market, period).annotate(is_returning=Exists(earlier))


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
