"""What happened before the books began, or beside them: found, and booked on its own day.

The same pieces draft it that draft what happens now. Running it again adds nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

from payments.models import MonthClose
from payments.services.books import chart, goods, money, payouts, posting, sales, value
from payments.services.books.drafts import Draft
from shop.lib.workdays import shop_day
from shop.processes.bookkeeping import true_up

BATCH = 2_000
SALES = """
    select o.id from orders_order o
    where o.confirmed_at is not null and (o.total > 0 or o.discount > 0) and not exists (
        select from payments_journalentry j where j.source = 'order-' || o.number || '-sale'
    )
"""
ADDITIONS = """
    select e.id from orders_orderedit e
    where exists (select from orders_orderline l where l.edit_id = e.id and l.gross > 0)
      and not exists (
        select from payments_journalentry j where j.source = 'edit-' || e.id || '-sale'
    )
"""
CREDITS = """
    select g.id from payments_grantedrefund g
    where not exists (select from payments_journalentry j where j.source = 'grant-' || g.id)
"""
MONEY = f"""
    select e.id from payments_paymentevent e
    join payments_payment p on p.id = e.payment_id
    left join payments_refund r on e.kind = 'refund' and {money.OF_REFUND}
    where {money.MOVES_MONEY} and not exists (
        select from payments_journalentry j where j.source = 'payment-event-' || e.id
    )
"""  # noqa: S608 - our own constants
VALUE = """
    select e.id from payments_valueentry e
    where not exists (
        select from payments_journalentry j where j.source = 'value-entry-' || e.id
    )
"""
BOOKED = ", ".join(f"'{kind}'" for kind in goods.AGAINST)
MOVEMENTS = f"""
    select m.id from inventory_stockmovement m
    where m.kind in ({BOOKED}) and m.value_change <> 0 and not exists (
        select from payments_journalentry j where j.source = 'stock-movement-' || m.id
    )
"""  # noqa: S608 - our own constants
SENT = """
    select f.id from shipping_fulfilment f
    where f.shipped_at is not null and not exists (
        select from payments_journalentry j where j.source = 'fulfilment-' || f.id || '-goods'
    )
"""
# A parcel that nobody wrote the cost of cost what its lines were to cost when they were ordered.
COSTS_OF_SENT = """
    select f.id, f.shipped_at, f.order_id,
           coalesce(f.goods_cost, sum(fl.quantity * l.unit_cost), 0)
    from shipping_fulfilment f
    left join shipping_fulfilmentline fl on fl.fulfilment_id = f.id
    left join orders_orderline l on l.id = fl.order_line_id
    where f.id = any(%s) group by f.id order by f.id
"""
# Lines that are done without any parcel.
HANDED_OVER = """
    from orders_order o join orders_orderline l on l.order_id = o.id
    where l.fulfilled > 0 and l.unit_cost > 0 and not l.is_shipped and l.edit_id is null
      and not exists (
        select from shipping_fulfilmentline f where f.order_line_id = l.id
    )
"""
ONLINE = f"""
    select distinct o.id {HANDED_OVER} and not exists (
        select from payments_journalentry j
        where j.source = 'order-' || o.number || '-handed-over'
    )
"""  # noqa: S608 - our own constants
COSTS_OF_HANDED_OVER = f"""
    select o.number, coalesce(o.paid_at, o.confirmed_at, o.placed_at), o.id,
           sum(l.fulfilled * l.unit_cost)
    {HANDED_OVER} and o.id = any(%s) group by o.id order by o.id
"""

PAYOUT_LINES = """
    select n.id from payments_payoutline n
    where not exists (select from payments_journalentry j where j.source = 'payout-line-' || n.id)
"""
PAYOUTS = """
    select p.id from payments_payout p
    where p.status = 'paid' and not exists (
        select from payments_journalentry j where j.source = 'payout-' || p.id
    )
"""

Drafts = Callable[[Sequence[int]], Iterable[Draft]]


@dataclass(frozen=True, slots=True)
class Past:
    """A kind of event: how to find what is not booked, and what it is in the books."""

    name: str
    missing: str
    drafts: Drafts
    # Whether all of it ends up in the books; goods that cost nothing do not.
    is_money: bool = True


def _sent(fulfilments: Sequence[int]) -> Iterator[Draft]:
    for pk, at, order_id, cost in _rows(COSTS_OF_SENT, [list(fulfilments)]):
        yield goods.sent_draft(_event(goods.sent_source(pk), at, order_id), cost)


def _handed_over(orders: Sequence[int]) -> Iterator[Draft]:
    for number, at, order_id, cost in _rows(COSTS_OF_HANDED_OVER, [list(orders)]):
        event = _event(goods.handed_over_source(number), at, order_id)
        yield goods.handed_over_draft(event, cost)


def _event(source: str, at: dt.datetime, order_id: int) -> goods.Event:
    return goods.Event(source, at, chart.books_currency(), order_id=order_id)


PASTS = (
    Past("stock counted and received", MOVEMENTS, goods.movements_of, is_money=False),
    Past("sales", SALES, sales.sales_of),
    Past("additions to orders", ADDITIONS, sales.additions_of),
    Past("credits", CREDITS, sales.credits_of),
    Past("payments and refunds", MONEY, money.drafts_of),
    Past("gift cards and credit", VALUE, value.drafts_of),
    Past("provider's fees", PAYOUT_LINES, payouts.lines_of, is_money=False),
    Past("payouts", PAYOUTS, payouts.payouts_of),
    Past("parcels", SENT, _sent, is_money=False),
    Past("goods without a parcel", ONLINE, _handed_over, is_money=False),
)


def book(*, now: dt.datetime, say: Callable[[str, int], None]) -> int:
    """Book all that is missing, in batches, each its own transaction. Returns how many entries.

    say: hears of every kind of event and how many entries that gave.
    """
    total = 0
    for past in PASTS:
        count = sum(_book(past, ids, now) for ids in _missing(past))
        if count:
            say(past.name, count)
        total += count
    if count := true_up.book(now=now):
        say("stock at its value", count)
    return total + count


def is_behind() -> bool:
    """Whether anything that was sold, charged or credited is missing in the books."""
    return any(_rows(f"{past.missing} limit 1", []) for past in PASTS if past.is_money)


def _missing(past: Past) -> Iterator[list[int]]:
    """Ids of what is not booked, some at a time; what costs or moves nothing comes by once."""
    last = 0
    page = f"select id from ({past.missing}) m where id > %s order by id limit %s"  # noqa: S608
    while ids := [pk for (pk,) in _rows(page, [last, BATCH])]:
        yield ids
        last = ids[-1]


@transaction.atomic
def _book(past: Past, ids: list[int], now: dt.datetime) -> int:
    closed = set(MonthClose.objects.filter(opened_at=None).values_list("month", flat=True))
    return posting.post_many([_in_time(one, closed, now) for one in past.drafts(ids)])


def _in_time(draft: Draft, closed: set[dt.date], now: dt.datetime) -> Draft:
    """What is found after its month was closed is booked today."""
    return replace(draft, on=shop_day(now)) if draft.on.replace(day=1) in closed else draft


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
