"""What can be promised: units on the shelf, units that come later, keys in a pool, parts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import BundlePart, Variant
from inventory.models import Backorder, LicenceKey, StockPolicy
from inventory.queries.expected import Expected, expected_of, next_free, promised_on
from inventory.queries.shelf import shelves_of
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow, ToldRows
from shop.lib.workdays import shop_day

# What is neither sent nor counted out never runs out; pages ask for far fewer.
ENDLESS = 1_000_000
FEW_KEYS = 5
Selling = StockPolicy.Selling
# A row as JSON tells it.
Told = Any


@dataclass(frozen=True, slots=True)
class Availability:
    """Units that can be promised now, and the count from which we call it low.

    later: units that can be promised beyond those, for the day later_on; before the first day of
    a pre-order all of them are. paying: units that others keep while they pay, free again soon if
    they don't. more_on: the day on which a supplier brings what is not owed to anybody yet.
    """

    available: int
    low_at: int
    later: int = 0
    later_on: dt.date | None = None
    is_preorder: bool = False
    paying: int = 0
    more_on: dt.date | None = None

    @property
    def is_low(self) -> bool:
        """Few are left, and none can be had later."""
        return 0 < self.available <= self.low_at and not self.later

    @property
    def sellable(self) -> int:
        """Units that can be bought: what is there, and what comes later."""
        return self.available + self.later


NONE = Availability(0, 0)


def availability(
    variant_ids: Iterable[int], shopper: UUID | None = None, *, now: dt.datetime | None = None
) -> dict[int, Availability]:
    """What can be promised of each variant over all places that send; zero when unknown.

    A bundle has as many as its scarcest part allows, a variant with keys at most as many as its
    pool. shopper: what he has reserved counts as there. One query, however many are asked for; one
    more where bundles are among them.
    """
    wanted, at = list(variant_ids), now or timezone.now()
    asked: dict[str, Any] = {"shopper": shopper, "now": at, "today": shop_day(at)}
    rows = {pk: Counted(*row) for pk, *row in ROWS.rows(variants=wanted, **asked)}
    found = offered(rows, shopper, now=at)
    return {pk: found.get(pk, NONE) for pk in wanted}


@dataclass(frozen=True, slots=True)
class Counted:
    """What the tables say of a variant, read with `counts`: see offered()."""

    shelves: list[Told]
    bundled: list[Told]
    keys: int
    policy: Told
    expected: list[Told]
    owed: int
    uses_keys: bool
    is_shipped: bool


# What a query of variants has when it was annotated with counts(): columns by the names above.
COUNTED: Mapping[str, str] = {
    "shelves": "shelves",
    "bundled": "bundled",
    "keys": "free_keys",
    "policy": "policy",
    "expected": "expected",
    "owed": "owed",
    "uses_keys": "uses_keys",
    "is_shipped": "product__type__is_shipped",
}


def offered(
    rows: Mapping[int, Counted], shopper: UUID | None = None, *, now: dt.datetime
) -> dict[int, Availability]:
    """What can be promised of variants that were read with their counts, by their ids.

    No query, but one where bundles are among them.
    """
    today = shop_day(now)
    parts = sorted({one["part"] for row in rows.values() for one in row.bundled})
    asked: dict[str, Any] = {"shopper": shopper, "now": now, "today": today}
    there = {
        pk: _shelved(shelves, waiting)
        for pk, shelves, waiting in (PARTS.rows(variants=parts, **asked) if parts else ())
    }
    return {pk: _offered(row, there, today) for pk, row in rows.items()}


def counts(shopper: UUID | None, *, now: dt.datetime, today: dt.date) -> dict[str, Any]:
    """What to annotate a query of variants with, so that it has COUNTED."""
    parts = BundlePart.objects.filter(bundle=OuterRef("pk"))
    return {
        "shelves": ToldRows(shelves_of("pk", shopper, now, today)),
        "bundled": ToldRows(parts.values_list(ToldRow(units="quantity", part="part_id"))),
        "free_keys": Coalesce(Subquery(_free_keys()), 0),
        "policy": Subquery(_policies()),
        "expected": ToldRows(expected_of("pk")),
        "owed": Coalesce(Subquery(_owed()), 0),
    }


def _free_keys() -> "QuerySet[LicenceKey, Any]":
    keys = LicenceKey.objects.filter(variant=OuterRef("pk"), holder=None).order_by()
    return keys.values("variant_id").values_list(Count("pk"))


def _owed() -> "QuerySet[Backorder, Any]":
    rows = Backorder.objects.filter(variant=OuterRef("pk")).order_by()
    return rows.values("variant_id").values_list(Sum("quantity"))


def _policies() -> "QuerySet[StockPolicy, Any]":
    rows = StockPolicy.objects.filter(variant=OuterRef("pk"))
    fields = ("selling", "limit", "waiting", "lead_days", "available_on")
    return rows.values_list(ToldRow(**{name: name for name in fields}))


def _rows(
    variants: list[int], shopper: UUID | None, now: dt.datetime, today: dt.date
) -> "QuerySet[Variant, Any]":
    found = Variant.objects.filter(pk__in=variants)
    return found.annotate(**counts(shopper, now=now, today=today)).values_list(
        "pk", *COUNTED.values()
    )


def _parts(
    variants: list[int], shopper: UUID | None, now: dt.datetime, today: dt.date
) -> "QuerySet[Variant, Any]":
    shelves = ToldRows(shelves_of("pk", shopper, now, today))
    waiting = Coalesce("stock_policy__waiting", 0)
    return Variant.objects.filter(pk__in=variants).values_list("pk", shelves, waiting)


ROWS, PARTS = Prepared(_rows), Prepared(_parts)


def _offered(row: Counted, parts: Mapping[int, Availability], today: dt.date) -> Availability:
    if not row.is_shipped:
        offered = Availability(ENDLESS, 0)
    elif row.bundled:
        offered = min((_whole(parts[one["part"]], one["units"]) for one in row.bundled), key=_count)
    else:
        waiting = row.policy["waiting"] if row.policy else 0
        offered = _ahead(_shelved(row.shelves, waiting), row, today)
    return min(offered, Availability(row.keys, FEW_KEYS), key=_count) if row.uses_keys else offered


def _shelved(shelves: list[Told], waiting: int) -> Availability:
    """What is there: the shopper's own, and of the rest what nobody waits for."""
    own = sum(one["own"] for one in shelves)
    free = sum(max(0, one["units"] - one["kept"] - one["stale"]) for one in shelves)
    return Availability(
        own + max(0, free - waiting),
        sum(one["low"] for one in shelves),
        paying=sum(one["kept"] for one in shelves) - own,
    )


def _ahead(shelf: Availability, row: Counted, today: dt.date) -> Availability:
    """The shelf with what its policy lets be sold before it is there."""
    expected = [Expected.told(one, today) for one in row.expected]
    shelf = replace(shelf, more_on=next_free(expected, owed=row.owed))
    policy = row.policy or {"selling": Selling.SHELF, "limit": 0, "waiting": 0}
    later = 0 if row.uses_keys else max(0, policy["limit"] - policy["waiting"])
    if policy["selling"] == Selling.BACKORDER:
        lead = policy["lead_days"]
        day = promised_on(expected, owed=row.owed, lead_days=lead, today=today)
        return replace(shelf, later=later, later_on=day if later else None)
    if policy["selling"] == Selling.PREORDER:
        day = dt.date.fromisoformat(policy["available_on"])
        if today < day:
            return Availability(0, 0, later=later, later_on=day, is_preorder=True)
    return shelf


def _whole(shelf: Availability, units: int) -> Availability:
    """How many bundles a part is enough for. units: in each."""
    return Availability(
        shelf.available // units, shelf.low_at // units, paying=shelf.paying // units
    )


def _count(one: Availability) -> int:
    return one.available
