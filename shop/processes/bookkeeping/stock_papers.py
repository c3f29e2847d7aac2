"""What must hold of the papers that change stock: deliveries, counts and transfers."""

from shop.processes.bookkeeping.promises import Invariant

STOCK_PAPERS = (
    Invariant(
        "purchases.received",
        "What came of an ordered line is what its deliveries brought.",
        """
        select o.number as "order", l.variant_id, l.received, l.rejected,
               coalesce(r.received, 0) as brought, coalesce(r.rejected, 0) as turned_away
        from inventory_purchaseorderline l
        join inventory_purchaseorder o on o.id = l.order_id
        left join (
            select line_id, sum(quantity) as received, sum(rejected) as rejected
            from inventory_receiptline group by line_id
        ) r on r.line_id = l.id
        where (l.received, l.rejected) <> (coalesce(r.received, 0), coalesce(r.rejected, 0))
        """,
    ),
    Invariant(
        "purchases.shelved",
        "What a delivery brought went on the shelf of what was ordered, at its landed cost.",
        """
        select p.number as receipt, r.quantity, r.landed, m.on_hand_change as shelved,
               m.value_change as value
        from inventory_receiptline r
        join inventory_receipt p on p.id = r.receipt_id
        join inventory_purchaseorderline l on l.id = r.line_id
        left join inventory_stockmovement m on m.id = r.movement_id
        left join inventory_stockitem s on s.id = m.stock_item_id
        where r.quantity > 0
          and (m.on_hand_change, m.value_change, s.variant_id)
              is distinct from (r.quantity, r.landed, l.variant_id)
        """,
    ),
    Invariant(
        "purchases.freight",
        "Deliveries share no more freight and duty than their order has.",
        """
        select o.number as "order", sum(r.freight) as freight, sum(r.duty) as duty
        from inventory_purchaseorder o
        join inventory_purchaseorderline l on l.order_id = o.id
        join inventory_receiptline r on r.line_id = l.id
        group by o.id
        having sum(r.freight) > round(o.freight * o.rate, 2)
            or sum(r.duty) > round(o.duty * o.rate, 2)
        """,
    ),
    Invariant(
        "purchases.status",
        "An order is received when all of it came, and part received when some of it did.",
        """
        select o.number as "order", o.status, x.came, x.owed
        from inventory_purchaseorder o
        join (
            select order_id, sum(received + rejected) as came,
                   sum(greatest(0, quantity - received - rejected)) as owed
            from inventory_purchaseorderline group by order_id
        ) x on x.order_id = o.id
        where (o.status = 'received' and x.owed > 0)
           or (o.status = 'partially_received' and (x.came = 0 or x.owed = 0))
           or (o.status in ('draft', 'ordered', 'canceled') and x.came > 0)
        """,
    ),
    Invariant(
        "counts.booked",
        "The differences of a booked count are its movements; no other count moved anything.",
        """
        select c.number as count, c.status, x.stock_item_id, sum(x.difference) as difference,
               sum(x.moved) as moved
        from inventory_stockcount c
        join (
            select count_id, stock_item_id, coalesce(difference, 0) as difference, 0 as moved
            from inventory_countline
            union all
            select c.id, m.stock_item_id, 0, m.on_hand_change
            from inventory_stockmovement m join inventory_stockcount c on c.number = m.reference
            where m.kind = 'count'
        ) x on x.count_id = c.id
        group by c.id, x.stock_item_id
        having case when c.status = 'approved' then sum(x.difference) else 0 end <> sum(x.moved)
        """,
    ),
    Invariant(
        "transfers.moved",
        "What a transfer sent left its source and reached its target; what was lost is written off.",
        """
        select t.number as transfer, t.status, x.variant_id, sum(x.sent) as sent,
               sum(x.lost) as lost, sum(x.left_source) as left_source,
               sum(x.reached_target) as reached_target, sum(x.written_off) as written_off
        from inventory_transfer t
        join (
            select l.transfer_id, l.variant_id,
                   case when t.status in ('in_transit', 'received') then l.quantity else 0 end as sent,
                   case when t.status = 'received' then l.quantity - coalesce(l.received, 0)
                        else 0 end as lost,
                   0 as left_source, 0 as reached_target, 0 as written_off
            from inventory_transferline l join inventory_transfer t on t.id = l.transfer_id
            union all
            select t.id, s.variant_id, 0, 0,
                   case when m.kind = 'transfer' and s.location_id = t.source_id
                        then -m.on_hand_change else 0 end,
                   case when m.kind = 'transfer' and s.location_id = t.target_id
                        then m.on_hand_change else 0 end,
                   case when m.kind = 'adjustment' then -m.on_hand_change else 0 end
            from inventory_stockmovement m
            join inventory_transfer t on t.number = m.reference
            join inventory_stockitem s on s.id = m.stock_item_id
            where m.kind in ('transfer', 'adjustment')
        ) x on x.transfer_id = t.id
        group by t.id, x.variant_id
        having sum(x.sent) <> sum(x.left_source)
            or sum(x.reached_target) <> case t.status when 'received' then sum(x.sent) else 0 end
            or sum(x.lost) <> sum(x.written_off)
        """,
    ),
)
