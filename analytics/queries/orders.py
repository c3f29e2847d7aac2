"""The orders behind a figure: the same conditions, as rows."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.queries.kept import credit_in, in_period, net_in, sold
from analytics.queries.periods import Period
from analytics.queries.totals import described
from catalog.models import Market
from orders.models import Order, OrderLine
from payments.models import GrantedRefund


class Only(models.TextChoices):
    """A part of the orders of a period."""

    ALL = "", _("All orders sold")
    # What makes the net sales: orders of earlier days too, where something was credited.
    COUNTED = "counted", _("Sold or credited in the period")
    REFUNDED = "refunded", _("Something was credited")
    RETURNING = "returning", _("From returning customers")


@dataclass(frozen=True, slots=True)
class Which:
    """Which orders of a period are meant. product, category: slugs; "-" is none any more."""

    only: str = ""
    product: str = ""
    category: str = ""


GONE = "-"


def behind(market: Market, period: Period, which: Which) -> QuerySet[Order]:
    """Newest first, each with what was credited on it in the period and its part of net sales."""
    orders = described(_scope(market, period, which.only), market, period)
    orders = orders.filter(_part(which.only))
    if which.product or which.category:
        lines = OrderLine.objects.filter(_goods(which), order=OuterRef("pk"))
        orders = orders.filter(Exists(lines))
    return orders.annotate(
        net_counted=net_in(period), credited=credit_in(period, "gross")
    ).order_by("-confirmed_at", "-pk")


def _scope(market: Market, period: Period, only: str) -> QuerySet[Order]:
    if only != Only.COUNTED:
        return sold(market, period)
    grants = GrantedRefund.objects.filter(in_period("granted_at", period), order__market=market)
    return sold(market).filter(in_period("confirmed_at", period) | Q(pk__in=grants.values("order")))


def _part(only: str) -> Q:
    if only == Only.REFUNDED:
        return Q(is_credited=True)
    return Q(is_returning=True) if only == Only.RETURNING else Q()


def _goods(which: Which) -> Q:
    wanted = Q()
    if which.product == GONE:
        wanted &= Q(variant=None)
    elif which.product:
        wanted &= Q(variant__product__slug=which.product)
    if which.category == GONE:
        wanted &= Q(variant__product__category=None)
    elif which.category:
        path = "variant__product__category__url_path"
        wanted &= Q(**{path: which.category}) | Q(**{f"{path}__startswith": f"{which.category}/"})
    return wanted
