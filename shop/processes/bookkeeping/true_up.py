"""The stock account of books that are older than the values of stock, brought to them once.

Before movements had values, goods were booked at what their variant cost at that moment, and what an
order's lines were to cost when it left. The difference to what is there now is lost and found.
"""

import datetime as dt

from django.db import connection

from payments.services.books import chart, goods, posting
from shop.processes.bookkeeping.ledger import ON

SOURCE = "stock-valued"
# Only such books have parcels whose cost nobody wrote.
DIFFERENCE = f"""
    select (select coalesce(sum(value), 0) from inventory_valuation)
           - (select coalesce(sum(l.amount), 0) from {ON} where a.role = 'stock' and j.kind = 'goods')
    where exists (
        select from shipping_fulfilment where shipped_at is not null and goods_cost is null
    )
"""  # noqa: S608 - our own constants


def book(*, now: dt.datetime) -> int:
    """Book the difference, once ever. Returns how many entries that made: one or none."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE)
        found = cursor.fetchone()
    if not found:
        return 0
    event = goods.Event(SOURCE, now, chart.books_currency())
    return posting.post_many([goods.valued_draft(event, found[0])])
