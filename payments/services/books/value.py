"""Gift cards and store credit in the books: every entry of a balance, against what caused it."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from payments.models import JournalEntry, ValueAccount, ValueEntry
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, against
from payments.services.books.roles import Role
from shop.lib.workdays import shop_day

Kind = ValueEntry.Kind
OWED = {
    ValueAccount.Kind.GIFT_CARD: Role.GIFT_CARDS,
    ValueAccount.Kind.STORE_CREDIT: Role.STORE_CREDIT,
}
# By the first word of an entry's source: a card that was bought, or taken back unused with the
# sale of it; money given back. Any other was given or corrected.
CAUSES = {
    "line": Role.CARDS_TO_ISSUE,
    "grant": Role.CARDS_TO_ISSUE,
    "refund": Role.CUSTOMERS,
}
BY_KIND = {
    Kind.HOLD: Role.VALUE_HELD,
    Kind.REVERT: Role.VALUE_HELD,
    Kind.EXPIRE: Role.VALUE_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a balance, and whose: what was bought, paid for or given back, if any."""

    pk: int
    kind: str
    account_kind: str
    source: str
    amount: Decimal
    currency: str
    rate: Decimal
    at: dt.datetime
    order_id: int | None = None
    memo: str = ""


def draft_of(changed: Changed) -> Draft:
    """What the shop owes on cards or credit grows or shrinks, against the entry's cause."""
    owed = OWED[ValueAccount.Kind(changed.account_kind)]
    return Draft(
        kind=JournalEntry.Kind.VALUE,
        source=f"value-entry-{changed.pk}",
        on=shop_day(changed.at),
        at=changed.at,
        currency=changed.currency,
        rate=changed.rate,
        lines=against(_cause(changed), changed.amount, owed),
        order_id=changed.order_id,
        memo=changed.memo,
    )


def _cause(changed: Changed) -> Role:
    known = BY_KIND.get(ValueEntry.Kind(changed.kind))
    return known or CAUSES.get(changed.source.partition("-")[0], Role.GOODWILL)


def post_entry(*, entry: ValueEntry) -> None:
    """Book a change of a balance, once."""
    for draft in drafts_of([entry.pk]):
        posting.post(draft)


# The order an entry is about is named by its source.
FOUND = r"""
    select e.id, e.kind, a.kind, e.source, e.amount, a.currency, o.exchange_rate, e.at, o.id,
           e.reason
    from payments_valueentry e
    join payments_valueaccount a on a.id = e.account_id
    left join payments_refund r on r.id = substring(e.source from '^refund-([0-9]{1,18})$')::bigint
    left join payments_payment p on p.id = r.payment_id
    left join orders_orderline l
        on l.id = substring(e.source from '^line-([0-9]{1,18})-')::bigint
    left join payments_grantedrefund g
        on g.id = substring(e.source from '^grant-([0-9]{1,18})$')::bigint
    left join orders_order n on n.number = substring(e.source from '^order-(.+)$')
    left join orders_order o on o.id = coalesce(p.order_id, l.order_id, g.order_id, n.id)
    where e.id = any(%s)
    order by e.id
"""


def drafts_of(entries: Collection[int]) -> Iterator[Draft]:
    """The same of entries on record, each on its day. One query where all is in one currency.

    An entry about an order goes by the order's exchange rate, as all that is booked of it; any
    other by the rate of its day.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [list(entries)])
        rows = cursor.fetchall()
    for pk, kind, account_kind, source, amount, currency, rate, at, order_id, reason in rows:
        known = rate or chart.rate_of(currency, at)
        facts = (pk, kind, account_kind, source, amount, currency, known)
        yield draft_of(Changed(*facts, at=at, order_id=order_id, memo=reason))
