"""What must hold of orders that their buyers fetch at a shop of ours."""

from shop.processes.bookkeeping.promises import Invariant, Level

COLLECTED = (
    Invariant(
        "collected.codes",
        "A parcel has a code when it lies ready for whoever fetches it, and only then.",
        """
        select o.number as "order", f.position, f.ready_at, f.collect_code
        from shipping_fulfilment f join orders_order o on o.id = f.order_id
        where (f.ready_at is not null) <> (f.collect_code <> '')
           or (f.ready_at is not null and o.pickup ->> 'kind' is distinct from 'collect')
        """,
    ),
    Invariant(
        "collected.ready",
        "What is packed for somebody who fetches it lies ready for him.",
        """
        select o.number as "order", f.position
        from shipping_fulfilment f join orders_order o on o.id = f.order_id
        where f.status = 'packed' and f.ready_at is null and o.pickup ->> 'kind' = 'collect'
        """,
    ),
    Invariant(
        "collected.place",
        "What is set aside for somebody who fetches it lies where he comes.",
        """
        select o.number as "order", l.sku, p.code as lies_at, o.pickup ->> 'code' as fetched_at
        from orders_order o
        join orders_orderline l on l.order_id = o.id
        left join orders_orderlinepart x on x.line_id = l.id
        join inventory_allocation a on a.holder in (l.holder, x.holder)
        join inventory_stockitem i on i.id = a.stock_item_id
        join inventory_location p on p.id = i.location_id
        where o.pickup ->> 'kind' = 'collect' and p.code <> o.pickup ->> 'code'
        """,
        Level.WARNING,
    ),
)
