"""What customers pay by price lists: their group's, and everybody's for many units."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from catalog.models import Market, PriceList, PriceListEntry, Variant
from catalog.queries.rounding import rounded
from shop.lib import rulebook
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRow, ToldRows

# What a line of an order keeps of the reason.
LONGEST_NOTE = 120
# From how many units, and the price of one.
Entry = tuple[int, Decimal]
# What lists say of variants, as JSON; those that stand on none are left out.
Written = Mapping[int, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Rung:
    """What a unit costs from this many units on, by one list."""

    least: int
    amount: Decimal
    price_list: PriceList

    @property
    def note(self) -> str:
        """Why this price: "Trade", "Trade, from 12 units", "From 12 units"."""
        name = self.price_list.name
        if self.least == 1:
            return name[:LONGEST_NOTE]
        if self.price_list.group_id is None:
            return _("From %(count)s units") % {"count": self.least}
        told = _("%(list)s, from %(count)s units") % {"list": name, "count": self.least}
        return told[:LONGEST_NOTE]


def in_force(*, market: Market, groups: Collection[int], now: dt.datetime) -> "QuerySet[PriceList]":
    """The lists somebody in these groups may use now, in a fixed order."""
    theirs = Q(group=None) | Q(group__in=list(groups))
    begun = Q(starts_at=None) | Q(starts_at__lte=now)
    still = Q(ends_at=None) | Q(ends_at__gt=now)
    return PriceList.objects.filter(theirs, begun, still, market=market, is_active=True).order_by(
        "pk"
    )


def lists_now(*, market: Market, groups: Collection[int], now: dt.datetime) -> list[PriceList]:
    """The same lists as rows, kept until one is changed."""
    return [
        one
        for one in rulebook.kept(f"price-lists:{market.pk}", lambda: _active(market.pk))
        if (one.group_id is None or one.group_id in groups)
        and (one.starts_at is None or one.starts_at <= now)
        and (one.ends_at is None or one.ends_at > now)
    ]


def _active(market: int) -> list[PriceList]:
    return list(PriceList.objects.filter(market=market, is_active=True).order_by("pk"))


def list_prices(
    *,
    market: Market,
    groups: Collection[int],
    units: Mapping[int, int],
    base: Mapping[int, Decimal],
    now: dt.datetime,
    written: Written | None = None,
) -> dict[int, tuple[Decimal, str]]:
    """What a unit of each variant costs, and why; no words when it is the base price.

    groups: of whoever is signed in. units: of the variant in the whole cart. base: what everybody
    pays for one, as the market enters prices, without extras. Never more than that. written: what
    lists say of the variants (written_for), where that was read. At most two queries.
    """
    rungs = rungs_of(market=market, groups=groups, base=base, now=now, written=written)
    return {
        variant: best(amount, rungs.get(variant, ()), units.get(variant, 1))
        for variant, amount in base.items()
    }


def best(base: Decimal, rungs: Iterable[Rung], units: int) -> tuple[Decimal, str]:
    """The least of the base price and the rungs that so many units reach.

    Rungs fall, so that is the deepest; one that rises would still not make more units dearer.
    """
    reached = [rung for rung in rungs if rung.least <= units]
    least = min(
        reached, key=lambda rung: (rung.amount, rung.least, rung.price_list.pk), default=None
    )
    if least is None or least.amount >= base:
        return base, ""
    return least.amount, least.note


def rungs_of(
    *,
    market: Market,
    groups: Collection[int],
    base: Mapping[int, Decimal],
    now: dt.datetime,
    written: Written | None = None,
) -> dict[int, list[Rung]]:
    """Every rung of the lists in force, by variant. Gift cards are money and stand on no list."""
    lists = lists_now(market=market, groups=groups, now=now) if base else []
    if not lists:
        return {}
    return {
        variant: [
            rung
            for one in lists
            for rung in rungs_by(one, entries.get(one.pk, ()), base[variant], market.currency)
        ]
        for variant, entries in _entries(lists, base, written).items()
    }


def rungs_by(
    price_list: PriceList, entries: Sequence[Entry], base: Decimal, currency: str
) -> list[Rung]:
    """The rungs of one list for one variant. entries: (from units, price).

    The list's percentage is the first rung of whatever has no price for a single unit.
    """
    rungs = [Rung(least, amount, price_list) for least, amount in entries]
    if price_list.percent is None or any(rung.least == 1 for rung in rungs):
        return rungs
    amount = rounded(base * (100 - price_list.percent) / 100, price_list.rounding, currency)
    return [Rung(1, min(amount, base), price_list), *rungs]


def written_for(variant: Any) -> "QuerySet[PriceListEntry, dict[str, Any]]":
    """The entries of a variant as JSON for a subquery, shallow rungs first; see unpacked()."""
    return (
        PriceListEntry.objects.filter(variant=variant)
        .order_by("min_quantity")
        .values_list(
            # As text, so that no digit is lost on the way.
            ToldRow(on="price_list_id", least="min_quantity", amount=Cast("amount", TextField()))
        )
    )


def public_lists(market: Market, *, now: dt.datetime) -> list[PriceList]:
    """Everybody's lists that are not over, kept until one is changed."""
    return [
        one
        for one in rulebook.kept(f"price-lists:{market.pk}", lambda: _active(market.pk))
        if one.group_id is None and (one.ends_at is None or one.ends_at > now)
    ]


def unpacked(written: Iterable[Mapping[str, Any]]) -> list[Entry]:
    return [(one["least"], Decimal(one["amount"])) for one in written]


def _rows(lists: list[int], variants: list[int]) -> "QuerySet[Variant, Any]":
    written = written_for(OuterRef("pk")).filter(price_list__in=lists)
    return (
        Variant.objects.filter(pk__in=variants, product__type__is_gift_card=False)
        .annotate(written=ToldRows(written))
        .values_list("pk", "written")
    )


ROWS = Prepared(_rows)


def _entries(
    lists: Iterable[PriceList], variants: Collection[int], written: Written | None
) -> dict[int, dict[int, list[Entry]]]:
    """What is written on the lists, by variant and list. One query, where it was not read yet."""
    if written is None:
        wanted = [one.pk for one in lists]
        written = dict(ROWS.rows(lists=wanted, variants=list(variants)))
    return {
        variant: {
            price_list: unpacked(rungs)
            for price_list, rungs in groupby(
                sorted(entries, key=itemgetter("on", "least")), key=itemgetter("on")
            )
        }
        for variant, entries in written.items()
        if variant in variants
    }
