"""Payment events in the books: money that came in, went back, or was taken back."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from payments.models import JournalEntry, PaymentEvent
from payments.services.books import disputes, posting
from payments.services.books.drafts import Draft, Line, against
from payments.services.books.roles import Role
from shop.lib.workdays import shop_day

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
# Where a provider's money arrives; with any other it is on its way from there.
ROLES = {
    "bank_transfer": Role.BANK,
    "invoice": Role.BANK,
    "cash_on_delivery": Role.CARRIERS,
    "till": Role.TILL,
    "marketplace": Role.MARKETPLACES,
    "gift_card": Role.VALUE_HELD,
    "store_credit": Role.VALUE_HELD,
}
BOOKED_AS = {
    Kind.CHARGE: JournalEntry.Kind.PAYMENT,
    Kind.REFUND: JournalEntry.Kind.REFUND,
    Kind.CHARGE_BACK: JournalEntry.Kind.DISPUTE,
}
# What moves money, as SQL: the rest is only asked, held or refused. A refund that fails moves it
# when it had been done before.
DONE_BEFORE = """
    exists (
        select from payments_paymentevent s
        where s.provider = e.provider and s.provider_ref = e.provider_ref
          and s.kind = 'refund' and s.stage = 'success' and s.id < e.id
    )
"""
# A refund's row says when it did not go back the way the payment came: by hand from the bank, or
# onto a card or credit, whose own entry is what is booked then.
ONTO_VALUE = "(p.provider in ('gift_card', 'store_credit') or r.provider_ref like 'credit-%%')"
OF_REFUND = "r.id = substring(e.provider_ref from '^refund-([0-9]{1,18})$')::bigint"
MOVES_MONEY = f"""
    (
        e.kind = 'charge' and e.stage = 'success' or e.kind = 'charge_back'
        or e.kind = 'refund' and not coalesce({ONTO_VALUE}, false)
           and (e.stage = 'success' or e.stage = 'failure' and {DONE_BEFORE})
    ) and e.amount <> 0
"""
FOUND = f"""
    select e.id, e.kind, e.stage, e.amount,
           case when r.provider_ref like 'hand-%%' then 'bank_transfer' else p.provider end,
           p.currency, o.exchange_rate, e.at, o.id
    from payments_paymentevent e
    join payments_payment p on p.id = e.payment_id
    join orders_order o on o.id = p.order_id
    left join payments_refund r on e.kind = 'refund' and {OF_REFUND}
    where {MOVES_MONEY} and e.id = any(%s)
    order by e.id
"""  # noqa: S608 - our own constants


@dataclass(frozen=True, slots=True)
class Moved:
    """A payment event that moved money, and what the entry needs to know of payment and order."""

    pk: int
    kind: str
    stage: str
    amount: Decimal
    provider: str
    currency: str
    rate: Decimal
    at: dt.datetime
    order_id: int | None = None


def role_of(provider: str) -> Role:
    """The account that a provider's money is on once it is charged."""
    return ROLES.get(provider, Role.PROVIDER)


def draft_of(moved: Moved) -> Draft:
    """What such an event is in the books."""
    return Draft(
        kind=BOOKED_AS[PaymentEvent.Kind(moved.kind)],
        source=f"payment-event-{moved.pk}",
        on=shop_day(moved.at),
        at=moved.at,
        currency=moved.currency,
        rate=moved.rate,
        lines=_lines(moved),
        order_id=moved.order_id,
    )


def _lines(moved: Moved) -> tuple[Line, ...]:
    place = role_of(moved.provider)
    if moved.kind == Kind.CHARGE_BACK:
        return disputes.lines_of(moved.stage, moved.amount, place)
    if moved.kind == Kind.REFUND and moved.stage == Stage.SUCCESS:
        return against(Role.CUSTOMERS, moved.amount, place)
    return against(place, moved.amount, Role.CUSTOMERS)


def post_event(*, event: PaymentEvent) -> None:
    """Book an event, once, when it moves money."""
    if event.kind in BOOKED_AS and (event.stage != Stage.REQUEST or event.kind == Kind.CHARGE_BACK):
        for draft in drafts_of([event.pk]):
            posting.post(draft)


def drafts_of(events: Collection[int]) -> Iterator[Draft]:
    """Events on record, each on its day, those that move no money left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [list(events)])
        rows = cursor.fetchall()
    return (draft_of(Moved(*row)) for row in rows)
