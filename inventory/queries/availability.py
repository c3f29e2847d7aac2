"""What can be promised: units on the shelf, units that come later, keys in a pool, parts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from catalog.models import BundlePart, Variant
from inventory.models import Backorder, LicenceKey, StockPolicy
from inventory.queries.expected import Expected, expected_of, next_free, promised_on
from inventory.queries.shelf import told_of
from shop.lib.prepared import Prepared
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
    pool. shopper: what he has reserved counts as there. One query, however many are asked for.
    """
    wanted, at = list(variant_ids), now or timezone.now()
    today = shop_day(at)
    rows = ROWS.rows(variants=wanted, shopper=shopper, now=at, today=today)
    found = {pk: _offered(_Row(*row), today) for pk, *row in rows}
    return {pk: found.get(pk, NONE) for pk in wanted}


@dataclass(frozen=True, slots=True)
class _Row:
    told: Told
    bundled: list[Told]
    keys: int
    policy: Told
    expected: list[Told]
    owed: int
    uses_keys: bool
    is_shipped: bool


def _free_keys() -> "QuerySet[LicenceKey, Any]":
    keys = LicenceKey.objects.filter(variant=OuterRef("pk"), holder=None).order_by()
    return keys.values("variant_id").values_list(Count("pk"))


def _owed() -> "QuerySet[Backorder, Any]":
    rows = Backorder.objects.filter(variant=OuterRef("pk")).order_by()
    return rows.values("variant_id").values_list(Sum("quantity"))


def _policies() -> "QuerySet[StockPolicy, Any]":
    rows = StockPolicy.objects.filter(variant=OuterRef("pk"))
    fields = ("selling", "limit", "waiting", "lead_days", "available_on")
    return rows.values_list(JSONObject(**{name: name for name in fields}))


def _rows(
    variants: list[int], shopper: UUID | None, now: dt.datetime, today: dt.date
) -> "QuerySet[Variant, Any]":
    def told(variant: str) -> Subquery:
        return told_of(variant, shopper, now, today)

    parts = BundlePart.objects.filter(bundle=OuterRef("pk"))
    bundled = parts.values_list(JSONObject(units="quantity", told=told("part")))
    return (
        Variant.objects.filter(pk__in=variants)
        .annotate(
            told=told("pk"),
            bundled=ArraySubquery(bundled),
            free_keys=Coalesce(Subquery(_free_keys()), 0),
            policy=Subquery(_policies()),
            expected=ArraySubquery(expected_of("pk")),
            owed=Coalesce(Subquery(_owed()), 0),
        )
        .values_list(
            *("pk", "told", "bundled", "free_keys", "policy", "expected", "owed"),
            *("uses_keys", "product__type__is_shipped"),
        )
    )


ROWS = Prepared(_rows)


def _offered(row: _Row, today: dt.date) -> Availability:
    if not row.is_shipped:
        offered = Availability(ENDLESS, 0)
    elif row.bundled:
        offered = min((_whole(part) for part in row.bundled), key=_count)
    else:
        offered = _ahead(_shelved(row.told), row, today)
    return min(offered, Availability(row.keys, FEW_KEYS), key=_count) if row.uses_keys else offered


def _shelved(told: Told) -> Availability:
    """What is there: the shopper's own, and of the rest what nobody waits for."""
    if not told:
        return NONE
    units = told["own"] + max(0, told["free"] - told["waiting"])
    return Availability(units, told["low"], paying=told["paying"])


def _ahead(shelf: Availability, row: _Row, today: dt.date) -> Availability:
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


def _whole(part: Told) -> Availability:
    """How many bundles the units of this part are enough for."""
    shelf, units = _shelved(part["told"]), part["units"]
    return Availability(
        shelf.available // units, shelf.low_at // units, paying=shelf.paying // units
    )


def _count(one: Availability) -> int:
    return one.available
