"""What must hold of gift cards and store credit."""

from shop.processes.bookkeeping.promises import Invariant

VALUE = (
    Invariant(
        "value.balances",
        "The balance of a card or credit is the sum of its entries.",
        """
        select a.id as account, a.balance, coalesce(sum(e.amount), 0) as entered
        from payments_valueaccount a
        left join payments_valueentry e on e.account_id = a.id
        group by a.id
        having a.balance <> coalesce(sum(e.amount), 0)
        """,
    ),
    Invariant(
        "value.chain",
        "Each entry of an account starts where the one before it ended.",
        """
        select * from (
            select id as entry, account_id as account, amount, balance_after,
                sum(amount) over (partition by account_id order by id) as added_up
            from payments_valueentry
        ) chain where balance_after <> added_up
        """,
    ),
    Invariant(
        "value.payments",
        "What entries took for an order is what its payments from that account hold or charged.",
        """
        select coalesce(p.account, e.account) as account, coalesce(p.source, e.source) as source,
               coalesce(p.amount, 0) as paid, coalesce(e.amount, 0) as taken
        from (
            select split_part(p.provider_ref, '-', 1)::bigint as account,
                'order-' || o.number as source, sum(p.authorized + p.charged) as amount
            from payments_payment p join orders_order o on o.id = p.order_id
            where p.provider in ('gift_card', 'store_credit') group by 1, 2
        ) p
        full join (
            select account_id as account, source, -sum(amount) as amount
            from payments_valueentry where kind in ('debit_hold', 'debit_revert') group by 1, 2
        ) e on e.account = p.account and e.source = p.source
        where coalesce(p.amount, 0) <> coalesce(e.amount, 0)
        """,
    ),
    Invariant(
        "value.refunds",
        "What was refunded to a card or credit was added to one, once.",
        """
        select r.id as refund, r.amount, coalesce(sum(e.amount), 0) as added
        from payments_refund r
        join payments_payment p on p.id = r.payment_id
        left join payments_valueentry e on e.source = 'refund-' || r.id and e.kind = 'credit'
        where r.status = 'succeeded'
          and (p.provider in ('gift_card', 'store_credit') or r.provider_ref like 'credit-%%')
        group by r.id
        having r.amount <> coalesce(sum(e.amount), 0)
        """,
    ),
    Invariant(
        "value.holds",
        "Only an order that waits for the rest of its money holds anything.",
        """
        select o.number as "order", o.status, o.payment_status, p.authorized
        from payments_payment p join orders_order o on o.id = p.order_id
        where p.provider in ('gift_card', 'store_credit') and p.authorized > 0
          and (o.status in ('expired', 'canceled', 'completed') or o.paid_at is not null)
        """,
    ),
    Invariant(
        "value.cards",
        "A line of gift cards has a card for each of its units, or none.",
        """
        select l.id as line, l.sku, l.quantity, count(*) as cards
        from payments_valueaccount a join orders_orderline l on l.id = a.line_id
        group by l.id
        having count(*) <> l.quantity
        """,
    ),
)
