"""What must hold of orders and parcels."""

from shop.processes.bookkeeping.promises import Invariant

ORDERS = (
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
        "A cart that was ordered has one order, and no other cart has any but as an offer.",
        """
        select c.id as cart, c.ordered_at, count(o.id) as orders
        from orders_cart c left join orders_order o on o.cart_id = c.id
        left join orders_draft d on d.order_id = o.id
        where c.ordered_at is not null or o.id is not null
        group by c.id
        having count(o.id) <> 1
            or c.ordered_at is null and bool_or(d.id is null or o.status not in ('draft', 'canceled'))
        """,
    ),
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
            select order_id, sum(quantity - canceled) as sold, sum(fulfilled) as sent
            -- A service, which has no SKU, goes with the goods.
            from orders_orderline where sku <> '' group by order_id
        ) l on l.order_id = o.id
        where (o.fulfillment_status in ('fulfilled', 'delivered')) <> (l.sold = l.sent)
           or (o.fulfillment_status = 'unfulfilled') <> (l.sent = 0)
           or (o.status = 'completed' and l.sold <> l.sent)
        """,
    ),
)
