"""Prices of markets that take theirs from another one, at the rate of the day."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet

from catalog.gateways.ecb import Day
from catalog.models import ExchangeRate, Market, Price
from catalog.queries.rates import Rates, rates_at
from catalog.queries.rounding import rounded
from catalog.queries.shown import home_sides
from shop.lib.batches import in_batches

ECB = "ECB"
BATCH = 5_000
HUNDRED = Decimal(100)
WRITE = """
insert into catalog_price as p (variant_id, market_id, amount, is_fixed)
select n.variant, %s, n.amount, false from unnest(%s::bigint[], %s::numeric[]) as n(variant, amount)
on conflict (variant_id, market_id) do update set amount = excluded.amount, compare_at = null
    where not p.is_fixed
"""
Convert = Callable[[Decimal, int], Decimal]


@dataclass(frozen=True, slots=True)
class Derived:
    """A price as the other market's makes it."""

    variant: int
    product: int
    amount: Decimal


def apply(*, product_ids: Collection[int] | None, now: dt.datetime) -> set[int]:
    """Write the prices of these products (None: of all) in every market that follows another.

    A price that staff fixed is left alone. Without a rate, or without a price to follow, a price
    that was computed goes. Returns the ids of the products whose prices are different now.
    """
    followers = list(Market.objects.exclude(base=None).select_related("base").in_order())
    if not followers:
        return set()
    changed: set[int] = set()
    with transaction.atomic():
        rates = rates_at(now)
        for market in followers:
            changed |= _follow(market, rates, product_ids, now)
    return changed


def let_go(*, market: Market) -> int:
    """Make prices that were computed the market's own. Returns how many."""
    return Price.objects.filter(market=market, is_fixed=False).update(is_fixed=True)


def keep(day: Day) -> int:
    """Put a day's rates on file, once; returns how many are new."""
    at = dt.datetime.combine(day.on, dt.time(), dt.UTC)
    known = set(ExchangeRate.objects.filter(base="EUR", at=at).values_list("quote", flat=True))
    fresh = [
        ExchangeRate(base="EUR", quote=code, rate=rate, at=at, source=ECB)
        for code, rate in sorted(day.rates.items())
        if code not in known
    ]
    ExchangeRate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _follow(
    market: Market, rates: Rates, product_ids: Collection[int] | None, now: dt.datetime
) -> set[int]:
    prices = Price.objects.all()
    if product_ids is not None:
        prices = prices.filter(variant__product__in=product_ids)
    here = prices.filter(market=market)
    standing = dict(here.filter(is_fixed=False).values_list("variant_id", "amount"))
    fixed = set(here.filter(is_fixed=True).values_list("variant_id", flat=True))
    wanted = [one for one in _derived(market, prices, rates, now) if one.variant not in fixed]
    left = standing.keys() - {one.variant for one in wanted}
    gone = here.filter(is_fixed=False, variant__in=left)
    changed = set(gone.values_list("variant__product_id", flat=True)) if left else set()
    if left:
        gone.delete()
    fresh = [one for one in wanted if standing.get(one.variant) != one.amount]
    _write(market, fresh)
    return changed | {one.product for one in fresh}


def _derived(
    market: Market, prices: QuerySet[Price], rates: Rates, now: dt.datetime
) -> Iterator[Derived]:
    """What every price of the other market comes to here; nothing without a rate."""
    base = market.base
    if base is None:
        return
    known = rates.of(base.currency, market.currency, now=now)
    if known is None:
        return
    turn = _turning(base, market, now)
    rows = (
        prices.filter(market=base)
        .order_by("variant_id")
        .values_list(
            "variant_id", "variant__product_id", "amount", "variant__product__type__tax_class_id"
        )
    )
    for variant, product, amount, tax_class in rows.iterator():
        exact = turn(amount * known.rate, tax_class)
        yield Derived(variant, product, rounded(exact, market.rounding, market.currency))


def _turning(base: Market, market: Market, now: dt.datetime) -> Convert:
    """From prices with tax to prices without, or back: each market's own tax, rounded once later."""
    if base.prices_include_tax == market.prices_include_tax:
        return lambda amount, _tax_class: amount
    taxed = base if base.prices_include_tax else market
    homes = home_sides([taxed], now=now)

    def turn(amount: Decimal, tax_class: int) -> Decimal:
        factor = 1 + homes.of(taxed, tax_class).rate / HUNDRED
        return amount / factor if base.prices_include_tax else amount * factor

    return turn


def _write(market: Market, fresh: Sequence[Derived]) -> None:
    with connection.cursor() as cursor:
        for batch in in_batches(fresh, BATCH):
            variants, amounts = [one.variant for one in batch], [one.amount for one in batch]
            cursor.execute(WRITE, [market.pk, variants, amounts])
