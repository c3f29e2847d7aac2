"""What the card provider paid out in the past year: one payout a week, two days after its end."""

import datetime as dt

from django.db import connection

# Every charge and refund by card, with what the provider keeps of a charge.
MOVES = """
    select e.id, e.payment_id, p.currency, e.at, e.kind, r.id as refund_id,
           case e.kind when 'charge' then e.amount else -e.amount end as gross,
           case e.kind when 'charge' then round(e.amount * 0.015, 2) + 0.20 else 0 end as fee,
           coalesce(r.provider_ref, p.charge_ref) as about,
           date_trunc('week', e.at)::date as week
    from payments_paymentevent e
    join payments_payment p on p.id = e.payment_id
    left join payments_refund r on e.kind = 'refund' and e.provider_ref = 'refund-' || r.id
    where e.provider = 'card' and e.stage = 'success' and e.kind in ('charge', 'refund')
"""
PAYOUTS = f"""
    insert into payments_payout
        (provider, provider_ref, amount, currency, status, created_at, arrives_on)
    select 'card', 'po_demo_' || lower(currency) || '_' || week, sum(gross - fee), currency,
           'paid', week + interval '7 days', week + 9
    from ({MOVES}) moves
    where week + 9 <= %(today)s
    group by currency, week
    having sum(gross - fee) > 0
    order by week, currency
    on conflict do nothing
"""  # noqa: S608 - our own constants
LINES = f"""
    insert into payments_payoutline
        (provider, provider_ref, kind, payout_id, about, gross, fee, net, currency, happened_at,
         words, payment_id, refund_id, matched_at)
    select 'card', 'txn_demo_' || m.id, m.kind, po.id, m.about, m.gross, m.fee, m.gross - m.fee,
           m.currency, m.at, '', m.payment_id, m.refund_id, m.at
    from ({MOVES}) m
    left join payments_payout po
        on po.provider_ref = 'po_demo_' || lower(m.currency) || '_' || m.week
    order by m.at
    on conflict do nothing
"""  # noqa: S608 - our own constants


def fill(*, today: dt.date) -> None:
    """Write payouts and their lines for what was charged and given back until today."""
    with connection.cursor() as cursor:
        cursor.execute(PAYOUTS, {"today": today})
        cursor.execute(LINES)
