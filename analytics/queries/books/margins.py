"""What is left of what was sold: by order, product, category, channel or market.

Of the orders confirmed in a period, with all that happened to them since, in the books' currency at
each order's own rate:

    sales      net of goods after discounts, gift cards left out
    delivery   net of what was charged for it
    credits    net of what was granted back
    goods      what the units that were sent were worth when they left; of those that no movement of
               stock tells of, what they were to cost when they were ordered
    fees       what the provider took of the order's payments; while a payout has not told yet, the
               market's own estimate of what was charged by card
    left       sales + delivery - credits - goods - fees

By product and category, delivery charged stays out and an order's fees are shared by net.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from payments.services.books.chart import books_currency
from shop.lib.money import ZERO, exponent

ORDERS = """
with sold as (
    select o.id, o.number, o.channel, o.exchange_rate as worth, o.net, o.shipping_net,
           m.id as market_id, m.code as market, m.fee_percent, m.fee_fixed
    from orders_order o join catalog_market m on m.id = o.market_id
    where o.confirmed_at >= %(start)s and o.confirmed_at < %(end)s
), moved as (
    select sold.id as order_id, s.variant_id, -sum(m.value_change) as value
    from sold
    join inventory_stockmovement m on m.reference = sold.number and m.kind = 'sale'
    join inventory_stockitem s on s.id = m.stock_item_id
    group by sold.id, s.variant_id
), wanted as (
    select l.id as line_id, l.order_id, coalesce(p.variant_id, l.variant_id) as variant_id,
           l.fulfilled * coalesce(p.quantity, 1) as units
    from orders_orderline l
    join sold on sold.id = l.order_id
    left join orders_orderlinepart p on p.line_id = l.id
    where l.is_shipped and l.fulfilled > 0
), shared as (
    -- Lines of one variant share what left of it by their units.
    select w.line_id, moved.value * w.units / sum(w.units) over (
        partition by w.order_id, w.variant_id
    ) as value
    from wanted w
    join moved on moved.order_id = w.order_id and moved.variant_id = w.variant_id
), worth as (
    select line_id, sum(value) as value from shared group by line_id
), line as (
    select l.id, l.order_id, v.product_id, p.slug, p.title, split_part(c.url_path, '/', 1) as root,
           coalesce(t.is_gift_card, false) as is_card,
           l.net, coalesce(worth.value, l.unit_cost * l.fulfilled) as goods
    from orders_orderline l
    join sold on sold.id = l.order_id
    left join worth on worth.line_id = l.id
    left join catalog_variant v on v.id = l.variant_id
    left join catalog_product p on p.id = v.product_id
    left join catalog_producttype t on t.id = p.type_id
    left join catalog_category c on c.id = p.category_id
), back as (
    select g.order_id, gl.line_id, sum(gl.net) as net
    from payments_grantedrefund g
    join sold on sold.id = g.order_id
    join payments_grantedline gl on gl.grant_id = g.id
    group by g.order_id, gl.line_id
), told as (
    select pl.payment_id,
           sum(pl.fee * case when pl.currency = %(currency)s then 1 else sold.worth end) as fee
    from payments_payoutline pl
    join payments_payment p on p.id = pl.payment_id
    join sold on sold.id = p.order_id
    group by pl.payment_id
), fees as (
    select p.order_id,
           sum(case when told.payment_id is not null then told.fee when p.provider = 'card' then
               (p.charged * sold.fee_percent / 100 + sold.fee_fixed) * sold.worth
               else 0 end) as fee,
           bool_or(told.payment_id is null and p.provider = 'card') as is_estimated
    from payments_payment p
    join sold on sold.id = p.order_id
    left join told on told.payment_id = p.id
    where p.charged > 0
    group by p.order_id
)
"""
BY_ORDER = """
select {key} as key, {name} as name, count(*) as orders,
       sum(round((sold.net - sold.shipping_net - coalesce(g.cards, 0)) * worth, %(places)s)),
       sum(round(sold.shipping_net * worth, %(places)s)),
       sum(round(coalesce(b.net, 0) * worth, %(places)s)),
       sum(round(coalesce(g.goods, 0), %(places)s)),
       sum(round(coalesce(f.fee, 0), %(places)s)),
       coalesce(bool_or(f.is_estimated), false)
from sold
left join (
    select order_id, sum(goods) as goods, sum(net) filter (where is_card) as cards
    from line group by order_id
) g on g.order_id = sold.id
left join (
    select back.order_id, sum(back.net) as net
    from back left join line on line.id = back.line_id
    where not coalesce(line.is_card, false)
    group by back.order_id
) b on b.order_id = sold.id
left join fees f on f.order_id = sold.id
group by 1, 2
"""
BY_LINE = """
select {key} as key, {name} as name, count(distinct line.order_id) as orders,
       sum(round(line.net * worth, %(places)s)),
       0::numeric,
       sum(round(coalesce(back.net, 0) * worth, %(places)s)),
       sum(round(line.goods, %(places)s)),
       sum(round(coalesce(f.fee * line.net / nullif(sold.net, 0), 0), %(places)s)),
       coalesce(bool_or(f.is_estimated), false)
from line
join sold on sold.id = line.order_id
left join back on back.line_id = line.id
left join fees f on f.order_id = sold.id
where not line.is_card
group by 1, 2
"""
SHAPES = {
    "order": BY_ORDER.format(key="sold.number", name="sold.number"),
    "channel": BY_ORDER.format(key="sold.channel", name="sold.channel"),
    "market": BY_ORDER.format(key="sold.market", name="sold.market"),
    "product": BY_LINE.format(key="coalesce(line.slug, '')", name="coalesce(line.title, '')"),
    "category": BY_LINE.format(key="coalesce(line.root, '')", name="coalesce(line.root, '')"),
}


@dataclass(frozen=True, slots=True)
class Margin:
    """One order, product, category, channel or market. is_estimated: a part of the fees is."""

    key: str
    name: str
    orders: int
    sales: Decimal
    delivery: Decimal
    credits: Decimal
    goods: Decimal
    fees: Decimal
    is_estimated: bool

    @property
    def left(self) -> Decimal:
        return self.sales + self.delivery - self.credits - self.goods - self.fees

    @property
    def share(self) -> Decimal | None:
        """Of what was earned; None when nothing was."""
        earned = self.sales + self.delivery - self.credits
        return self.left / earned if earned > 0 else None


def margins(
    by: str, start: dt.datetime, end: dt.datetime, *, most: int | None = None, skip: int = 0
) -> list[Margin]:
    """Most sales first. by: a key of SHAPES. One query."""
    currency = books_currency()
    sql = ORDERS + SHAPES[by] + " order by 4 desc, 1 limit %(most)s offset %(skip)s"
    asked: dict[str, Any] = {
        "start": start,
        "end": end,
        "currency": currency,
        "places": exponent(currency),
        "most": most,
        "skip": skip,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [Margin(*row) for row in cursor.fetchall()]


def together(rows: Iterable[Margin]) -> Margin:
    """Their sums. orders counts an order once for each row it is in."""
    known = list(rows)
    return Margin(
        key="",
        name="",
        orders=sum(row.orders for row in known),
        sales=sum((row.sales for row in known), ZERO),
        delivery=sum((row.delivery for row in known), ZERO),
        credits=sum((row.credits for row in known), ZERO),
        goods=sum((row.goods for row in known), ZERO),
        fees=sum((row.fees for row in known), ZERO),
        is_estimated=any(row.is_estimated for row in known),
    )
