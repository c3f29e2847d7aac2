"""Pricing by the clock: sales begin and end by themselves, rates of the day make prices."""

import datetime as dt
import logging
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import Q

from catalog.gateways import ecb
from catalog.models import Market, Price, Product, Sale
from catalog.queries.sale_rows import covered
from catalog.queries.sales import in_force
from catalog.services import conversion, sales
from shop.lib.batches import in_batches
from shop.lib.fetch import safe_fetch
from shop.lib.network import FetchRefused
from shop.outbox import delivery
from shop.outbox.models import Message, post
from shop.processes import browsing, moments

logger = logging.getLogger(__name__)
# The prices of so many are made before whoever saved a sale gets an answer.
AT_ONCE = 100
# What one message rebuilds takes a minute, not longer than a task may run.
PRODUCTS_AT_ONCE = 2_000
# How far back the clock looks for what was never told; older slips are mended by the daily round.
LATELY = dt.timedelta(days=2)


def apply(*, product_ids: Collection[int] | None, now: dt.datetime) -> set[int]:
    """Make the prices of these products (None: of all) what rates and sales say they are.

    Owes the shop fresh cards of whatever is different, and returns the ids of these products.
    """
    with transaction.atomic():
        changed = conversion.apply(product_ids=product_ids, now=now)
        changed |= sales.apply(product_ids=product_ids, now=now)
        for ids in in_batches(sorted(changed), PRODUCTS_AT_ONCE):
            browsing.cards_are_stale(product_ids=ids, now=now)
    return changed


def sale_saved(*, sale: Sale, now: dt.datetime) -> None:
    """Owe the shop new prices: now, for what the sale said until now, when it begins and ends.

    Those of a few products are made as soon as it is saved: the next page shows them.
    """
    _owe(sale, now)
    touched = covered(sale) | Price.objects.filter(sale=sale)
    ids = set(touched.values_list("variant__product", flat=True).distinct()[: AT_ONCE + 1])
    if 0 < len(ids) <= AT_ONCE:
        transaction.on_commit(partial(apply, product_ids=ids, now=now), robust=True)
    transaction.on_commit(partial(moments.announce, now=now), robust=True)
    prices_are_stale(now=now)


def _owe(sale: Sale, now: dt.datetime) -> int:
    """A message for each moment at which prices change; each is owed once. Returns how many are new."""
    owed = [
        post(topic="pricing.apply", key=key, payload={}, now=now, due_at=max(at, now))
        for key, at in _moments(sale).items()
    ]
    return sum(one is not None for one in owed)


def _moments(sale: Sale) -> dict[str, dt.datetime]:
    """When prices change, by the key of the message that says so."""
    moments = (("begins", sale.starts_at), ("ends", sale.ends_at))
    return {
        f"sale-{sale.pk}-{word}-{at.timestamp():.0f}": at for word, at in moments if at is not None
    }


def follow_clock(*, now: dt.datetime) -> int:
    """Make up for what was missed: a sale that nobody announced, one that is over and still counts.

    Three small questions when there is nothing to do. Returns how many messages it owed.
    """
    begun = Q(starts_at__range=(now - LATELY, now)) | Q(ends_at__range=(now - LATELY, now))
    moved = list(Sale.objects.filter(begun, is_active=True, applied_at=None))
    known = set(
        Message.objects.filter(key__in=[key for one in moved for key in _moments(one)]).values_list(
            "key", flat=True
        )
    )
    unknown = [one for one in moved if any(key not in known for key in _moments(one))]
    found = sum(_owe(one, now) for one in unknown)
    over = Price.objects.exclude(sale_amount=None).exclude(sale__in=in_force(now=now))
    if over.exists():
        key = f"prices-over-{now:%Y%m%d%H%M}"
        found += post(topic="pricing.apply", key=key, payload={}, now=now) is not None
    delivery.ring()
    return found


def prices_are_stale(*, now: dt.datetime) -> None:
    """Owe the shop new prices: a rate is another, a sale is gone."""
    post(topic="pricing.apply", key=f"prices-{now.timestamp():.6f}", payload={}, now=now)
    delivery.ring()


def market_changed(*, market: Market, now: dt.datetime) -> None:
    """Owe the shop every price and card: a market shows, rounds or follows otherwise.

    A market that follows nobody any more keeps what it has got as prices of its own.
    """
    if market.base_id is None:
        conversion.let_go(market=market)
    for ids in in_batches(
        list(Product.objects.order_by("pk").values_list("pk", flat=True)), PRODUCTS_AT_ONCE
    ):
        browsing.cards_are_stale(product_ids=ids, now=now)


def fetch_rates(
    *, now: dt.datetime, address: str = ecb.ADDRESS, fetcher: ecb.Fetcher = safe_fetch
) -> int:
    """Ask the European Central Bank for the rates of the day. Returns how many are new.

    Without an answer yesterday's go on; staff are told when they are old.
    """
    try:
        day = ecb.daily(address=address, fetcher=fetcher)
    except (FetchRefused, ecb.NotRates) as refusal:
        logger.warning("no exchange rates", extra={"reason": str(refusal)})
        return 0
    with transaction.atomic(durable=True):
        count = conversion.keep(day)
        if count:
            prices_are_stale(now=now)
    return count
