"""A year of orders, written in chronological batches; every batch leaves the books balanced."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction

from inventory.models import StockItem, StockMovement
from orders.models import Order, OrderLine
from payments.models import Payment, Refund
from shipping.models import Fulfilment
from shop.demo.seeding.bookings import Bookings, Ids, Known
from shop.demo.seeding.copying import copy, reserve_ids, reserve_numbers
from shop.demo.seeding.rhythm import moments
from shop.demo.seeding.sales import Sale, Sales
from shop.lib.batches import in_batches

BATCH = 5_000
DELIVERED_BEFORE = dt.timedelta(hours=3)
# Goods for a batch of orders arrive before it; what the open ones hold stays on the shelf.
RECEIPTS = [
    "stock_item_id",
    "kind",
    "on_hand_change",
    "allocated_change",
    "reason",
    "reference",
    "at",
]
HOLD = """
    update inventory_stockitem s
    set on_hand = on_hand + held.units, allocated = allocated + held.units
    from unnest(%s::bigint[], %s::int[]) as held(id, units)
    where s.id = held.id
"""


def fill(
    count: int,
    *,
    seed: int,
    now: dt.datetime,
    pictures: Mapping[int, dict[str, Any]],
    say: Callable[[str], None],
) -> None:
    """Write `count` orders of the twelve months before now. Call it when nobody else writes."""
    rng = random.Random(seed)
    sales = Sales(seed=seed, rng=rng, now=now)
    items = dict(StockItem.objects.order_by("-pk").values_list("variant_id", "pk"))
    known = Known(items, pictures, sales.tracking_page)
    done = 0
    for chunk in in_batches(moments(count, now=now, rng=rng), BATCH):
        _write(list(sales.draw(chunk)), known, rng)
        done += len(chunk)
        say(f"{done:,} orders")


@transaction.atomic
def _write(sales: list[Sale], known: Known, rng: random.Random) -> None:
    bookings = Bookings(_reserve(sales), known, rng)
    for sale in sales:
        bookings.book(sale)
    _receive(bookings, before=sales[0].story.placed_at)
    bookings.load.write()


def _reserve(sales: list[Sale]) -> Ids:
    stories = [sale.story for sale in sales]
    lines = sum(len(sale.offers) for sale in sales)
    return Ids(
        orders=iter(reserve_ids(Order, len(sales))),
        numbers=iter(reserve_numbers(len(sales))),
        lines=iter(reserve_ids(OrderLine, lines)),
        payments=iter(reserve_ids(Payment, len(sales))),
        refunds=iter(reserve_ids(Refund, sum(bool(s.refunded_at) for s in stories))),
        fulfilments=iter(reserve_ids(Fulfilment, sum(bool(s.shipped_at) for s in stories))),
    )


def _receive(bookings: Bookings, *, before: dt.datetime) -> None:
    """Book in what these orders took or hold, so that today's stock is what it was."""
    at, kind = before - DELIVERED_BEFORE, StockMovement.Kind.RECEIPT
    units = bookings.left + bookings.held
    copy(
        StockMovement,
        RECEIPTS,
        ((item, kind, count, 0, "From the kiln", "", at) for item, count in units.items()),
    )
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(bookings.held), list(bookings.held.values())])
