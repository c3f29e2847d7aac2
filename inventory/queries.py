from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Greatest

from inventory.models import StockItem


@dataclass(frozen=True, slots=True)
class Availability:
    """Units that can be promised now, and the count from which we call it low."""

    available: int
    low_at: int

    @property
    def is_low(self) -> bool:
        return 0 < self.available <= self.low_at


NONE = Availability(0, 0)


def availability(variant_ids: Iterable[int]) -> dict[int, Availability]:
    """What can be promised of each variant over all locations, in one query; zero when unknown."""
    wanted = list(variant_ids)
    rows = (
        StockItem.objects.filter(variant_id__in=wanted)
        .values("variant_id")
        .annotate(
            free=Sum(Greatest(0, F("on_hand") - F("allocated") - F("safety"))),
            low=Sum("low_at"),
        )
        .values_list("variant_id", "free", "low")
    )
    found = {variant_id: Availability(free, low) for variant_id, free, low in rows}
    return {variant_id: found.get(variant_id, NONE) for variant_id in wanted}
