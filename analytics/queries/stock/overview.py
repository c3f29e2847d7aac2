"""The figures on top of the stock pages."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from analytics.queries.stock.levels import WEEK, dead, levels, overstocked, sold_out
from analytics.queries.stock.losses import lost_sales, shrinkage_between
from analytics.queries.stock.turnover import turnover
from inventory.models import BuyingPolicy, Valuation
from inventory.queries.policies import buying_policy
from shop.lib.money import ZERO

LOST_WEEKS = 12
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Overview:
    """Amounts in the books' currency; lost_value at the main market's net prices."""

    policy: BuyingPolicy
    value: Decimal
    units: int
    cover: Decimal | None
    sold_out: int
    surplus_value: Decimal
    dead_value: Decimal
    dead: int
    lost_units: Decimal
    lost_value: Decimal
    shrunk: Decimal
    turns: Decimal | None


def overview(*, today: dt.date, now: dt.datetime) -> Overview:
    """A fixed number of queries, however much there is."""
    policy = buying_policy()
    rows = levels(policy=policy)
    lying = dead(rows, policy=policy, today=today)
    still = lying.order_by().aggregate(sum=Sum("value"), count=Count("pk"))
    lost = lost_sales(since=today - dt.timedelta(weeks=LOST_WEEKS), now=now).order_by()
    missed = lost.aggregate(units=Sum("missed"), value=Sum("missed_value"))
    worth = Valuation.objects.aggregate(value=Sum("value"), units=Sum("units"))
    return Overview(
        policy=policy,
        value=worth["value"] or ZERO,
        units=worth["units"] or 0,
        cover=_cover(policy),
        sold_out=sold_out(rows).count(),
        surplus_value=overstocked(rows).aggregate(sum=Sum("surplus_value"))["sum"] or ZERO,
        dead_value=still["sum"] or ZERO,
        dead=still["count"],
        lost_units=missed["units"] or ZERO,
        lost_value=missed["value"] or ZERO,
        shrunk=shrinkage_between(now - YEAR, now),
        turns=turnover(start=now - YEAR, end=now).turns,
    )


def _cover(policy: BuyingPolicy) -> Decimal | None:
    """Days until everything that is expected to sell has: units there over units a day."""
    selling = levels(policy=policy).filter(weekly__gt=0)
    sums = selling.order_by().aggregate(there=Sum("free"), a_week=Sum("weekly"))
    return Decimal(sums["there"]) * WEEK / sums["a_week"] if sums["a_week"] else None


def classes() -> dict[tuple[str, str], tuple[int, Decimal]]:
    """Number and value of variants by ABC and XYZ; "-" where there is none."""
    rows = (
        levels(policy=buying_policy())
        .order_by()
        .values("abc", "xyz")
        .annotate(count=Count("pk"), worth=Sum("value"))
    )
    found: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for row in rows:
        key = (row["abc"] or "-", row["xyz"] or "-")
        number, worth = found.get(key, (0, ZERO))
        found[key] = (number + row["count"], worth + (row["worth"] or ZERO))
    return found
