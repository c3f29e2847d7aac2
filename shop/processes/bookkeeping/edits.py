"""What must hold of orders that were changed after they were placed."""

from shop.processes.bookkeeping.promises import Invariant

EDITS = (
    Invariant(
        "edits.orders",
        "A change and the lines it brought belong to one order, one that was sold.",
        """
        select o.number as "order", e.id as edit, l.id as line, l.order_id as line_of
        from orders_orderedit e
        join orders_order o on o.id = e.order_id
        join orders_orderline l on l.edit_id = e.id
        where l.order_id <> e.order_id or o.confirmed_at is null
        """,
    ),
    Invariant(
        "edits.difference",
        "What a change made an order cost is what it added less what it granted back.",
        """
        select o.number as "order", e.id as edit, e.difference, coalesce(l.added, 0) as added,
               coalesce(g.total, 0) as granted
        from orders_orderedit e
        join orders_order o on o.id = e.order_id
        left join (
            select edit_id, sum(gross) as added from orders_orderline
            where edit_id is not null group by 1
        ) l on l.edit_id = e.id
        left join payments_grantedrefund g on g.key = 'edit-' || e.id
        -- Before it was sold its lines were written anew.
        where e.made_at > o.confirmed_at
          and e.difference <> coalesce(l.added, 0) - coalesce(g.total, 0)
        """,
    ),
    Invariant(
        "edits.sales",
        "What a change added to a sale is in the books as a sale of its own, at its tax and total.",
        """
        select o.number as "order", l.edit_id as edit, l.tax, l.gross, s.taxed, s.owed
        from (
            select edit_id, order_id, sum(tax) as tax, sum(gross) as gross
            from orders_orderline where edit_id is not null group by 1, 2
        ) l
        join orders_order o on o.id = l.order_id
        left join (
            select j.source, -sum(n.amount) filter (where a.role = 'output_tax') as taxed,
                   sum(n.amount) filter (where a.role = 'customers') as owed
            from payments_journalentry j
            join payments_journalline n on n.entry_id = j.id
            join payments_ledgeraccount a on a.id = n.account_id
            where j.source like 'edit-%%-sale' group by j.id
        ) s on s.source = 'edit-' || l.edit_id || '-sale'
        where (l.tax, l.gross) is distinct from (coalesce(s.taxed, 0), coalesce(s.owed, 0))
        """,
    ),
    Invariant(
        "edits.invoices",
        "What a change added to an order that had its invoice has an invoice, if it costs anything.",
        """
        select o.number as "order", e.id as edit, l.gross
        from orders_orderedit e
        join orders_order o on o.id = e.order_id
        join (
            select edit_id, sum(gross) as gross from orders_orderline
            where edit_id is not null group by 1
        ) l on l.edit_id = e.id
        join payments_document i
            on i.order_id = o.id and i.kind = 'invoice' and i.edit_id is null
        left join payments_document d on d.edit_id = e.id
        where l.gross > 0 and d.id is null and i.issued_at < e.made_at
        """,
    ),
    Invariant(
        "edits.log",
        "Every change is told in the log of its order.",
        """
        select o.number as "order", e.id as edit, e.made_at
        from orders_orderedit e
        join orders_order o on o.id = e.order_id
        where not exists (
            select from orders_orderevent v
            where v.order_id = o.id and v.axis = 'edit' and v.at = e.made_at
        )
        """,
    ),
)
