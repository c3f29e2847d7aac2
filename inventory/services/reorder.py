"""When to order and how much: levels of stock from a forecast and a promise.

Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, 4th edition, chapters
6 (safety stock, variable lead times) and 6.8 (order-up-to levels); days are turned into weeks.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Units of a week on average, and the standard deviation of one week's error."""

    weekly: float
    sigma: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Days from ordering to receipt, and their standard deviation."""

    days: float
    sigma: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    service_level: float
    review_days: int
    cover_days: int


@dataclass(frozen=True, slots=True)
class Levels:
    safety_stock: int
    reorder_point: int
    order_up_to: int


def levels(*, demand: Demand, lead: Lead, terms: Terms) -> Levels:
    """safety stock  z x sqrt((L + R) x sigma² + d² x s²)
    reorder point  d x L + safety stock
    order up to    reorder point + d x cover

    L lead time, R time between orders, s standard deviation of L (all in weeks), d weekly demand,
    sigma of a week's error; z: the normal quantile of the service level (the share of order
    cycles without a stock-out).
    """
    at_risk = (lead.days + terms.review_days) / DAYS
    variance = at_risk * demand.sigma**2 + (demand.weekly * lead.sigma / DAYS) ** 2
    # What nobody buys needs no buffer, however uneven it once was.
    safety = math.ceil(z(terms.service_level) * math.sqrt(variance)) if demand.weekly > 0 else 0
    point = math.ceil(demand.weekly * lead.days / DAYS) + safety
    cover = math.ceil(demand.weekly * terms.cover_days / DAYS)
    return Levels(safety, point, point + cover)


def z(service_level: float) -> float:
    return max(0.0, NormalDist().inv_cdf(service_level))


def days_of_cover(*, units: int, weekly: Decimal) -> Decimal | None:
    """How long the units last, to a tenth of a day; None where nothing is sold."""
    if weekly <= 0:
        return None
    return (max(units, 0) * DAYS / weekly).quantize(Decimal("0.1"), ROUND_HALF_UP)


def lost(*, days_out: int, weekly: Decimal) -> Decimal:
    """Units that would have been sold on days without stock: at the daily mean."""
    return days_out * weekly / DAYS
