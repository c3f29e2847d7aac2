"""What must hold of stock and keys."""

from shop.processes.bookkeeping.promises import Invariant

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

STOCK = (
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
)
