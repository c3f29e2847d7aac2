"""What can be promised: units on the shelf, keys in a pool, parts of a bundle."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, JSONObject

from catalog.models import BundlePart, Variant
from inventory.models import LicenceKey, StockItem

# What is neither sent nor counted out never runs out; pages ask for far fewer.
ENDLESS = 1_000_000
FEW_KEYS = 5
# A row as JSON tells it.
Told = Any


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
    """What can be promised of each variant over all locations; zero when unknown.

    A bundle has as many as its scarcest part allows, a variant with keys at most as many as its
    pool. One query, however many are asked for.
    """
    wanted = list(variant_ids)
    rows = (
        Variant.objects.filter(pk__in=wanted)
        .annotate(
            told=_told_of("pk"),
            bundled=ArraySubquery(
                BundlePart.objects.filter(bundle=OuterRef("pk")).values_list(
                    JSONObject(units="quantity", told=_told_of("part"))
                )
            ),
            free_keys=Coalesce(Subquery(_free_keys()), 0),
        )
        .values_list("pk", "told", "bundled", "free_keys", "uses_keys", "product__type__is_shipped")
    )
    found = {pk: _offered(*row) for pk, *row in rows}
    return {pk: found.get(pk, NONE) for pk in wanted}


def _told_of(variant: str) -> Subquery:
    """{free, low} of a variant's stock over all locations, as JSON; null without any."""
    free = Sum(Greatest(0, F("on_hand") - F("allocated") - F("safety")))
    items = StockItem.objects.filter(variant=OuterRef(variant)).order_by().values("variant_id")
    return Subquery(items.values_list(JSONObject(free=free, low=Sum("low_at"))))


def _free_keys() -> QuerySet[LicenceKey, Any]:
    keys = LicenceKey.objects.filter(variant=OuterRef("pk"), holder=None).order_by()
    return keys.values("variant_id").values_list(Count("pk"))


def _offered(
    told: Told,
    bundled: list[Told],
    keys: int,
    uses_keys: bool,  # noqa: FBT001 — a row
    is_shipped: bool,  # noqa: FBT001 — a row
) -> Availability:
    if not is_shipped:
        offered = Availability(ENDLESS, 0)
    elif bundled:
        offered = min((_whole(part) for part in bundled), key=_count)
    else:
        offered = _shelved(told)
    return min(offered, Availability(keys, FEW_KEYS), key=_count) if uses_keys else offered


def _shelved(told: Told) -> Availability:
    return Availability(told["free"], told["low"]) if told else NONE


def _whole(part: Told) -> Availability:
    """How many bundles the units of this part are enough for."""
    shelf, units = _shelved(part["told"]), part["units"]
    return Availability(shelf.available // units, shelf.low_at // units)


def _count(one: Availability) -> int:
    return one.available


def keys_of(holders: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The licence keys that order lines hold, in the order they were taken. One query."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = LicenceKey.objects.filter(holder__in=list(holders)).order_by("pk")
    for holder, code in rows.values_list("holder", "code"):
        if holder is not None:
            found[holder].append(code)
    return found
