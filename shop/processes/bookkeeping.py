"""Bookkeeping: do the numbers that should agree, agree?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from shop.processes.value_promises import STORED_VALUE

MOST_EXAMPLES = 5
SECONDS = 300


class Level(StrEnum):
    BROKEN = "broken"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise, and the rows that break it. `%(now)s` is the moment of the check."""

    name: str
    rule: str
    sql: str
    level: Level = Level.BROKEN


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that does not hold, how often, and where to look first."""

    name: str
    level: Level
    rule: str
    count: int
    examples: list[dict[str, Any]]

    @property
    def is_broken(self) -> bool:
        return self.level == Level.BROKEN


# Who may hold stock: a line that is sent, or in its place the parts of its bundle.
HOLDERS = """
    select l.holder, l.order_id, l.sku, l.variant_id, l.is_shipped,
           l.quantity - l.fulfilled as waiting
    from orders_orderline l
    where not exists (select from orders_orderlinepart p where p.line_id = l.id)
    union all
    select p.holder, l.order_id, p.sku, p.variant_id, l.is_shipped,
           (l.quantity - l.fulfilled) * p.quantity
    from orders_orderlinepart p join orders_orderline l on l.id = p.line_id
"""

INVARIANTS = (
    Invariant(
        "stock.movements",
        "A stock item is the sum of its movements.",
        """
        select s.id as stock_item, s.on_hand, s.allocated,
               coalesce(m.on_hand, 0) as moved_on_hand, coalesce(m.allocated, 0) as moved_allocated
        from inventory_stockitem s
        left join (
            select stock_item_id, sum(on_hand_change) as on_hand, sum(allocated_change) as allocated
            from inventory_stockmovement group by stock_item_id
        ) m on m.stock_item_id = s.id
        where s.on_hand <> coalesce(m.on_hand, 0) or s.allocated <> coalesce(m.allocated, 0)
        """,
    ),
    Invariant(
        "stock.allocations",
        "What a stock item has allocated is what its allocations hold.",
        """
        select s.id as stock_item, s.allocated, coalesce(a.units, 0) as held
        from inventory_stockitem s
        left join (
            select stock_item_id, sum(quantity) as units from inventory_allocation group by 1
        ) a on a.stock_item_id = s.id
        where s.allocated <> coalesce(a.units, 0)
        """,
    ),
    Invariant(
        "stock.holders",
        "An allocation belongs to a line of an open order, or a part of one, that still waits.",
        f"""
        select a.holder, a.units, o.number as "order", o.status, h.sku, h.waiting
        from (select holder, sum(quantity) as units from inventory_allocation group by 1) a
        left join ({HOLDERS}) h on h.holder = a.holder
        left join orders_order o on o.id = h.order_id
        where h.holder is null or o.status not in ('pending', 'confirmed') or a.units > h.waiting
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "stock.set_aside",
        "Every line of an open order has its unshipped units set aside, a bundle by its parts.",
        f"""
        select o.number as "order", h.sku, h.waiting, coalesce(sum(a.quantity), 0) as held
        from orders_order o
        join ({HOLDERS}) h on h.order_id = o.id
        left join inventory_allocation a on a.holder = h.holder
        where o.status in ('pending', 'confirmed') and h.is_shipped and h.variant_id is not null
        group by o.id, h.holder, h.sku, h.waiting
        having h.waiting > coalesce(sum(a.quantity), 0)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "keys.holders",
        "A taken key belongs to an order line, one a unit; unpaid and closed orders hold none.",
        """
        select k.holder, k.taken, o.number as "order", o.status, l.quantity
        from (
            select holder, count(*) as taken from inventory_licencekey
            where holder is not null group by 1
        ) k
        left join orders_orderline l on l.holder = k.holder
        left join orders_order o on o.id = l.order_id
        where l.id is null or k.taken > l.quantity
           or (o.status in ('expired', 'canceled') and o.paid_at is null)
        """,
    ),
    Invariant(
        "orders.totals",
        "An order is the sum of its lines and its delivery: net, tax and total.",
        """
        select o.number as "order", o.net, o.tax, o.total,
               l.net + o.shipping_net as summed_net, l.tax + o.shipping_tax as summed_tax,
               l.gross + o.shipping_gross as summed_total
        from orders_order o
        left join (
            select order_id, sum(net) as net, sum(tax) as tax, sum(gross) as gross
            from orders_orderline group by order_id
        ) l on l.order_id = o.id
        where (o.net, o.tax, o.total) is distinct from
              (l.net + o.shipping_net, l.tax + o.shipping_tax, l.gross + o.shipping_gross)
        """,
    ),
    Invariant(
        "orders.tax_lines",
        "The tax of an order, and of every line, is the sum of its tax lines.",
        """
        select o.number as "order", x.line_id as line, x.tax, x.taxed
        from (
            select l.order_id, l.id as line_id, l.tax, coalesce(sum(t.amount), 0) as taxed
            from orders_orderline l left join orders_taxline t on t.line_id = l.id
            group by l.id
            union all
            select o.id, null, o.tax, coalesce(sum(t.amount), 0)
            from orders_order o left join orders_taxline t on t.order_id = o.id
            group by o.id
        ) x
        join orders_order o on o.id = x.order_id
        where x.tax <> x.taxed
        """,
    ),
    Invariant(
        "orders.history",
        "The states of an order are where its last events took it.",
        """
        select o.number as "order", e.axis, e.to_state as last_event,
               o.status, o.payment_status, o.fulfillment_status
        from (
            select distinct on (order_id, axis) order_id, axis, to_state
            from orders_orderevent
            where axis in ('status', 'payment', 'fulfilment')
            order by order_id, axis, at desc, id desc
        ) e
        join orders_order o on o.id = e.order_id
        where e.to_state <> case e.axis when 'status' then o.status
            when 'payment' then o.payment_status else o.fulfillment_status end
        """,
    ),
    Invariant(
        "orders.expired",
        "No order waits for money an hour after its time has run out.",
        """
        select number as "order", expires_at from orders_order
        where status = 'pending' and expires_at < %(now)s::timestamptz - interval '1 hour'
        """,
    ),
    Invariant(
        "orders.carts",
        "A cart that was ordered has one order, and no other cart has any.",
        """
        select c.id as cart, c.ordered_at, count(o.id) as orders
        from orders_cart c left join orders_order o on o.cart_id = c.id
        where c.ordered_at is not null or o.id is not null
        group by c.id
        having count(o.id) <> 1 or c.ordered_at is null
        """,
    ),
    Invariant(
        "payments.events",
        "The sums of a payment are what its events add up to.",
        """
        select p.id as payment, p.charged, p.refunded, p.refund_pending, p.authorized,
               coalesce(e.charged, 0) as logged_charged, coalesce(e.refunded, 0) as logged_refunded,
               coalesce(e.asked, 0) - coalesce(e.refunded, 0) as logged_pending,
               coalesce(e.held, 0) as logged_held
        from payments_payment p
        left join (
            select payment_id,
                sum(amount) filter (where kind = 'charge' and stage = 'success') as charged,
                sum(amount) filter (where kind = 'refund' and stage = 'success') as refunded,
                sum(case stage when 'request' then amount when 'failure' then -amount end)
                    filter (where kind = 'refund') as asked,
                greatest(0, sum(case kind when 'authorize' then amount else -amount end) filter (
                    where stage = 'success' and kind in ('authorize', 'void', 'charge'))) as held
            from payments_paymentevent group by payment_id
        ) e on e.payment_id = p.id
        where p.charged <> coalesce(e.charged, 0) or p.refunded <> coalesce(e.refunded, 0)
           or p.refund_pending <> coalesce(e.asked, 0) - coalesce(e.refunded, 0)
           or p.authorized <> coalesce(e.held, 0)
        """,
    ),
    Invariant(
        "payments.refunds",
        "What a payment gave back, or is about to, is what its refunds say.",
        """
        select p.id as payment, p.refunded, p.refund_pending,
               coalesce(r.done, 0) as refunds_done, coalesce(r.pending, 0) as refunds_pending
        from payments_payment p
        left join (
            select payment_id, sum(amount) filter (where status = 'succeeded') as done,
                   sum(amount) filter (where status = 'pending') as pending
            from payments_refund group by payment_id
        ) r on r.payment_id = p.id
        where p.refunded <> coalesce(r.done, 0) or p.refund_pending <> coalesce(r.pending, 0)
        """,
    ),
    Invariant(
        "payments.paid_orders",
        "A paid order was charged at least its total, in its own currency.",
        """
        select o.number as "order", o.total, coalesce(sum(p.charged), 0) as charged
        from orders_order o
        left join payments_payment p on p.order_id = o.id and p.currency = o.currency
        where o.paid_at is not null
        group by o.id
        having coalesce(sum(p.charged), 0) < o.total
        """,
    ),
    Invariant(
        "payments.given_back",
        "What an order says was given back is what its payments gave back.",
        """
        select o.number as "order", o.refunded, coalesce(sum(p.refunded), 0) as given_back
        from orders_order o
        join payments_payment p on p.order_id = o.id
        where o.refunded <> 0 or p.refunded <> 0
        group by o.id
        having o.refunded <> coalesce(sum(p.refunded), 0)
        """,
    ),
    *(Invariant(name, rule, sql) for name, rule, sql in STORED_VALUE),
    Invariant(
        "shipping.lines",
        "A line that is sent has shipped as many units as its parcels hold.",
        """
        select o.number as "order", l.sku, l.fulfilled, coalesce(f.units, 0) as in_parcels
        from orders_orderline l
        join orders_order o on o.id = l.order_id
        left join (
            select fl.order_line_id, sum(fl.quantity) as units
            from shipping_fulfilmentline fl
            join shipping_fulfilment f on f.id = fl.fulfilment_id
            where f.status in ('shipped', 'delivered', 'failed_delivery')
            group by fl.order_line_id
        ) f on f.order_line_id = l.id
        where l.fulfilled <> coalesce(f.units, 0) and (l.is_shipped or f.units is not null)
        """,
    ),
    Invariant(
        "shipping.status",
        "The delivery status of an order is what its lines say; a completed one is complete.",
        """
        select o.number as "order", o.status, o.fulfillment_status, l.sold, l.sent
        from orders_order o
        join (
            select order_id, sum(quantity) as sold, sum(fulfilled) as sent
            from orders_orderline group by order_id
        ) l on l.order_id = o.id
        where (o.fulfillment_status in ('fulfilled', 'delivered')) <> (l.sold = l.sent)
           or (o.fulfillment_status = 'unfulfilled') <> (l.sent = 0)
           or (o.status = 'completed' and l.sold <> l.sent)
        """,
    ),
    Invariant(
        "outbox.late",
        "What the shop owes the world leaves within ten minutes.",
        """
        select id as message, topic, tries, created_at, last_error from outbox_message
        where done_at is null and failed_at is null and (
            due_at < %(now)s::timestamptz - interval '10 minutes'
            or (tries > 0 and created_at < %(now)s::timestamptz - interval '10 minutes')
        )
        """,
        Level.WARNING,
    ),
    Invariant(
        "outbox.given_up",
        "No message was given up.",
        "select id as message, topic, last_error from outbox_message where failed_at is not null",
        Level.WARNING,
    ),
    Invariant(
        "payments.webhooks",
        "What a provider told us is worked on within ten minutes.",
        """
        select id as webhook, kind, received_at from payments_webhookevent
        where processed_at is null and received_at < %(now)s::timestamptz - interval '10 minutes'
        """,
        Level.WARNING,
    ),
)


@transaction.atomic(durable=True)
def reconcile(*, now: dt.datetime) -> list[Finding]:
    """Check every invariant. Each one reads its rows in one statement, so as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
    return list(_findings(now))


def _findings(now: dt.datetime) -> Iterator[Finding]:
    for invariant in INVARIANTS:
        count, examples = _broken(invariant, now)
        if count:
            yield Finding(invariant.name, invariant.level, invariant.rule, count, examples)


def _broken(invariant: Invariant, now: dt.datetime) -> tuple[int, list[dict[str, Any]]]:
    """How many rows break the promise, and the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) over () as found, row_to_json(x) from ({invariant.sql}) x limit %(most)s",  # noqa: S608 - our own constants
            {"now": now, "most": MOST_EXAMPLES},
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [row for _found, row in rows]
