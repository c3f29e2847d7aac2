"""What must hold of stock: units, their batches, and what is on its way to them."""

from shop.processes.bookkeeping.promises import Invariant

STOCK = (
    Invariant(
        "stock.movements",
        "A stock item is the sum of its movements.",
        """
        select s.id as stock_item, s.on_hand, s.allocated, s.damaged,
               coalesce(m.on_hand, 0) as moved_on_hand,
               coalesce(m.allocated, 0) as moved_allocated, coalesce(m.damaged, 0) as moved_damaged
        from inventory_stockitem s
        left join (
            select stock_item_id, sum(on_hand_change) as on_hand,
                   sum(allocated_change) as allocated, sum(damaged_change) as damaged
            from inventory_stockmovement group by stock_item_id
        ) m on m.stock_item_id = s.id
        where (s.on_hand, s.allocated, s.damaged)
              <> (coalesce(m.on_hand, 0), coalesce(m.allocated, 0), coalesce(m.damaged, 0))
        """,
    ),
    Invariant(
        "stock.reserved",
        "What a stock item has reserved is what its reservations hold.",
        """
        select s.id as stock_item, s.reserved, coalesce(r.units, 0) as held
        from inventory_stockitem s
        left join (
            select stock_item_id, sum(quantity) as units from inventory_reservation group by 1
        ) r on r.stock_item_id = s.id
        where s.reserved <> coalesce(r.units, 0)
        """,
    ),
    Invariant(
        "stock.incoming",
        "What a stock item waits for is what open purchase orders still owe its location.",
        """
        select variant_id, location_id, sum(incoming) as incoming, sum(owed) as owed
        from (
            select variant_id, location_id, incoming, 0 as owed
            from inventory_stockitem where incoming <> 0
            union all
            select l.variant_id, o.location_id, 0, greatest(0, l.quantity - l.received - l.rejected)
            from inventory_purchaseorder o
            join inventory_purchaseorderline l on l.order_id = o.id
            where o.status in ('ordered', 'partially_received')
        ) x group by variant_id, location_id
        having sum(incoming) <> sum(owed)
        """,
    ),
    Invariant(
        "stock.batches",
        "The batches of a tracked stock item add up to what it has; others have none.",
        """
        select s.id as stock_item, s.on_hand, coalesce(b.units, 0) as in_batches,
               coalesce(p.tracks_batches, false) as is_tracked
        from inventory_stockitem s
        left join inventory_stockpolicy p on p.variant_id = s.variant_id
        left join (
            select stock_item_id, sum(on_hand) as units from inventory_batch group by 1
        ) b on b.stock_item_id = s.id
        where coalesce(b.units, 0)
              <> case when coalesce(p.tracks_batches, false) then s.on_hand else 0 end
        """,
    ),
)
