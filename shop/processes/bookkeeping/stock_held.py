"""What must hold of units that are promised to somebody: set aside, to come, or gone short."""

from shop.processes.bookkeeping.promises import Invariant, Level

# Who may hold stock: a line that is sent, or in its place the parts of its bundle.
HOLDERS = """
    select l.holder, l.order_id, l.sku, l.variant_id, l.is_shipped,
           l.quantity - l.fulfilled - l.canceled as waiting
    from orders_orderline l
    where not exists (select from orders_orderlinepart p where p.line_id = l.id)
    union all
    select p.holder, l.order_id, p.sku, p.variant_id, l.is_shipped,
           (l.quantity - l.fulfilled - l.canceled) * p.quantity
    from orders_orderlinepart p join orders_orderline l on l.id = p.line_id
"""

STOCK_HELD = (
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
        "What is set aside, to come or short belongs to a line of an open order, or a part of one.",
        f"""
        select a.kind, a.holder, a.units, o.number as "order", o.status, h.sku, h.waiting
        from (
            select 'allocation' as kind, holder, variant_id, sum(a.quantity) as units
            from inventory_allocation a join inventory_stockitem s on s.id = a.stock_item_id
            group by holder, variant_id
            union all
            select 'backorder', holder, variant_id, quantity from inventory_backorder
            union all
            select 'shortage', holder, variant_id, quantity
            from inventory_shortage where settled_at is null
        ) a
        left join ({HOLDERS}) h on h.holder = a.holder
        left join orders_order o on o.id = h.order_id
        where h.holder is null or o.status not in ('pending', 'confirmed')
           or a.variant_id <> h.variant_id
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "stock.set_aside",
        "Units of an open order that are to be sent are set aside, to come or noticed as short.",
        f"""
        select o.number as "order", h.sku, h.waiting, coalesce(a.units, 0) as set_aside,
               coalesce(b.quantity, 0) as to_come, coalesce(s.quantity, 0) as short
        from orders_order o
        join ({HOLDERS}) h on h.order_id = o.id
        left join (
            select holder, sum(quantity) as units from inventory_allocation group by holder
        ) a on a.holder = h.holder
        left join inventory_backorder b on b.holder = h.holder
        left join inventory_shortage s on s.holder = h.holder and s.settled_at is null
        where o.status in ('pending', 'confirmed') and h.is_shipped and h.variant_id is not null
          and h.waiting
              <> coalesce(a.units, 0) + coalesce(b.quantity, 0) + coalesce(s.quantity, 0)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "stock.waiting",
        "What is promised of a variant before it is there is what its backorders wait for.",
        """
        select coalesce(p.variant_id, b.variant_id) as variant, coalesce(p.waiting, 0) as promised,
               coalesce(b.units, 0) as waited_for
        from inventory_stockpolicy p
        full join (
            select variant_id, sum(quantity) as units
            from inventory_backorder where kind <> 'short' group by variant_id
        ) b on b.variant_id = p.variant_id
        where coalesce(p.waiting, 0) <> coalesce(b.units, 0)
        """,
    ),
    Invariant(
        "stock.reservations",
        "Nothing is reserved for a basket any more that became an order.",
        """
        select r.holder, sum(r.quantity) as units, c.ordered_at
        from inventory_reservation r join orders_cart c on c.holder = r.holder
        where c.ordered_at is not null
        group by r.holder, c.ordered_at
        """,
    ),
    Invariant(
        "stock.sweeping",
        "What was reserved is let go soon after its time.",
        """
        select holder, quantity, until from inventory_reservation
        where until < %(now)s - interval '10 minutes'
        """,
        Level.WARNING,
    ),
    Invariant(
        "stock.hand_offs",
        "Partners are asked to send only for confirmed orders, and what they sent is a parcel.",
        """
        select o.number as "order", o.status, h.location_id as location, h.status as hand_off
        from shipping_handoff h join orders_order o on o.id = h.order_id
        where (h.status in ('pending', 'told') and o.status <> 'confirmed')
           or (h.status = 'shipped') <> (h.fulfilment_id is not null)
        """,
    ),
    Invariant(
        "orders.canceled_units",
        "Units of a confirmed order that are not sent any more were granted back, if they cost.",
        """
        select o.number as "order", l.sku, l.canceled, coalesce(sum(g.quantity), 0) as granted
        from orders_orderline l
        join orders_order o on o.id = l.order_id
        left join payments_grantedline g on g.line_id = l.id
        where l.canceled > 0 and l.gross > 0 and o.confirmed_at is not null
        group by o.id, l.id
        having l.canceled > coalesce(sum(g.quantity), 0)
        """,
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
