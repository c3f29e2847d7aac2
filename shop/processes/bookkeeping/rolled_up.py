"""What must hold between months that were added up once and the orders of those months."""

from django.conf import settings

from shop.processes.bookkeeping.promises import Invariant

ROLLED_UP = (
    Invariant(
        "sales.months",
        "A month that was added up says what its orders and their lines say: by day, product, category.",
        f"""
        with month as (
            select distinct market_id, month from analytics_soldinmonth
        ), sold as (
            select o.id, o.market_id, month.month, o.total, o.net,
                   (o.confirmed_at at time zone '{settings.TIME_ZONE}')::date as day
            from orders_order o
            join month on month.market_id = o.market_id and month.month = date_trunc(
                'month', o.confirmed_at at time zone '{settings.TIME_ZONE}')::date
        ), line as (
            select s.market_id, s.month, s.day, l.order_id, coalesce(v.product_id, 0) as product,
                   coalesce(split_part(c.url_path, '/', 1), '') as root, l.quantity, l.gross, l.net
            from sold s
            join orders_orderline l on l.order_id = s.id
            left join catalog_variant v on v.id = l.variant_id
            left join catalog_product p on p.id = v.product_id
            left join catalog_category c on c.id = p.category_id
        )
        select market_id as market, month, part, day, product, root, sum(orders) as orders,
               sum(units) as units, sum(gross) as gross, sum(net) as net
        from (
            select market_id, month, part, day, product_id as product, root,
                   orders, units, gross, net
            from analytics_soldinmonth
            union all
            select market_id, month, 'day', day, null, '', -count(*), 0, -sum(total), -sum(net)
            from sold group by market_id, month, day
            union all
            select market_id, month, 'day', day, null, '', 0, -sum(quantity), 0, 0
            from line group by market_id, month, day
            union all
            select market_id, month, 'product', null, product, '',
                   -count(distinct order_id), -sum(quantity), -sum(gross), -sum(net)
            from line group by market_id, month, product
            union all
            select market_id, month, 'category', null, null, root,
                   -count(distinct order_id), -sum(quantity), -sum(gross), -sum(net)
            from line group by market_id, month, root
        ) x group by market_id, month, part, day, product, root
        having (sum(orders), sum(units), sum(gross), sum(net)) is distinct from (0, 0, 0, 0)
        """,  # noqa: S608 - our own setting
    ),
)
