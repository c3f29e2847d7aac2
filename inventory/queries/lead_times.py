"""How long suppliers really take."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import fmean, pstdev

from inventory.models import Receipt

DAY = dt.timedelta(days=1)
# Older deliveries were other times.
LATEST = 20


@dataclass(frozen=True, slots=True)
class Delivered:
    """Days from ordering to receipt, over the latest deliveries."""

    count: int
    mean: float
    sigma: float


def lead_times(supplier_ids: Collection[int]) -> dict[int, Delivered]:
    """By supplier; who never delivered is left out. One query."""
    rows = Receipt.objects.filter(
        order__supplier__in=list(supplier_ids), order__ordered_at__isnull=False
    ).order_by("-received_at", "-pk")
    days: dict[int, list[float]] = defaultdict(list)
    for supplier, ordered_at, received_at in rows.values_list(
        "order__supplier", "order__ordered_at", "received_at"
    ):
        if ordered_at and len(days[supplier]) < LATEST:
            days[supplier].append(max(0.0, (received_at - ordered_at) / DAY))
    return {
        supplier: Delivered(len(taken), fmean(taken), pstdev(taken))
        for supplier, taken in days.items()
    }
