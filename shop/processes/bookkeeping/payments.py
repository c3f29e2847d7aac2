"""What must hold of payments and refunds."""

from shop.processes.bookkeeping.promises import Invariant, Level

PAYMENTS = (
    Invariant(
        "payments.events",
        "The sums of a payment are what its events add up to.",
        """
        select p.id as payment, p.charged, p.refunded, p.refund_pending, p.authorized,
               coalesce(e.charged, 0) as logged_charged, coalesce(e.refunded, 0) as logged_refunded,
               coalesce(e.asked, 0) - coalesce(e.refunded, 0) as logged_pending,
               coalesce(e.held, 0) as logged_held,
               p.disputed, coalesce(e.disputed, 0) as logged_disputed
        from payments_payment p
        left join (
            select payment_id,
                sum(amount) filter (where kind = 'charge' and stage = 'success') as charged,
                sum(case stage when 'success' then amount else -amount end)
                    filter (where kind = 'refund' and stage <> 'request' and was_done) as refunded,
                sum(case stage when 'request' then amount when 'failure' then -amount end)
                    filter (where kind = 'refund') as asked,
                sum(case stage when 'request' then amount when 'failure' then -amount end)
                    filter (where kind = 'charge_back') as disputed,
                greatest(0, sum(case kind when 'authorize' then amount else -amount end) filter (
                    where stage = 'success' and kind in ('authorize', 'void', 'charge'))) as held
            from (
                -- A refund that was done may fail later: it counts no more then.
                select *, bool_or(stage = 'success') over (
                    partition by provider, provider_ref, kind) as was_done
                from payments_paymentevent
            ) log group by payment_id
        ) e on e.payment_id = p.id
        where p.charged <> coalesce(e.charged, 0) or p.refunded <> coalesce(e.refunded, 0)
           or p.refund_pending <> coalesce(e.asked, 0) - coalesce(e.refunded, 0)
           or p.authorized <> coalesce(e.held, 0) or p.disputed <> coalesce(e.disputed, 0)
        """,
    ),
    Invariant(
        "payments.refunds",
        "What a payment gave back, or is about to, is what its refunds say.",
        """
        select p.id as payment, p.refunded, p.refund_pending,
               coalesce(r.done, 0) as refunds_done, coalesce(r.pending, 0) as refunds_pending
        from payments_payment p
        left join (
            select payment_id, sum(amount) filter (where status = 'succeeded') as done,
                   sum(amount) filter (where status = 'pending') as pending
            from payments_refund group by payment_id
        ) r on r.payment_id = p.id
        where p.refunded <> coalesce(r.done, 0) or p.refund_pending <> coalesce(r.pending, 0)
        """,
    ),
    Invariant(
        "payments.paid_orders",
        "A paid order was charged at least what it came to, in its own currency.",
        """
        select o.number as "order", o.total, coalesce(sum(p.charged), 0) as charged
        from orders_order o
        left join payments_payment p on p.order_id = o.id and p.currency = o.currency
        where o.paid_at is not null
        group by o.id
        having coalesce(sum(p.charged), 0) < o.total - coalesce((
            select sum(g.unpaid) from payments_grantedrefund g where g.order_id = o.id), 0)
        """,
    ),
    Invariant(
        "payments.given_back",
        "What an order says was given back is what its payments gave back.",
        """
        select o.number as "order", o.refunded, coalesce(sum(p.refunded), 0) as given_back
        from orders_order o
        join payments_payment p on p.order_id = o.id
        where o.refunded <> 0 or p.refunded <> 0
        group by o.id
        having o.refunded <> coalesce(sum(p.refunded), 0)
        """,
    ),
    Invariant(
        "payments.webhooks",
        "What a provider told us is worked on within ten minutes.",
        """
        select id as webhook, kind, received_at from payments_webhookevent
        where processed_at is null and received_at < %(now)s::timestamptz - interval '10 minutes'
        """,
        Level.WARNING,
    ),
)
