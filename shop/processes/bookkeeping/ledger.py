"""What must hold of the books, and between them and the rest of the shop."""

from payments.services.books import money
from shop.processes.bookkeeping.promises import Invariant

# What is on an account of a role, entry by entry.
ON = """
    payments_journalline l
    join payments_journalentry j on j.id = l.entry_id
    join payments_ledgeraccount a on a.id = l.account_id
"""
# Events that move money, and what each adds to where its provider's money is.
EVENTS = f"""
    select e.id, p.provider, p.currency, e.amount,
           case when e.kind = 'charge' or e.stage = 'failure' then e.amount
                when e.kind = 'charge_back' and e.stage = 'success' then 0
                else -e.amount end as gained,
           coalesce(r.provider_ref like 'hand-%%', false) as by_hand
    from payments_paymentevent e
    join payments_payment p on p.id = e.payment_id
    left join payments_refund r on e.kind = 'refund' and {money.OF_REFUND}
    where {money.MOVES_MONEY}
"""  # noqa: S608 - our own constants
ELSEWHERE = ", ".join(f"'{provider}'" for provider in money.ROLES)

LEDGER = (
    Invariant(
        "ledger.balance",
        "Every entry has debits and credits, and they are equal, in both currencies.",
        """
        select j.source as entry, count(l.id) as lines, sum(l.amount) as amount, sum(l.base) as base
        from payments_journalentry j left join payments_journalline l on l.entry_id = j.id
        group by j.id
        having count(l.id) < 2 or sum(l.amount) <> 0 or sum(l.base) <> 0
        """,
    ),
    Invariant(
        "ledger.sales",
        "Every confirmed order has its sale in the books, at its net, tax and total; no other has.",
        f"""
        select o.number as "order", o.net, o.tax, o.total, s.earned, s.taxed, s.owed
        from (select * from orders_order where confirmed_at is not null and total > 0) o
        full join (
            select j.order_id, -sum(l.amount) filter (where a.role = 'output_tax') as taxed,
                   sum(l.amount) filter (where a.role = 'customers') as owed,
                   -sum(l.amount) filter (where a.role not in ('output_tax', 'customers')) as earned
            from {ON} where j.kind = 'sale' group by j.order_id
        ) s on s.order_id = o.id
        where (o.net, o.tax, o.total) is distinct from
              (coalesce(s.earned, 0), coalesce(s.taxed, 0), s.owed)
          -- A sale of nothing has lines that cancel out, and nobody owes anything.
          and (o.id is not null or s.owed is not null)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.credits",
        "Every refund that was granted is credited in the books, at its tax and total.",
        f"""
        select o.number as "order", g.id as grant, g.tax, g.total, s.taxed, s.credited
        from payments_grantedrefund g
        join orders_order o on o.id = g.order_id
        left join (
            select j.source, sum(l.amount) filter (where a.role = 'output_tax') as taxed,
                   -sum(l.amount) filter (where a.role = 'customers') as credited
            from {ON} where j.kind = 'credit' group by j.id
        ) s on s.source = 'grant-' || g.id
        where (g.tax, g.total) is distinct from (coalesce(s.taxed, 0), s.credited)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.money",
        "Every payment event that moved money is booked at its amount, and no other event is.",
        f"""
        select coalesce(e.id::text, b.source) as event, e.amount, b.amount as booked
        from ({EVENTS}) e
        full join (
            select j.source, sum(l.amount) filter (where l.amount > 0) as amount
            from {ON} where j.source like 'payment-event-%%' group by j.id
        ) b on b.source = 'payment-event-' || e.id
        where e.amount is distinct from b.amount
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.value",
        "Every change of a gift card or credit is booked at its amount.",
        f"""
        select v.id as entry, v.amount, b.amount as booked
        from payments_valueentry v
        full join (
            select j.source, -sum(l.amount) as amount from {ON}
            where j.kind = 'value' and a.role in ('gift_cards', 'store_credit') group by j.id
        ) b on b.source = 'value-entry-' || v.id
        where v.amount is distinct from b.amount
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.customers",
        "What an order's buyer owes is its total less credits and charges, plus what went back.",
        f"""
        select o.number as "order", coalesce(b.owed, 0) as booked,
               coalesce(t.owed, 0) - coalesce(g.credited, 0) - coalesce(p.kept, 0) as owed
        from orders_order o
        left join (select id, total as owed from orders_order where confirmed_at is not null) t
            on t.id = o.id
        left join (
            select order_id, sum(total) as credited from payments_grantedrefund group by 1
        ) g on g.order_id = o.id
        left join (
            select order_id, sum(charged - refunded) as kept from payments_payment group by 1
        ) p on p.order_id = o.id
        left join (
            select j.order_id, sum(l.amount) as owed from {ON} where a.role = 'customers' group by 1
        ) b on b.order_id = o.id
        where coalesce(b.owed, 0)
              <> coalesce(t.owed, 0) - coalesce(g.credited, 0) - coalesce(p.kept, 0)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.output_tax",
        "The tax owed on an order is that of its tax lines less what was credited, rate by rate.",
        f"""
        with owed as (
            select o.id, t.country, t.region, t.rate, t.amount
            from orders_taxline t join orders_order o on o.id = t.order_id
            where o.confirmed_at is not null
            union all
            select t.order_id, t.country, t.region, t.rate, -g.tax
            from payments_grantedline g join orders_taxline t on t.id = g.tax_line_id
            union all
            select j.order_id, l.country, l.region, l.tax_rate, l.amount
            from {ON} where a.role = 'output_tax' and j.order_id is not null
        )
        select o.number as "order", x.country, x.region, x.rate, sum(x.amount) as unbooked
        from owed x join orders_order o on o.id = x.id
        group by o.id, x.country, x.region, x.rate
        having sum(x.amount) <> 0
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.costs",
        "The cost of an order in the books is that of its parcels, and of what went without one.",
        f"""
        select o.number as "order", x.sent, x.booked
        from (
            select order_id, sum(sent) as sent, sum(booked) as booked
            from (
                select f.order_id, coalesce(f.goods_cost, sum(fl.quantity * l.unit_cost), 0) as sent,
                       0 as booked
                from shipping_fulfilment f
                left join shipping_fulfilmentline fl on fl.fulfilment_id = f.id
                left join orders_orderline l on l.id = fl.order_line_id
                where f.shipped_at is not null group by f.id
                union all
                select l.order_id, l.fulfilled * l.unit_cost, 0 from orders_orderline l
                where l.fulfilled > 0 and not l.is_shipped and not exists (
                    select from shipping_fulfilmentline fl where fl.order_line_id = l.id
                )
                union all
                select j.order_id, 0, l.amount from {ON} where a.role = 'cost_of_goods'
            ) one group by order_id
        ) x
        left join orders_order o on o.id = x.order_id
        where x.order_id is not null and x.sent <> x.booked
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.value_owed",
        "What is owed on cards and credit, and held of them for orders, is what their rows say.",
        f"""
        select role, currency, sum(owed) as unbooked
        from (
            select case kind when 'gift_card' then 'gift_cards' else kind end as role, currency,
                   balance as owed from payments_valueaccount
            union all
            select 'value_held', currency, authorized from payments_payment
            where provider in ('gift_card', 'store_credit')
            union all
            select a.role, j.currency, l.amount from {ON}
            where a.role in ('gift_cards', 'store_credit', 'value_held')
        ) x group by role, currency
        having sum(owed) <> 0
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.provider",
        "What providers keep for the shop is what they charged less refunds, disputes, fees, payouts.",
        f"""
        select currency, sum(amount) as unbooked
        from (
            select e.currency, e.gained as amount from ({EVENTS}) e
            where e.provider not in ({ELSEWHERE}) and not e.by_hand
            union all
            select currency, case kind when 'fee' then gross else 0 end - fee
            from payments_payoutline
            union all
            select currency, -amount from payments_payout where status = 'paid'
            union all
            select j.currency, -l.amount from {ON}
            left join payments_journalentry o on o.id = j.reverses_id
            where a.role = 'provider' and coalesce(o.kind, j.kind) not in ('manual', 'expense')
              -- Exchange within the provider's balance is neither.
              and coalesce(o.source, j.source) !~ '^payout-line-[0-9]+-'
        ) x group by currency
        having sum(amount) <> 0
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "ledger.payouts",
        "Every payout that arrived, every one taken back, and every fee is booked.",
        """
        select x.source
        from (
            select 'payout-' || id as source from payments_payout where status = 'paid'
            union all
            select j.source || '-failed' from payments_payout p
            join payments_journalentry j on j.source = 'payout-' || p.id
            where p.status in ('failed', 'canceled')
            union all
            select 'payout-line-' || id from payments_payoutline
            where fee <> case kind when 'fee' then gross else 0 end
        ) x
        where not exists (select from payments_journalentry j where j.source = x.source)
        """,
    ),
    Invariant(
        "ledger.months",
        "Nothing was booked into a month after its books were closed.",
        """
        select j.source as entry, j."on", j.at, m.closed_at
        from payments_monthclose m
        join payments_journalentry j
            on j."on" >= m.month and j."on" < m.month + interval '1 month' and j.at > m.closed_at
        where m.opened_at is null
        """,
    ),
)
