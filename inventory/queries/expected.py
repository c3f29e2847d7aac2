"""When more comes: the open lines of purchase orders, and what of them is owed already."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Greatest

from inventory.models import PurchaseOrder, PurchaseOrderLine
from shop.lib.told import ToldRow


@dataclass(frozen=True, slots=True)
class Expected:
    """Units that a supplier is to bring; day: None when nobody knows (any more)."""

    day: dt.date | None
    units: int

    @classmethod
    def told(cls, row: Mapping[str, Any], today: dt.date) -> "Expected":
        """From JSON. A day that has passed is no day: the delivery is late."""
        day = dt.date.fromisoformat(row["day"]) if row["day"] else None
        return cls(day if day and day >= today else None, row["units"])


def expected_of(variant: str) -> "QuerySet[PurchaseOrderLine, Any]":
    """[{day, units}] of what is still to come of a variant of the outer query, the soonest first."""
    lines = PurchaseOrderLine.objects.filter(
        variant=OuterRef(variant),
        order__status__in=PurchaseOrder.OPEN,
        order__location__sends_orders=True,
        order__location__is_active=True,
    )
    return (
        lines.annotate(
            due_on=Coalesce("expected_on", "order__expected_on"),
            units=Greatest(0, F("quantity") - F("received") - F("rejected")),
        )
        .filter(units__gt=0)
        .order_by(F("due_on").asc(nulls_last=True), "pk")
        .values_list(ToldRow(day="due_on", units="units"))
    )


def promised_on(
    expected: Iterable[Expected], *, owed: int, lead_days: int, today: dt.date
) -> dt.date:
    """The day a unit that is promised next can be sent: owed are promised before it.

    expected: the soonest first. What is ordered from nobody, or from somebody who is late, takes
    as long as the variant's lead time.
    """
    return next_free(expected, owed=owed) or today + dt.timedelta(days=lead_days)


def next_free(expected: Iterable[Expected], *, owed: int) -> dt.date | None:
    """The day of the first delivery of which something is left for whoever comes next."""
    for one in sorted(expected, key=lambda one: one.day or dt.date.max):
        owed -= one.units
        if owed < 0:
            return one.day
    return None
