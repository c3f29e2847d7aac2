"""What a supplier of the demo shop told this morning: a list of stock and costs, to be looked at."""

import datetime as dt
from decimal import Decimal
from typing import Any

from inventory.models import Supplier, SupplierFeed, SupplierOffer
from shop.lib.fetch import Fetched
from shop.processes.replenishment import feeds

SUPPLIER, ADDRESS = "hinode", "https://lists.hinode-tea.example/stock.csv"
# Every so many offers cost more, or are gone.
DEARER, SHARE, GONE = 4, Decimal("1.06"), 11


def fill(*, now: dt.datetime) -> None:
    """A feed that is read by hand in the demo: its address leads nowhere."""
    supplier = Supplier.objects.get(code=SUPPLIER)
    feed = SupplierFeed.objects.create(supplier=supplier, url=ADDRESS, is_active=False)
    offers = SupplierOffer.objects.filter(supplier=supplier).order_by("pk")
    lines = [_line(number, offer) for number, offer in enumerate(offers) if number % GONE]
    content = "\n".join(["sku,stock,cost", *lines]).encode()

    def told(address: str, **_limits: Any) -> Fetched:
        return Fetched(content, "text/csv", address)

    feeds.read(feed_id=feed.pk, now=now, fetcher=told)


def _line(number: int, offer: SupplierOffer) -> str:
    cost = offer.cost if number % DEARER else (offer.cost * SHARE).quantize(Decimal("0.01"))
    return f"{offer.supplier_sku},{number * 7 % 60},{cost}"
