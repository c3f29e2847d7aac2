"""What suppliers owe the shop, and from when on it can be promised."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from inventory.models import Backorder, PurchaseOrder, PurchaseOrderLine, StockPolicy
from inventory.services.offering import is_too_early
from shop.lib.workdays import shop_day


@dataclass
class Expected:
    """What comes of a variant, in the order it comes, and the units that are owed already."""

    policy: StockPolicy | None
    today: dt.date
    now: dt.datetime
    deliveries: list[tuple[dt.date, int]] = field(default_factory=list)
    owed: int = 0

    def day(self, units: int) -> dt.date | None:
        """When so many more units will be there; None when nobody knows."""
        if self.policy is not None and is_too_early(self.policy, self.now):
            return self.policy.available_on
        coming = 0
        for day, some in self.deliveries:
            coming += some
            if coming >= self.owed + units:
                return day
        if self.policy is None:
            return None
        return self.today + dt.timedelta(days=self.policy.lead_days)


def expected(*, variant_ids: Collection[int], now: dt.datetime) -> dict[int, Expected]:
    """What comes of each variant. Three queries. A delivery that is late counts for nothing."""
    today = shop_day(now)
    policies = StockPolicy.objects.filter(variant__in=variant_ids).in_bulk(field_name="variant_id")
    found = {pk: Expected(policies.get(pk), today, now) for pk in variant_ids}
    for variant_id, day, units in _deliveries(variant_ids, today):
        found[variant_id].deliveries.append((day, units))
    for variant_id, units in _owed(variant_ids).items():
        found[variant_id].owed = units
    return found


def _deliveries(variant_ids: Collection[int], today: dt.date) -> list[tuple[int, dt.date, int]]:
    """(variant id, day, units) of goods that are ordered for places which send to buyers."""
    rows = (
        PurchaseOrderLine.objects.filter(
            variant__in=variant_ids,
            order__status__in=PurchaseOrder.OPEN,
            order__location__is_active=True,
            order__location__sends_orders=True,
        )
        .annotate(
            day=Coalesce("expected_on", "order__expected_on"),
            units=F("quantity") - F("received") - F("rejected"),
        )
        .filter(units__gt=0, day__gte=today)
        .order_by("day", "pk")
    )
    return list(rows.values_list("variant_id", "day", "units"))


def _owed(variant_ids: Collection[int]) -> dict[int, int]:
    rows = Backorder.objects.filter(variant__in=variant_ids).values_list("variant_id")
    owed: dict[int, int] = defaultdict(int)
    owed.update(rows.annotate(units=Sum("quantity")))
    return owed
