"""What must hold of invoices and credit notes."""

from shop.processes.bookkeeping.promises import Invariant, Level

# Whether the moment has come at which the shop issues an order's invoice.
COME = """
    case s.issue when 'confirmed' then o.confirmed_at is not null
        when 'paid' then o.confirmed_at is not null and o.paid_at is not null
        else o.confirmed_at is not null and o.fulfillment_status <> 'unfulfilled' end
"""

DOCUMENTS = (
    Invariant(
        "documents.numbers",
        "The numbers of a series run on without a gap, up to the next one to be given.",
        """
        select s.prefix as series, s.next_number, count(*) as documents,
               min(d.number) as first, max(d.number) as last
        from payments_series s join payments_document d on d.series_id = s.id
        group by s.id
        having max(d.number) - min(d.number) + 1 <> count(*)
            or s.next_number <> max(d.number) + 1
        """,
    ),
    Invariant(
        "documents.invoices",
        "Since the first invoice, every order has its own once the shop's moment has come.",
        f"""
        select o.number as "order", o.confirmed_at, o.paid_at, o.fulfillment_status, s.issue
        from orders_order o
        join payments_series s on s.kind = 'invoice'
        left join payments_document d
            on d.order_id = o.id and d.kind = 'invoice' and d.edit_id is null
        where d.id is null and {COME}
          and o.confirmed_at >= (select min(issued_at) from payments_document)
        """,  # noqa: S608 - our own constants
    ),
    Invariant(
        "documents.credit_notes",
        "What was granted back on an order with an invoice has a credit note.",
        """
        select o.number as "order", g.id as grant, g.total
        from payments_grantedrefund g
        join orders_order o on o.id = g.order_id
        join payments_document i
            on i.order_id = o.id and i.kind = 'invoice' and i.edit_id is null
        left join payments_document c on c.grant_id = g.id
        where c.id is null
        """,
    ),
    Invariant(
        "documents.totals",
        "A document comes to what its order, or the grant it is for, comes to.",
        """
        select d.label as document, d.net, d.tax, d.total, o.number as "order"
        from payments_document d
        join orders_order o on o.id = d.order_id
        left join payments_grantedrefund g on g.id = d.grant_id
        -- What a later change added has an invoice of its own.
        left join (
            select edit_id, sum(net) as net, sum(tax) as tax, sum(gross) as total
            from orders_orderline where edit_id is not null group by edit_id
        ) e on e.edit_id = d.edit_id
        left join (
            select l.order_id, sum(l.net) as net, sum(l.tax) as tax, sum(l.gross) as total
            from payments_document n join orders_orderline l on l.edit_id = n.edit_id
            group by l.order_id
        ) x on x.order_id = o.id
        where (d.net, d.tax, d.total, d.currency, d.order_id) is distinct from (
            coalesce(g.net, e.net, o.net - coalesce(x.net, 0)),
            coalesce(g.tax, e.tax, o.tax - coalesce(x.tax, 0)),
            coalesce(g.total, e.total, o.total - coalesce(x.total, 0)),
            o.currency, coalesce(g.order_id, o.id))
        """,
    ),
    Invariant(
        "documents.content",
        "What a document says adds up to its totals, by line and by rate, under its own number.",
        """
        select d.label as document, d.net, d.tax, l.net as lines_net, l.tax as lines_tax,
               t.net as rates_net, t.tax as rates_tax
        from payments_document d
        cross join lateral (
            select coalesce(sum((x->>'net')::numeric), 0) as net,
                   coalesce(sum((x->>'tax')::numeric), 0) as tax
            from jsonb_array_elements(d.content->'lines') x
        ) l
        cross join lateral (
            select coalesce(sum((x->>'base')::numeric), 0) as net,
                   coalesce(sum((x->>'amount')::numeric), 0) as tax
            from jsonb_array_elements(d.content->'taxes') x
        ) t
        where (l.net, l.tax, t.net, t.tax) is distinct from (d.net, d.tax, d.net, d.tax)
           or (d.content->>'net')::numeric <> d.net or (d.content->>'tax')::numeric <> d.tax
           or (d.content->>'total')::numeric <> d.total or d.content->>'label' <> d.label
           or d.content->>'issued_on' <> d.issued_on::text
        """,
    ),
    Invariant(
        "documents.made",
        "A document has its PDF within ten minutes.",
        """
        select d.label as document, m.created_at as owed_since
        from payments_document d join outbox_message m on m.key = 'document-' || d.id || '-make'
        where d.pdf = '' and m.created_at < %(now)s::timestamptz - interval '10 minutes'
        """,
        Level.WARNING,
    ),
)
