"""What must hold of returns, exchanges and claims."""

from shop.processes.bookkeeping.promises import Invariant

RETURNS = (
    Invariant(
        "returns.units",
        "A line has come back as often as parcels with it were opened, and never more than sent.",
        """
        select o.number as "order", l.sku, l.fulfilled, l.returned, coalesce(c.units, 0) as checked
        from orders_orderline l
        join orders_order o on o.id = l.order_id
        left join (
            select r.order_line_id, sum(c.quantity) as units
            from orders_returncheck c join orders_returnline r on r.id = c.line_id
            where c.disposition <> 'missing'
            group by r.order_line_id
        ) c on c.order_line_id = l.id
        where l.returned <> coalesce(c.units, 0) or l.returned > l.fulfilled
        """,
    ),
    Invariant(
        "returns.checked",
        "Of every return that was looked at, each unit that was received has its finding.",
        """
        select r.number as return, r.status, l.order_line_id as line, l.received,
               coalesce(c.units, 0) as checked
        from orders_returnline l
        join orders_return r on r.id = l.rma_id
        left join (
            select line_id, sum(quantity) as units from orders_returncheck group by line_id
        ) c on c.line_id = l.id
        where coalesce(c.units, 0) <>
              case when r.status = 'inspected' or (r.status = 'closed' and r.way <> 'keep')
                   then l.received else 0 end
        """,
    ),
    Invariant(
        "returns.restocked",
        "What a return put back, good or broken, is what was found; only good units are sold again.",
        """
        select r.number as return, x.variant_id, sum(x.good) as good, sum(x.shelved) as shelved,
               sum(x.broken) as broken, sum(x.damaged) as damaged
        from orders_return r
        join (
            select l.rma_id, coalesce(p.variant_id, o.variant_id) as variant_id,
                   case when c.disposition = 'restocked' then c.quantity else 0 end
                       * coalesce(p.quantity, 1) as good,
                   case when c.disposition = 'processing_required' then c.quantity else 0 end
                       * coalesce(p.quantity, 1) as broken,
                   0 as shelved, 0 as damaged
            from orders_returncheck c
            join orders_returnline l on l.id = c.line_id
            join orders_orderline o on o.id = l.order_line_id
            left join orders_orderlinepart p on p.line_id = o.id
            union all
            select r.id, s.variant_id, 0, 0, m.on_hand_change, m.damaged_change
            from inventory_stockmovement m
            join inventory_stockitem s on s.id = m.stock_item_id
            join orders_return r on r.number = m.reference
            where m.kind = 'return'
        ) x on x.rma_id = r.id
        where x.variant_id is not null
        group by r.id, x.variant_id
        having (sum(x.good), sum(x.broken)) <> (sum(x.shelved), sum(x.damaged))
        """,
    ),
    Invariant(
        "returns.granted",
        "Returns are paid once, for no more units than came back, and no more than those cost.",
        """
        select o.number as "order", l.sku, x.asked, x.granted, x.given, l.gross as cost, x.times
        from (
            select coalesce(a.line_id, g.line_id) as line_id, coalesce(a.units, 0) as asked,
                   coalesce(g.units, 0) as granted, coalesce(g.given, 0) as given, g.times
            from (
                select order_line_id as line_id, sum(quantity) as units
                from orders_returnline group by order_line_id
            ) a
            full join (
                select g.line_id, sum(g.quantity) as units, sum(g.gross) as given,
                       count(*) - count(distinct d.rma_id) as times
                from payments_grantedline g
                join payments_grantedrefund d on d.id = g.grant_id
                where d.rma_id is not null and g.line_id is not null
                group by g.line_id
            ) g on g.line_id = a.line_id
        ) x
        join orders_orderline l on l.id = x.line_id
        join orders_order o on o.id = l.order_id
        where x.granted > x.asked or x.given > l.gross or x.times > 0
        """,
    ),
    Invariant(
        "returns.paid",
        "Only settled returns are paid, and those whose exchange was sent first.",
        """
        select r.number as return, r.status, d.id as grant
        from payments_grantedrefund d
        join orders_return r on r.id = d.rma_id
        left join orders_exchange x on x.rma_id = r.id and x.edit_id is not null
        where r.status <> 'closed' and (x.id is null or x.ships <> 'at_once')
        """,
    ),
    Invariant(
        "returns.status",
        "What an order says of returns is what its returns say; so do their histories.",
        """
        select o.number as "order", o.return_status, x.says
        from orders_order o
        left join (
            select order_id, case
                when bool_or(status in ('approved', 'in_transit', 'received', 'inspected'))
                    then 'in_progress'
                when bool_or(status = 'requested') then 'requested'
                when bool_or(status = 'closed') then 'returned'
                else 'none' end as says
            from orders_return group by order_id
        ) x on x.order_id = o.id
        where o.return_status <> coalesce(x.says, 'none')
        union all
        select r.number, r.status, e.to_state
        from orders_return r
        join lateral (
            select to_state from orders_returnevent e
            where e.rma_id = r.id and e.axis = 'status' order by at desc, id desc limit 1
        ) e on true
        where e.to_state <> r.status
        """,
    ),
    Invariant(
        "exchanges.lines",
        "An exchange is sent as lines of its order, no more units than were wanted.",
        """
        select r.number as return, x.status, w.units as wanted, coalesce(l.units, 0) as added
        from orders_exchange x
        join orders_return r on r.id = x.rma_id
        left join (
            select exchange_id, sum(quantity) as units from orders_exchangeline group by 1
        ) w on w.exchange_id = x.id
        left join (
            select edit_id, sum(quantity) as units from orders_orderline
            where edit_id is not null and variant_id is not null group by 1
        ) l on l.edit_id = x.edit_id
        where coalesce(l.units, 0) > coalesce(w.units, 0)
           or (x.status in ('released', 'closed')) <> (x.edit_id is not null)
              and x.status <> 'canceled'
        """,
    ),
    Invariant(
        "claims.settled",
        "A settled claim was paid or sent again as it says; no other was.",
        """
        select c.number as claim, c.status, c.outcome, c.edit_id as edit, g.granted
        from orders_claim c
        left join (
            select claim_id, sum(total) as granted from payments_grantedrefund
            where claim_id is not null group by 1
        ) g on g.claim_id = c.id
        where (c.status = 'settled' and c.outcome = 'replace') <> (c.edit_id is not null)
           or (g.granted is not null and (c.status <> 'settled' or c.outcome <> 'refund'))
        """,
    ),
)
