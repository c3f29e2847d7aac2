"""Browsing: shoppers read prepared cards; this keeps the cards true."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from catalog.models import BundlePart, Card, Market, Product, Variant
from catalog.services import (
    cards,
    completeness,
    conversion,
    news,
    sales,
    search_counts,
    search_words,
)
from inventory.queries import availability
from inventory.services.terms import Shown
from shop.lib.batches import in_batches
from shop.lib.page_cache import throw_away_pages
from shop.lib.prepared import Prepared
from shop.outbox import delivery
from shop.outbox.at_once import at_once
from shop.outbox.models import post

BATCH = 500
# The cards of so many are made before the change is answered: half a second of work.
AT_ONCE = 100
# What has no card although its day came longer ago than this has none for another reason.
LATELY = dt.timedelta(minutes=10)


def refresh_cards(*, product_ids: Iterable[int] | None, now: dt.datetime) -> int:
    """Build the cards of these products (None: of all) and let go of kept pages.

    What rates and sales make of their prices is written first.
    """
    ids = list(Product.objects.values_list("pk", flat=True)) if product_ids is None else product_ids
    count = 0
    for batch in in_batches(sorted(set(ids)), BATCH):
        with transaction.atomic():
            _refresh(batch, now)
        count += len(batch)
    throw_away_pages()
    return count


def _refresh(product_ids: Sequence[int], now: dt.datetime) -> None:
    conversion.apply(product_ids=product_ids, now=now)
    sales.apply(product_ids=product_ids, now=now)
    variant_ids = Variant.objects.filter(product__in=product_ids).values_list("pk", flat=True)
    stock = {
        variant_id: (one.sellable, 0 if one.later else one.low_at)
        for variant_id, one in availability(variant_ids, now=now).items()
    }
    cards.build(products=product_ids, availability=stock, now=now)
    completeness.refresh(product_ids=product_ids)


def cards_are_stale(*, product_ids: Iterable[int], now: dt.datetime) -> None:
    """Owe the shop fresh cards, in the transaction that made the old ones wrong.

    A few are made as soon as it has committed: the next page shows them.
    Systems outside are told as well: what is new on a card is new to them.
    """
    ids = sorted(set(product_ids))
    _owe_cards(ids, now, is_awaited=True)
    news.changed(product_ids=ids, now=now)


def _owe_cards(product_ids: Iterable[int], now: dt.datetime, *, is_awaited: bool = False) -> None:
    ids = sorted(set(product_ids))
    if not ids:
        return
    bundles = Product.objects.filter(variants__parts__part__product__in=ids)
    ids = sorted({*ids, *bundles.values_list("pk", flat=True)})
    digest = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
    key = f"cards-{now.timestamp():.6f}-{digest}"
    owed = post(topic="browsing.refresh_cards", key=key, payload={"product_ids": ids}, now=now)
    if is_awaited and len(ids) <= AT_ONCE:
        at_once(owed)
    delivery.ring()


def follow_schedule(*, now: dt.datetime) -> int:
    """Owe cards to what went on sale or off it by the clock alone. Returns how many products.

    Looks for products whose cards say otherwise than their dates, so a missed run is made up for.
    """
    shown = Card.objects.filter(product=OuterRef("pk"))
    begun = Product.objects.on_sale(now=now).filter(~Exists(shown), published_at__gt=now - LATELY)
    over = Product.objects.filter(Exists(shown), unpublished_at__lte=now)
    ids = [*begun.values_list("pk", flat=True), *over.values_list("pk", flat=True)]
    cards_are_stale(product_ids=ids, now=now)
    return len(ids)


def refresh_words(*, now: dt.datetime) -> int:
    """Count the words of all cards anew, let go of old searches; returns how many words changed."""
    search_counts.forget(before=now.date() - search_counts.KEPT)
    return sum(search_words.count(market=market) for market in Market.objects.in_order())


BUNDLES = Prepared(
    lambda parts: BundlePart.objects.filter(part__in=parts).values_list("bundle_id", flat=True)
)


def bundles_of(variant_ids: Iterable[int]) -> set[int]:
    """What is sold with one of these variants in it."""
    return set(BUNDLES.rows(parts=list(variant_ids)))


def stock_came_back(*, variant_ids: Iterable[int], now: dt.datetime) -> None:
    """Owe fresh cards for everything that can be bought again: it may have said "sold out"."""
    variants = Variant.objects.filter(pk__in=list(variant_ids))
    _owe_cards(variants.values_list("product_id", flat=True), now)


def stock_moved(
    *,
    variant_ids: Iterable[int],
    now: dt.datetime,
    freed: int = 0,
    shown: Shown | None = None,
) -> None:
    """Units were taken: owe fresh cards only where a page would now say "low" or "sold out".

    freed: so many came back at most, so a page may have said so before. shown: what whoever has
    all these shelves locked knows of it.
    """
    touched = set(variant_ids)
    if shown is None:
        shown = Shown(freed=freed, bundles=bundles_of(touched))
    asked = touched.union(shown.bundles).difference(shown.unseen)
    if not asked:
        return
    stock = availability(asked, now=now)
    telling = [pk for pk, one in stock.items() if one.sellable - shown.freed <= one.low_at + 1]
    products = Variant.objects.filter(pk__in=telling).values_list("product_id", flat=True)
    _owe_cards(products, now)
