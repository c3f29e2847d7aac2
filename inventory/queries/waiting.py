"""What holders were promised that is not there yet."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from inventory.models import Backorder


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units that follow, and the day that was promised for them."""

    units: int
    day: dt.date | None
    kind: str


def waiting_for(holders: Iterable[UUID]) -> dict[UUID, Waiting]:
    """What is still to come, by holder; nothing for those who wait for nothing. One query."""
    rows = Backorder.objects.filter(holder__in=list(holders))
    return {
        holder: Waiting(units, day, kind)
        for holder, units, day, kind in rows.values_list(
            "holder", "quantity", "promised_on", "kind"
        )
    }
