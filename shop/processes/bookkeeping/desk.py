"""What must hold of calls to buyers, and of what rules did."""

from shop.processes.bookkeeping.promises import Invariant

DESK = (
    Invariant(
        "desk.calls",
        "An open call is about an open order, which waits for it; no order waits for a call that is over.",
        """
        select coalesce(c.order_id, h.order_id) as "order", o.status, c.id as call, h.id as hold
        from (select id, order_id from orders_calltask where closed_at is null) c
        full join (
            select id, order_id from orders_hold where kind = 'call' and released_at is null
        ) h on h.order_id = c.order_id
        join orders_order o on o.id = coalesce(c.order_id, h.order_id)
        where c.id is null or h.id is null or o.status not in ('pending', 'confirmed')
        """,
    ),
    Invariant(
        "desk.outcomes",
        "What came of a call is what was heard last; given up means that nobody said yes or no.",
        """
        select c.order_id as "order", c.outcome, a.result as heard
        from orders_calltask c
        left join lateral (
            select result from orders_callattempt where task_id = c.id order by id desc limit 1
        ) a on true
        where (c.outcome in ('confirmed', 'canceled') and c.outcome is distinct from a.result)
           or (c.outcome in ('', 'given_up') and a.result in ('confirmed', 'canceled'))
        """,
    ),
    Invariant(
        "desk.rules",
        "Whenever a rule met an order, it is on record what was done, act by act.",
        """
        select r.rule_id as rule, r.order_id as "order", r.occasion, r.done
        from orders_orderrulerun r
        where jsonb_typeof(r.done) <> 'array' or jsonb_array_length(r.done) = 0
           or exists (
               select from jsonb_array_elements(r.done) d
               where not (d ? 'do' and d ? 'done' and d ? 'words')
           )
        """,
    ),
    Invariant(
        "desk.assigned",
        "Open orders are looked after by people who work here.",
        """
        select o.number as "order", u.email
        from orders_order o join accounts_user u on u.id = o.assigned_to_id
        where o.status in ('pending', 'confirmed') and not u.is_staff
        """,
    ),
)
