"""What must hold of parcels before they leave, of the walks that fetch them, and of runs."""

from shop.processes.bookkeeping.promises import Invariant

OPEN = "('pending', 'picking', 'packed')"

PARCELS = (
    Invariant(
        "parcels.assigned",
        "No more units of a line are in open parcels than are left to send.",
        f"""
        select o.number as "order", l.sku, f.units as in_parcels,
               l.quantity - l.fulfilled - l.canceled as left_to_send
        from (
            select fl.order_line_id, sum(fl.quantity) as units
            from shipping_fulfilmentline fl
            join shipping_fulfilment f on f.id = fl.fulfilment_id
            where f.status in {OPEN} group by fl.order_line_id
        ) f
        join orders_orderline l on l.id = f.order_line_id
        join orders_order o on o.id = l.order_id
        where f.units > l.quantity - l.fulfilled - l.canceled
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "parcels.orders",
        "An open parcel is of a confirmed order, and holds lines of that order.",
        f"""
        select o.number as "order", f.position, f.status, o.status as order_status
        from shipping_fulfilment f
        join orders_order o on o.id = f.order_id
        where f.status in {OPEN} and (o.status <> 'confirmed' or exists (
            select from shipping_fulfilmentline fl
            join orders_orderline l on l.id = fl.order_line_id
            where fl.fulfilment_id = f.id and l.order_id <> f.order_id
        ))
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "parcels.history",
        "A parcel is in the state that its last event says, and says since when.",
        """
        select o.number as "order", f.position, f.status, e.to_state as last_event
        from shipping_fulfilment f
        join orders_order o on o.id = f.order_id
        left join (
            select distinct on (fulfilment_id) fulfilment_id, to_state
            from shipping_fulfilmentevent where axis = 'status'
            order by fulfilment_id, id desc
        ) e on e.fulfilment_id = f.id
        where e.to_state <> f.status or (f.status = 'packed' and f.packed_at is null)
           or (f.status in ('shipped', 'delivered', 'failed_delivery')) <> (f.shipped_at is not null)
        """,
    ),
    Invariant(
        "parcels.picks",
        "Picks of an open parcel fetch what is in it, and are done when nothing is left to fetch.",
        f"""
        select w.number as wave, l.sku, t.quantity, t.picked, t.short, fl.quantity as in_parcel
        from shipping_picktask t
        join shipping_pickwave w on w.id = t.wave_id
        join shipping_fulfilmentline fl on fl.id = t.line_id
        join shipping_fulfilment f on f.id = fl.fulfilment_id
        join orders_orderline l on l.id = fl.order_line_id
        left join orders_orderlinepart p on p.line_id = l.id and p.variant_id = t.variant_id
        where f.status in {OPEN} and (
            t.quantity - t.short <> fl.quantity * coalesce(p.quantity, 1)
            or (t.done_at is not null) <> (t.quantity = t.picked + t.short)
        )
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "parcels.waves",
        "A walk that is over leaves nothing to fetch; one that is not has something.",
        """
        select w.number as wave, w.status, count(t.id) filter (where t.done_at is null) as to_fetch
        from shipping_pickwave w left join shipping_picktask t on t.wave_id = w.id
        group by w.id
        having (w.status in ('open', 'picking'))
               <> (count(t.id) filter (where t.done_at is null) > 0)
        """,
    ),
    Invariant(
        "parcels.runs",
        "A run counts the rows that are done and refused; a finished one has no others.",
        """
        select b.id as run, b.kind, b.status, b.total, b.done, b.refused,
               count(r.id) as row_count
        from shipping_bulkrun b left join shipping_bulkrow r on r.run_id = b.id
        group by b.id
        having b.done <> count(r.id) filter (where r.outcome = 'done')
            or b.refused <> count(r.id) filter (where r.outcome = 'refused')
            or b.total <> count(r.id)
            or (b.status = 'done' and b.total <> b.done + b.refused)
        """,
    ),
)
