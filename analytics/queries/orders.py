"""The orders behind a figure: the same conditions, as rows."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analytics.queries.kept import net_kept
from analytics.queries.periods import Period
from analytics.queries.totals import with_history
from catalog.models import Market
from orders.models import Order, OrderLine


class Only(models.TextChoices):
    """A part of the paid orders."""

    ALL = "", _("All paid orders")
    REFUNDED = "refunded", _("Money given back")
    RETURNING = "returning", _("From returning customers")


@dataclass(frozen=True, slots=True)
class Which:
    """Which orders of a period are meant. product, category: slugs; "-" is none any more."""

    only: str = ""
    product: str = ""
    category: str = ""


GONE = "-"


def behind(market: Market, period: Period, which: Which) -> QuerySet[Order]:
    """Newest first, each with the net amount that was kept of it."""
    orders = with_history(market, period).filter(_part(which.only))
    if which.product or which.category:
        lines = OrderLine.objects.filter(_goods(which), order=OuterRef("pk"))
        orders = orders.filter(Exists(lines))
    return orders.annotate(net_kept=net_kept()).order_by("-paid_at", "-pk")


def _part(only: str) -> Q:
    if only == Only.REFUNDED:
        return Q(refunded__gt=0)
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
