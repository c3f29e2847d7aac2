"""What must hold between what the shop's pages tell and what its books say.

Net sales of a market and month, and tax of a country and rate, worked out twice: from orders and
grants as the dashboard and the tax report do it, and from the journal.
"""

from django.conf import settings

from shop.processes.bookkeeping.promises import Invariant

ZONE = settings.TIME_ZONE
CARD = "coalesce(t.is_gift_card, false)"
JOIN_CARD = """
    left join orders_orderline l on l.id = {line}
    left join catalog_variant v on v.id = l.variant_id
    left join catalog_product p on p.id = v.product_id
    left join catalog_producttype t on t.id = p.type_id
"""
# What a later change added was sold when it was made.
SOLD = f"date_trunc('month', coalesce(d.made_at, o.confirmed_at) at time zone '{ZONE}')::date"
OF_ORDERS = f"""
    select o.market_id, {SOLD} as month, x.base as net
    from orders_order o join orders_taxline x on x.order_id = o.id
    {JOIN_CARD.format(line="x.line_id")}
    left join orders_orderedit d on d.id = l.edit_id
    where o.confirmed_at is not null and not {CARD}
    union all
    select o.market_id, date_trunc('month', g.granted_at at time zone '{ZONE}')::date, -gl.net
    from payments_grantedrefund g join orders_order o on o.id = g.order_id
    join payments_grantedline gl on gl.grant_id = g.id
    {JOIN_CARD.format(line="gl.line_id")}
    where not {CARD}
"""  # noqa: S608 - our own constants
# By hand is by hand: only what the shop books of orders is compared.
OF_BOOKS = """
    select o.market_id, date_trunc('month', e."on")::date as month, -jl.amount as net
    from payments_journalline jl
    join payments_journalentry e on e.id = jl.entry_id
    join payments_ledgeraccount a on a.id = jl.account_id
    join orders_order o on o.id = e.order_id
    where e.kind in ('sale', 'credit')
      and a.role in ('sales', 'delivery_charged', 'discounts', 'credits')
"""
TAX_OF_ORDERS = f"""
    select x.country, x.region, x.rate, o.currency, {SOLD} as month, x.amount as tax
    from orders_order o join orders_taxline x on x.order_id = o.id
    left join orders_orderline l on l.id = x.line_id
    left join orders_orderedit d on d.id = l.edit_id
    where o.confirmed_at is not null
    union all
    select x.country, x.region, x.rate, o.currency,
           date_trunc('month', g.granted_at at time zone '{ZONE}')::date, -gl.tax
    from payments_grantedrefund g join orders_order o on o.id = g.order_id
    join payments_grantedline gl on gl.grant_id = g.id
    join orders_taxline x on x.id = gl.tax_line_id
"""  # noqa: S608 - our own constants
TAX_OF_BOOKS = """
    select jl.country, jl.region, jl.tax_rate as rate, e.currency,
           date_trunc('month', e."on")::date as month, -jl.amount as tax
    from payments_journalline jl
    join payments_journalentry e on e.id = jl.entry_id
    join payments_ledgeraccount a on a.id = jl.account_id
    where e.kind in ('sale', 'credit') and a.role = 'output_tax'
"""

BOOKS_AND_PAGES = (
    Invariant(
        "analytics.net_sales",
        "The net sales of the dashboard are those of the books, market by market, month by month.",
        f"""
        select m.code as market, x.month, sum(x.told) as told, sum(x.booked) as booked
        from (
            select market_id, month, net as told, 0 as booked from ({OF_ORDERS}) told
            union all
            select market_id, month, 0, net from ({OF_BOOKS}) booked
        ) x
        join catalog_market m on m.id = x.market_id
        group by m.code, x.month
        having sum(x.told) <> sum(x.booked)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "analytics.tax",
        "The tax report and the books tell the same tax for every country, rate and month.",
        f"""
        select country, region, rate, currency, month, sum(told) as told, sum(booked) as booked
        from (
            select country, region, rate, currency, month, tax as told, 0 as booked
            from ({TAX_OF_ORDERS}) told
            union all
            select country, region, rate, currency, month, 0, tax from ({TAX_OF_BOOKS}) booked
        ) x
        group by country, region, rate, currency, month
        having sum(told) <> sum(booked)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "books.closed_months",
        "A month that is closed has the figures it was closed with.",
        """
        select to_char(c.month, 'YYYY-MM') as month, c.figures ->> 'entries' as entries_then,
               count(e.id) as entries_now
        from payments_monthclose c
        left join payments_journalentry e
            on e."on" >= c.month and e."on" < c.month + interval '1 month'
        where c.opened_at is null
        group by c.id
        having (c.figures ->> 'entries')::bigint <> count(e.id)
        """,
    ),
)
