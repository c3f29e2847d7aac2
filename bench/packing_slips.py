"""How long 300 packing slips take: python bench/packing_slips.py [--slips 300]

Fills a scratch database with packed parcels of three to five lines, one of them a bundle, asks for
their slips as staff do, with prices, and lets the worker's own code make the file, as one PDF.
Exit code 1 when it takes longer than it may or a page is missing.
Needs a running PostgreSQL and Valkey (DATABASE_URL and REDIS_URL, or `bench/run.py packing_slips`).
"""

import argparse
import datetime as dt
import io
import os
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from catalog.models import Category, Market, Product, ProductType, TaxClass, Variant  # noqa: E402
from inventory.models import Location  # noqa: E402
from orders.models import Order, OrderLine, OrderLinePart  # noqa: E402
from shipping.models import BulkRun, Fulfilment, FulfilmentLine  # noqa: E402
from shop.processes import bulk  # noqa: E402

DATABASE, SLIPS = "bench_packing_slips", 300
# Seconds for all of them.
MOST = 60
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
PRICE = Decimal("24.00")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slips", type=int, default=SLIPS)
    asked = parser.parse_args()
    before = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill(asked.slips)
        return measure(asked.slips)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


@transaction.atomic
def fill(count: int) -> None:
    market = Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
    pieces = goods()
    place = Location.objects.create(code="store", name="Store")
    orders = Order.objects.bulk_create(an_order(market, number) for number in range(count))
    lines = OrderLine.objects.bulk_create(
        a_line(order, pieces[(number + at) % len(pieces)], at)
        for number, order in enumerate(orders)
        for at in range(3 + number % 3)
    )
    OrderLinePart.objects.bulk_create(
        OrderLinePart(line=line, variant=part, sku=part.sku, title=str(part), quantity=2)
        for line in lines
        if line.position == 0
        for part in pieces[:2]
    )
    parcels = Fulfilment.objects.bulk_create(
        Fulfilment(
            order=order,
            position=1,
            location=place,
            status=Fulfilment.Status.PACKED,
            created_at=NOW,
            packed_at=NOW,
        )
        for order in orders
    )
    by_order = {parcel.order_id: parcel for parcel in parcels}
    FulfilmentLine.objects.bulk_create(
        FulfilmentLine(fulfilment=by_order[one.order_id], order_line=one, quantity=one.quantity)
        for one in lines
    )


def goods() -> list[Variant]:
    standard = TaxClass.objects.create(code="standard", name="Standard")
    kind = ProductType.objects.create(code="piece", name="Piece", tax_class=standard)
    shelf = Category.objects.add_root({"name": "Goods", "slug": "goods", "url_path": "goods"})
    product = Product.objects.create(title="Piece", slug="piece", type=kind, category=shelf)
    return Variant.objects.bulk_create(
        Variant(product=product, sku=f"P-{number:04d}", label=f"Size {number}")
        for number in range(40)
    )


def an_order(market: Market, number: int) -> Order:
    return Order(
        number=str(20001 + number),
        market=market,
        currency="GBP",
        status=Order.Status.CONFIRMED,
        email=f"buyer{number}@example.com",
        name=f"Buyer {number}",
        line1=f"{number} Mill Lane",
        city="Leeds",
        postcode="LS1 4AB",
        country="GB",
        shipping_name="Tracked 48",
        payment_method="card",
        net=PRICE,
        tax=0,
        total=PRICE,
        placed_at=NOW,
        gift_note="With love" if number % 10 == 0 else "",
    )


def a_line(order: Order, variant: Variant, at: int) -> OrderLine:
    return OrderLine(
        order=order,
        variant=variant,
        position=at,
        sku=variant.sku,
        title=f"Stoneware piece {variant.sku}",
        variant_label=variant.label,
        quantity=2,
        unit_price=PRICE,
        net=2 * PRICE,
        tax=0,
        gross=2 * PRICE,
    )


def measure(count: int) -> int:
    rows = list(Fulfilment.objects.order_by("pk").values_list("order_id", "pk"))
    start = time.perf_counter()
    run = bulk.ask(
        kind=BulkRun.Kind.PACKING_SLIPS, rows=rows, options={"prices": True}, actor=None, now=NOW
    )
    for _row in bulk.work(run_id=run.pk, now=timezone.now):
        pass
    took = time.perf_counter() - start
    run.refresh_from_db()
    with run.file.open("rb") as file:
        pdf = file.read()
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    run.file.delete(save=False)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} packing slips: {took:.1f} s (at most {MOST}), {pages} pages, "
        f"{len(pdf) / 1e6:.1f} MB, peak memory {memory:.0f} MB"
    )
    return 0 if took <= MOST and pages == count else 1


if __name__ == "__main__":
    sys.exit(main())
