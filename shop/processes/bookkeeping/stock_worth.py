"""What must hold between what stock is worth and what the books have it at."""

from shop.processes.bookkeeping.ledger import ON
from shop.processes.bookkeeping.promises import Invariant

STOCK_WORTH = (
    Invariant(
        "stock.worth",
        "A valuation has the units on hand and on their way, and the value of its movements.",
        """
        select variant_id, sum(units) as units, sum(there) as there, sum(value) as value,
               sum(moved) as moved
        from (
            select variant_id, units, 0 as there, value, 0 as moved from inventory_valuation
            union all
            select variant_id, 0, on_hand, 0, 0 from inventory_stockitem where on_hand <> 0
            union all
            select l.variant_id, 0, l.quantity, 0, 0
            from inventory_transferline l join inventory_transfer t on t.id = l.transfer_id
            where t.status = 'in_transit'
            union all
            select s.variant_id, 0, 0, 0, m.value_change
            from inventory_stockmovement m join inventory_stockitem s on s.id = m.stock_item_id
            where m.value_change <> 0
        ) x group by variant_id
        having sum(units) <> sum(there) or sum(value) <> sum(moved)
        """,
    ),
    Invariant(
        "ledger.stock",
        "The stock account holds what all stock is worth, but for what was booked by hand.",
        f"""
        select worth, booked
        from (select coalesce(sum(value), 0) as worth from inventory_valuation) w,
             (select coalesce(sum(l.amount), 0) as booked
              from {ON} where a.role = 'stock' and j.kind = 'goods') b
        where worth <> booked
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.movements",
        "Every movement that changed what stock is worth is booked; a sale with its parcel.",
        """
        select m.id as movement, m.kind, m.value_change as value
        from inventory_stockmovement m
        where m.value_change <> 0 and m.kind <> 'sale' and not exists (
            select from payments_journalentry j where j.source = 'stock-movement-' || m.id
        )
        """,
    ),
    Invariant(
        "stock.parcels",
        "What an order's parcels cost is what its goods were worth when they left.",
        """
        select o.number as "order", p.cost, coalesce(m.value, 0) as left_with
        from (
            select order_id, sum(goods_cost) as cost from shipping_fulfilment
            group by order_id having bool_and(goods_cost is not null)
        ) p
        join orders_order o on o.id = p.order_id
        left join (
            select reference, -sum(value_change) as value
            from inventory_stockmovement where kind = 'sale' group by reference
        ) m on m.reference = o.number
        where p.cost <> coalesce(m.value, 0)
        """,
    ),
)
