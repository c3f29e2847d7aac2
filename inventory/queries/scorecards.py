"""How well suppliers keep their word: in time, in full, as fast as they say, without faults."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection

# A line is judged by the day that was promised when it was ordered, whatever was agreed on later.
LINES = """
with line as (
    select o.supplier_id, l.id, l.quantity, l.received,
           (o.ordered_at at time zone %(zone)s)::date as ordered_on,
           coalesce(first.day, l.expected_on) as promised_on
    from inventory_purchaseorderline l
    join inventory_purchaseorder o on o.id = l.order_id
    left join lateral (
        select nullif(e.from_state, '')::date as day from inventory_purchaseevent e
        where e.order_id = o.id and e.axis = 'expected-' || l.id order by e.id limit 1
    ) first on true
    where o.ordered_at is not null and o.status <> 'canceled'
      and (%(suppliers)s::bigint[] is null or o.supplier_id = any(%(suppliers)s::bigint[]))
), due as (
    select * from line where promised_on between %(since)s and least(%(until)s, %(today)s)
), judged as (
    select due.*, came.last_on, coalesce(came.in_time, 0) as in_time
    from due left join lateral (
        select max((r.received_at at time zone %(zone)s)::date) as last_on,
               sum(rl.quantity + rl.rejected) filter (
                   where (r.received_at at time zone %(zone)s)::date <= due.promised_on
               ) as in_time
        from inventory_receiptline rl join inventory_receipt r on r.id = rl.receipt_id
        where rl.line_id = due.id
    ) came on true
), kept as (
    select supplier_id, count(*) as lines,
           count(*) filter (where in_time >= quantity) as on_time,
           sum(quantity) as ordered, sum(least(quantity, received)) as filled,
           avg(promised_on - ordered_on) as promised_days, avg(last_on - ordered_on) as real_days
    from judged group by supplier_id
), brought as (
    select o.supplier_id, sum(rl.quantity) as received, sum(rl.rejected) as rejected
    from inventory_receiptline rl
    join inventory_receipt r on r.id = rl.receipt_id
    join inventory_purchaseorder o on o.id = r.order_id
    where (r.received_at at time zone %(zone)s)::date between %(since)s and %(until)s
      and (%(suppliers)s::bigint[] is null or o.supplier_id = any(%(suppliers)s::bigint[]))
    group by o.supplier_id
)
select s.id, s.name, coalesce(k.lines, 0), k.on_time, k.ordered, k.filled, k.promised_days,
       k.real_days, coalesce(b.received, 0), coalesce(b.rejected, 0)
from inventory_supplier s
left join kept k on k.supplier_id = s.id
left join brought b on b.supplier_id = s.id
where k.supplier_id is not null or b.supplier_id is not null
order by s.name, s.id
"""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Of a supplier in a period. Shares are 0 to 1; None where there is nothing to judge.

    lines: that were promised for the period. on_time: of these, came whole by the promised day.
    fill: units that came of those ordered. Days are from the order to the delivery, on average.
    defects: units refused at the door, of all that came in the period.
    """

    supplier_id: int
    name: str
    lines: int
    on_time: Decimal | None
    fill: Decimal | None
    promised_days: Decimal | None
    real_days: Decimal | None
    received: int
    rejected: int
    defects: Decimal | None


def scorecards(
    *,
    since: dt.date,
    until: dt.date,
    today: dt.date,
    supplier_ids: Collection[int] | None = None,
) -> list[Scorecard]:
    """One per supplier who had something to deliver or delivered, by name. Days are the shop's.

    What is promised for a day after today is not judged yet. One query.
    """
    wanted = {
        "zone": settings.TIME_ZONE,
        "since": since,
        "until": until,
        "today": today,
        "suppliers": None if supplier_ids is None else list(supplier_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, wanted)
        return [_card(*row) for row in cursor.fetchall()]


def _card(supplier_id: int, name: str, lines: int, *figures: Decimal | int | None) -> Scorecard:
    on_time, ordered, filled, promised, real, received, rejected = figures
    good, bad = int(received or 0), int(rejected or 0)
    return Scorecard(
        supplier_id=supplier_id,
        name=name,
        lines=lines,
        on_time=_share(on_time, lines),
        fill=_share(filled, ordered),
        promised_days=_days(promised),
        real_days=_days(real),
        received=good,
        rejected=bad,
        defects=_share(bad, good + bad),
    )


def _share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))


def _days(days: Decimal | int | None) -> Decimal | None:
    return None if days is None else Decimal(days).quantize(Decimal("0.1"))
