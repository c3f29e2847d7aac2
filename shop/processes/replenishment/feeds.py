"""Reading suppliers' feeds: ask, read, list what is new with what it does to margins."""

import datetime as dt
import logging
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value

from catalog.models import Price
from catalog.queries.markets import main_market
from catalog.queries.price_sheet import sheet
from catalog.queries.rates import exchange_rate
from inventory.models import FeedRun, SupplierFeed, SupplierOffer
from inventory.services import feed_files, feeds
from inventory.services.feed_files import FeedRefused
from shop.lib.fetch import Fetched, safe_fetch
from shop.lib.network import FetchRefused
from shop.outbox import delivery
from shop.outbox.models import post

logger = logging.getLogger(__name__)
Fetcher = Callable[..., Fetched]
MAX_BYTES, PATIENCE = 20_000_000, 30.0
PLAIN = {"text/plain", "application/octet-stream"}
KINDS: Mapping[str, Collection[str]] = {
    SupplierFeed.Format.CSV: PLAIN | {"text/csv", "application/csv", "application/vnd.ms-excel"},
    SupplierFeed.Format.JSON: PLAIN | {"application/json", "text/json"},
}
PLACES, LARGEST = Decimal("0.0001"), Decimal("99.9999")
HOUR = Value(dt.timedelta(hours=1))


def read_due(*, now: dt.datetime, fetcher: Fetcher = safe_fetch) -> list[FeedRun]:
    """Read every feed whose time has come; one that can't be read keeps none from being read."""
    again = ExpressionWrapper(F("read_at") + F("every_hours") * HOUR, output_field=DateTimeField())
    rows = SupplierFeed.objects.filter(is_active=True).annotate(again_at=again)
    due = rows.filter(Q(read_at=None) | Q(again_at__lte=now)).order_by("pk")
    return [read(feed_id=pk, now=now, fetcher=fetcher) for pk in due.values_list("pk", flat=True)]


def read(*, feed_id: int, now: dt.datetime, fetcher: Fetcher = safe_fetch) -> FeedRun:
    """Ask a supplier for the file and keep what is new. No transaction is open while it asks."""
    feed = SupplierFeed.objects.select_related("supplier").get(pk=feed_id)
    try:
        answer = fetcher(feed.url, max_bytes=MAX_BYTES, timeout=PATIENCE, kinds=KINDS[feed.format])
        reading = feed_files.read(answer.content, feed)
    except (FetchRefused, FeedRefused) as refusal:
        logger.warning("supplier feed not read", extra={"feed": feed_id, "why": refusal.message})
        return feeds.fail(feed_id=feed_id, words=refusal.message, now=now)
    with transaction.atomic(durable=True):
        return feeds.keep(feed_id=feed_id, reading=reading, margin=_margins(feed, now), now=now)


@transaction.atomic(durable=True)
def ask(*, feed_ids: Collection[int], now: dt.datetime) -> None:
    """Have feeds read now by a worker."""
    for feed_id in feed_ids:
        key = f"feed-{feed_id}-{now.timestamp():.0f}"
        post(topic="replenishment.read_feed", key=key, payload={"feed_id": feed_id}, now=now)
    delivery.ring()


def _margins(feed: SupplierFeed, now: dt.datetime) -> feeds.Margin:
    """Shares of the net price in the main market, for the offers of a supplier. Three queries."""
    rate = exchange_rate(feed.supplier.currency, now)
    offers = SupplierOffer.objects.filter(supplier=feed.supplier_id)
    prices = Price.objects.filter(market=main_market(), variant__in=offers.values("variant"))
    rows: QuerySet[Any] = sheet(prices, now=now)
    nets: dict[int, Decimal] = dict(rows.values_list("variant_id", "net"))

    def margin(offer: SupplierOffer, cost: Decimal | None) -> Decimal | None:
        net = nets.get(offer.variant_id)
        if cost is None or rate is None or not net:
            return None
        share = (net - cost * rate) / net
        return min(LARGEST, max(-LARGEST, share)).quantize(PLACES)

    return margin
