"""A year of orders, written in chronological batches; every batch leaves the books balanced."""

import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction

from inventory.models import StockItem, StockMovement
from orders.models import Order, OrderLine, TaxLine
from payments.models import GrantedRefund, Payment, Refund
from shipping.models import Fulfilment
from shop.demo.seeding import came_back
from shop.demo.seeding.bookings import Bookings, Ids, Known
from shop.demo.seeding.copying import copy, reserve_ids, reserve_numbers
from shop.demo.seeding.rhythm import moments
from shop.demo.seeding.sales import Sale, Sales
from shop.lib.batches import in_batches

BATCH = 5_000
DELIVERED_BEFORE = dt.timedelta(hours=3)
# The goods of a month's orders arrive before it; what the open ones hold stays on the shelf.
RECEIPTS = [
    *("stock_item_id", "kind", "on_hand_change", "allocated_change", "value_change", "reason"),
    *("reference", "at"),
]
HOLD = """
    with held as (
        select * from unnest(%s::bigint[], %s::bigint[], %s::int[], %s::numeric[])
            as held(item_id, variant_id, units, value)
    ), shelved as (
        update inventory_stockitem s
        set on_hand = on_hand + h.units, allocated = allocated + h.units
        from (select item_id, sum(units) as units from held group by item_id) h
        where s.id = h.item_id
    )
    insert into inventory_valuation (variant_id, units, value)
    select variant_id, sum(units), sum(value) from held group by variant_id
    on conflict (variant_id) do update set
        units = inventory_valuation.units + excluded.units,
        value = inventory_valuation.value + excluded.value
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
    say(f"{came_back.fill(seed=seed):,} returns")


@transaction.atomic
def _write(sales: list[Sale], known: Known, rng: random.Random) -> None:
    bookings = Bookings(_reserve(sales), known, rng)
    for sale in sales:
        bookings.book(sale)
    _receive(bookings)
    bookings.load.write()


def _reserve(sales: list[Sale]) -> Ids:
    stories = [sale.story for sale in sales]
    lines = sum(len(sale.offers) for sale in sales)
    taxes = lines + sum(bool(sale.quote.delivery) for sale in sales)
    refunds = sum(bool(s.refunded_at) for s in stories)
    return Ids(
        orders=iter(reserve_ids(Order, len(sales))),
        numbers=iter(reserve_numbers(len(sales))),
        lines=iter(reserve_ids(OrderLine, lines)),
        taxes=iter(reserve_ids(TaxLine, taxes)),
        payments=iter(reserve_ids(Payment, len(sales))),
        grants=iter(reserve_ids(GrantedRefund, refunds)),
        refunds=iter(reserve_ids(Refund, refunds)),
        fulfilments=iter(reserve_ids(Fulfilment, sum(bool(s.shipped_at) for s in stories))),
    )


def _receive(bookings: Bookings) -> None:
    """Book in what these orders took or hold, so that today's stock is what it was."""
    kind = StockMovement.Kind.RECEIPT
    copy(
        StockMovement,
        RECEIPTS,
        (
            (
                *(one.item_id, kind, units, 0, units * one.cost, "From the kiln", ""),
                one.month - DELIVERED_BEFORE,
            )
            for one, units in (bookings.left + bookings.held).items()
        ),
    )
    held = bookings.held.items()
    with connection.cursor() as cursor:
        cursor.execute(
            HOLD,
            [
                [one.item_id for one, _units in held],
                [one.variant_id for one, _units in held],
                [units for _one, units in held],
                [units * one.cost for one, units in held],
            ],
        )
