"""What a provider keeps and sends on, in the books: fees, exchange, payouts."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

from django.db.models import Sum

from payments.models import JournalEntry, JournalLine, Payment, Payout, PayoutLine
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, Line, against, opposite
from payments.services.books.roles import Role
from shop.lib.money import ZERO, round_money
from shop.lib.workdays import shop_day, shop_zone

Kind = PayoutLine.Kind
NOON = dt.time(12)


def post_line(*, line: PayoutLine, now: dt.datetime) -> None:
    """Book what a movement on the provider's balance cost: its fee and, once its payment is known,
    the exchange when that was in another currency. Each once: call it again when it is matched.
    """
    day = posting.day_for(shop_day(line.happened_at), now=now)
    for draft in _line_drafts(line):
        posting.post(replace(draft, on=day))


def lines_of(lines: Collection[int]) -> Iterator[Draft]:
    """The same of lines on record, each on its day. One query where all is in one currency."""
    rows = PayoutLine.objects.filter(pk__in=lines).order_by("pk")
    for line in rows.select_related("payment__order", "refund", "dispute"):
        yield from _line_drafts(line)


def _line_drafts(line: PayoutLine) -> Iterator[Draft]:
    about = line.payment
    if about is not None and about.currency == line.currency:
        yield replace(fee_draft(line, about.order.exchange_rate), order_id=about.order_id)
        return
    rate = chart.rate_of(line.currency, line.happened_at)
    yield replace(fee_draft(line, rate), order_id=about.order_id if about else None)
    if about is not None and (original := _original(line)):
        yield from exchange_drafts(line, about, original, rate=rate)


def fee_draft(line: PayoutLine, rate: Decimal) -> Draft:
    """A charge's fee; of a line that is a fee, all of it. Below zero when it came back."""
    fee = line.fee - line.gross if line.kind == Kind.FEE else line.fee
    return Draft(
        kind=JournalEntry.Kind.FEE,
        source=f"payout-line-{line.pk}",
        on=shop_day(line.happened_at),
        at=line.happened_at,
        currency=line.currency,
        rate=rate,
        lines=against(Role.PAYMENT_FEES, fee, Role.PROVIDER),
        memo=line.words,
    )


def exchange_drafts(
    line: PayoutLine, payment: Payment, original: Decimal, *, rate: Decimal
) -> tuple[Draft, Draft]:
    """The payment's currency leaves the provider's balance, the line's own comes onto it.

    original: the line's amount in the payment's currency, with its sign. Through EXCHANGE, which
    keeps what the two differ by in the books' currency.
    """
    away = against(Role.EXCHANGE, original, Role.PROVIDER)
    came = against(Role.PROVIDER, line.gross, Role.EXCHANGE)
    return (
        _exchange(line, "from", payment.currency, payment.order.exchange_rate, away),
        _exchange(line, "to", line.currency, rate, came),
    )


def _exchange(
    line: PayoutLine, end: str, currency: str, rate: Decimal, lines: tuple[Line, ...]
) -> Draft:
    return Draft(
        kind=JournalEntry.Kind.PAYOUT,
        source=f"payout-line-{line.pk}-{end}",
        on=shop_day(line.happened_at),
        at=line.happened_at,
        currency=currency,
        rate=rate,
        lines=lines,
    )


def _original(line: PayoutLine) -> Decimal:
    """What a line is about, in the currency of its payment; zero where nothing says."""
    amount = ZERO
    if line.kind == Kind.CHARGE and line.payment:
        amount = line.payment.charged
    elif line.kind == Kind.REFUND and line.refund:
        amount = line.refund.amount
    elif line.kind == Kind.DISPUTE and line.dispute:
        amount = line.dispute.amount
    return amount if line.gross >= 0 else -amount


def post_payout(*, payout: Payout, now: dt.datetime) -> None:
    """Book a payout that reached the bank, once, on the day it arrived."""
    draft = _payout_draft(payout, now)
    posting.post(replace(draft, on=posting.day_for(draft.on, now=now)))


def post_payout_failed(*, payout: Payout, now: dt.datetime) -> None:
    """Book a payout that had arrived and was taken back, once."""
    posting.post(_payout_draft(payout, now, came_back=True))


def payouts_of(payouts: Collection[int]) -> Iterator[Draft]:
    """The same of payouts on record, each on the day it arrived."""
    for payout in Payout.objects.filter(pk__in=payouts).order_by("pk"):
        arrived = dt.datetime.combine(payout.arrives_on, NOON, tzinfo=shop_zone())
        yield _payout_draft(payout, arrived)


def _payout_draft(payout: Payout, now: dt.datetime, *, came_back: bool = False) -> Draft:
    rate = chart.rate_of(payout.currency, now)
    booked_at = provider_value(payout.currency, payout.amount, rate)
    lines = payout_lines(payout.amount, rate=rate, booked_at=booked_at)
    day = shop_day(now) if came_back else min(payout.arrives_on, shop_day(now))
    return Draft(
        kind=JournalEntry.Kind.PAYOUT,
        source=f"payout-{payout.pk}" + ("-failed" if came_back else ""),
        on=day,
        at=now,
        currency=payout.currency,
        rate=rate,
        lines=opposite(lines) if came_back else lines,
        memo=payout.provider_ref,
    )


def payout_lines(amount: Decimal, *, rate: Decimal, booked_at: Decimal) -> list[Line]:
    """The bank at today's rate, the provider at what was booked, the difference on EXCHANGE."""
    currency = chart.books_currency()
    today = round_money(amount * rate, currency)
    return [
        Line(Role.BANK, amount, base=today),
        Line(Role.PROVIDER, -amount, base=-booked_at),
        Line(Role.EXCHANGE, ZERO, base=booked_at - today),
    ]


def provider_value(currency: str, amount: Decimal, rate: Decimal) -> Decimal:
    """What so much of the provider's balance was booked at, in the books' currency."""
    books = chart.books_currency()
    if currency == books:
        return amount
    rows = JournalLine.objects.filter(account__role=Role.PROVIDER, entry__currency=currency)
    sums = rows.aggregate(amount=Sum("amount", default=ZERO), base=Sum("base", default=ZERO))
    if sums["amount"] <= 0 or sums["base"] <= 0:
        return round_money(amount * rate, books)
    return round_money(amount * sums["base"] / sums["amount"], books)
