"""What must hold of discounts, promotions and their uses."""

from shop.processes.bookkeeping.promises import Invariant

PRICES = (
    Invariant(
        "prices.lines",
        "A line costs its units less what was taken off, on the side its price was entered.",
        """
        select o.number as "order", l.sku, l.unit_price, l.quantity, l.discount, l.net, l.gross
        from orders_orderline l
        join orders_order o on o.id = l.order_id
        join orders_taxline t on t.line_id = l.id
        where o.tax_relief = ''
          and round(l.unit_price * l.quantity, 3) - l.discount
              <> case when t.included then l.gross else l.net end
        """,
    ),
    Invariant(
        "prices.adjustments",
        "What was taken off a line is the sum of its adjustments.",
        """
        select o.number as "order", l.sku, l.discount, coalesce(-sum(a.amount), 0) as adjusted
        from orders_orderline l
        join orders_order o on o.id = l.order_id
        left join orders_adjustment a on a.line_id = l.id
        group by o.id, l.id
        having l.discount <> coalesce(-sum(a.amount), 0)
        """,
    ),
    Invariant(
        "prices.discounts",
        "The discount of an order is the sum of all its adjustments.",
        """
        select o.number as "order", o.discount, coalesce(-sum(a.amount), 0) as adjusted
        from orders_order o
        left join orders_adjustment a on a.order_id = o.id
        group by o.id
        having o.discount <> coalesce(-sum(a.amount), 0)
        """,
    ),
    Invariant(
        "promotions.uses",
        "A promotion with a limit has counted the orders that hold a use of it.",
        """
        select p.id as promotion, p.name, p.uses, p.usage_limit, count(u.id) as held
        from marketing_promotion p
        left join marketing_promotionuse u on u.promotion_id = p.id and u.released_at is null
        where p.usage_limit is not null
        group by p.id
        having p.uses <> count(u.id)
        """,
    ),
    Invariant(
        "promotions.codes",
        "A code with a limit has counted the orders that hold a use of it.",
        """
        select c.id as code, c.promotion_id as promotion, c.uses, c.usage_limit,
               count(u.id) as held
        from marketing_coupon c
        left join marketing_promotionuse u on u.coupon_id = c.id and u.released_at is null
        where c.usage_limit is not null
        group by c.id
        having c.uses <> count(u.id)
        """,
    ),
    Invariant(
        "promotions.released",
        "An order that was called off holds no use of a promotion.",
        """
        select o.number as "order", o.status, u.promotion_id as promotion
        from marketing_promotionuse u
        join orders_order o on o.id = u.order_id
        where u.released_at is null and o.status in ('canceled', 'expired')
        """,
    ),
)
