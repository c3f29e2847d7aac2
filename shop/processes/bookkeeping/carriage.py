"""What must hold of labels, of what carriers told, and of what arrived."""

from shop.processes.bookkeeping.promises import Invariant, Level

CARRIAGE = (
    Invariant(
        "labels.numbers",
        "A parcel that waits to leave has the number of its label, and a label has a page.",
        """
        select l.id as label, l.tracking_number, f.tracking_number as of_parcel, l.file
        from shipping_label l join shipping_fulfilment f on f.id = l.fulfilment_id
        where l.status = 'bought' and (
            l.file = '' or l.bought_at is null
            or (f.status in ('pending', 'picking', 'packed')
                and f.tracking_number <> l.tracking_number)
        )
        """,
    ),
    Invariant(
        "labels.history",
        "A parcel's newest label is in the state that its last event says.",
        """
        select l.id as label, l.status, coalesce(e.to_state, r.to_state) as last_event
        from (
            select distinct on (fulfilment_id, rma_id) id, status, fulfilment_id, rma_id
            from shipping_label order by fulfilment_id, rma_id, id desc
        ) l
        left join lateral (
            select to_state from shipping_fulfilmentevent
            where fulfilment_id = l.fulfilment_id and axis = 'label' order by id desc limit 1
        ) e on true
        left join lateral (
            select to_state from orders_returnevent
            where rma_id = l.rma_id and axis = 'label' order by id desc limit 1
        ) r on true
        where coalesce(e.to_state, r.to_state, '') <> l.status
        """,
    ),
    Invariant(
        "labels.waiting",
        "No label is being bought or given back for longer than an hour.",
        """
        select id as label, status, requested_at from shipping_label
        where status in ('requested', 'voiding')
          and requested_at < %(now)s - interval '1 hour'
        """,
        Level.WARNING,
    ),
    Invariant(
        "tracking.told",
        "A parcel stands where some news of it put it, its label aside.",
        """
        select o.number as "order", f.position, f.tracking_status
        from shipping_fulfilment f join orders_order o on o.id = f.order_id
        where f.tracking_status not in ('', 'pre_transit') and not exists (
            select from shipping_trackingevent t
            where t.fulfilment_id = f.id and t.status = f.tracking_status
        )
        """,
    ),
    Invariant(
        "tracking.arrived",
        "A parcel has the moment it arrived when it is delivered, and only then.",
        """
        select o.number as "order", f.position, f.status, f.delivered_at
        from shipping_fulfilment f join orders_order o on o.id = f.order_id
        where (f.status = 'delivered') <> (f.delivered_at is not null)
        """,
    ),
    Invariant(
        "tracking.orders",
        "An order is delivered when all of it was sent and all of its parcels have arrived.",
        """
        select o.number as "order", o.fulfillment_status, p.sent, p.arrived
        from orders_order o join (
            select order_id, count(*) as sent,
                   count(*) filter (where status = 'delivered') as arrived
            from shipping_fulfilment where status <> 'canceled' group by order_id
        ) p on p.order_id = o.id
        where (o.fulfillment_status = 'delivered' and p.sent <> p.arrived)
           or (o.fulfillment_status = 'fulfilled' and p.sent = p.arrived)
        """,
    ),
)
