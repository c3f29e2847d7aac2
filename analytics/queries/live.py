"""What orders sold, added up from their rows: one pass over the orders, one over their lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections, router

from analytics.queries.periods import Period
from analytics.queries.tallies import GONE
from orders.models import Order

STATEMENT = """
with sold as materialized (
    select orders_order.id, market_id, total, net, is_ranked, has_units,
        (confirmed_at at time zone %(zone)s)::date as day
    from unnest(
        %(markets)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[],
        %(ranked)s::boolean[], %(units)s::boolean[]
    ) as part (market, start_at, end_at, is_ranked, has_units)
    join orders_order on market_id = market and confirmed_at >= start_at and confirmed_at < end_at
), line as materialized (
    select market_id, day, is_ranked, order_id, product_id, quantity, gross, orders_orderline.net
    from sold
    join orders_orderline on order_id = sold.id
    left join catalog_variant on catalog_variant.id = variant_id
    where has_units
)
select 'day', market_id, day, null::bigint, null, count(*), 0, sum(total), sum(net)
from sold group by market_id, day
union all
select 'day', market_id, day, null, null, 0, sum(quantity), 0, 0
from line group by market_id, day
union all
select 'product', null, null, coalesce(product_id, %(gone)s), null,
    count(distinct order_id), sum(quantity), sum(gross), sum(net)
from line where is_ranked group by product_id
union all
select 'category', null, null, null, coalesce(split_part(url_path collate "C", '/', 1), '') as root,
    count(distinct order_id), sum(quantity), sum(gross), sum(net)
from line
left join (
    select catalog_product.id, url_path from catalog_product
    join catalog_category on catalog_category.id = category_id
) as place on place.id = product_id
where is_ranked group by root
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Days of a market. has_units: its lines count too; is_ranked: by product and category as well."""

    market: int
    period: Period
    has_units: bool = True
    is_ranked: bool = True


def rows(parts: Sequence[Part]) -> list[tuple[Any, ...]]:
    """As `Sold` takes them; no two parts share a day. One query, none for no parts."""
    if not parts:
        return []
    values = {
        "zone": settings.TIME_ZONE,
        "gone": GONE,
        "markets": [one.market for one in parts],
        "starts": [one.period.start_at for one in parts],
        "ends": [one.period.end_at for one in parts],
        "ranked": [one.is_ranked for one in parts],
        "units": [one.has_units for one in parts],
    }
    with connections[router.db_for_read(Order)].cursor() as cursor:
        cursor.execute(STATEMENT, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
