"""What a line of a bank statement is about: an order, a refund, a payout, or nobody knows."""

import datetime as dt
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from orders.models import Order
from payments.models import BankLine, Document, Payment, PaymentEvent, Payout, Refund, Series
from payments.services import methods, payments, refunds
from payments.services.payments import Fact
from shop.lib.money import ZERO

NUMBER = re.compile(r"(?<![0-9])[0-9]{4,12}(?![0-9])")
TOKEN = re.compile(r"[A-Z0-9][A-Z0-9/-]*")
REFUND = re.compile(r"REFUND[^0-9]{0,10}([0-9]{1,12})(?:-([0-9]{1,12}))?")
MOST = 8
# A payout reaches the bank within so many days of the day its provider names.
PAYOUT_DAYS = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line may be about. amount: what is open there. is_sure: nobody need look."""

    kind: str
    pk: int
    name: str
    amount: Decimal
    words: str
    is_sure: bool = False

    @property
    def value(self) -> str:
        return f"{self.kind}-{self.pk}"


def suggestions(line: BankLine) -> list[Suggestion]:
    """The likeliest first. At most one is sure, and then it stands alone."""
    found = _money_out(line) if line.amount < 0 else _money_in(line)
    sure = [one for one in found if one.is_sure]
    return sure if len(sure) == 1 else found[:MOST]


def sure(line: BankLine) -> Suggestion | None:
    """What it is about beyond doubt: reference, amount and currency agree with one thing alone."""
    found = [one for one in suggestions(line) if one.is_sure]
    return found[0] if len(found) == 1 else None


# Money that came


def _money_in(line: BankLine) -> list[Suggestion]:
    named = orders_named(line)
    orders = [_about_order(line, one, is_only=len(named) == 1) for one in named]
    payouts = _payouts(line)
    return [*orders, *payouts, *_like_it(line, {one.pk for one in named})]


def orders_named(line: BankLine) -> list[Order]:
    """Orders whose number, or whose invoice's, stands in the purpose."""
    text = line.text.upper()
    numbers = set(NUMBER.findall(text)[:50])
    tokens = TOKEN.findall(text)[:100]
    labels = {*tokens, *map("".join, itertools.pairwise(tokens))}
    labels |= {"-".join(pair) for pair in itertools.pairwise(tokens)}
    billed = Document.objects.filter(kind=Series.Kind.INVOICE, label__in=labels)
    wanted = Q(number__in=numbers) | Q(pk__in=billed.values("order"))
    found = Order.objects.filter(wanted, currency=line.currency)
    return list(found.exclude(status=Order.Status.DRAFT).order_by("pk")[:MOST])


def _about_order(line: BankLine, order: Order, *, is_only: bool) -> Suggestion:
    left = payments.left_to_pay(order)
    return Suggestion(
        kind="order",
        pk=order.pk,
        name=_("Order %(number)s") % {"number": order.number},
        amount=left,
        words=_in_words(line.amount, left),
        is_sure=is_only and ZERO < left == line.amount,
    )


def _in_words(amount: Decimal, left: Decimal) -> str:
    if not left:
        return _("nothing is left to pay")
    if amount == left:
        return _("the amount agrees")
    if amount < left:
        return _("%(amount)s short") % {"amount": (left - amount).normalize()}
    return _("%(amount)s too much") % {"amount": (amount - left).normalize()}


def _like_it(line: BankLine, known: Iterable[int]) -> list[Suggestion]:
    """Orders that wait for this very sum, those of the same name first."""
    waiting = Order.objects.filter(
        currency=line.currency, total=line.amount, payment_status=Order.Payment.PENDING
    ).exclude(status__in=[Order.Status.CANCELED, Order.Status.DRAFT])
    rows = list(waiting.exclude(pk__in=list(known)).order_by("-placed_at")[:MOST])
    party = line.party.casefold()
    rows.sort(key=lambda one: party not in (one.name.casefold(), one.company.casefold()))
    return [_about_order(line, one, is_only=False) for one in rows]


def _payouts(line: BankLine) -> list[Suggestion]:
    """Payouts of the card provider over this very sum, around their day."""
    days = dt.timedelta(days=PAYOUT_DAYS)
    rows = Payout.objects.filter(
        amount=line.amount,
        currency=line.currency,
        bank_line=None,
        status__in=[Payout.Status.PAID, Payout.Status.PENDING],
        arrives_on__range=(line.booked_on - days, line.booked_on + days),
    )
    found = list(rows.order_by("arrives_on", "pk")[:MOST])
    written = f"{line.text} {line.party}".upper()
    return [
        Suggestion(
            kind="payout",
            pk=one.pk,
            name=_("Payout %(ref)s") % {"ref": one.provider_ref},
            amount=one.amount,
            words=_("the amount agrees"),
            is_sure=one.provider_ref.upper() in written
            or (len(found) == 1 and "STRIPE" in written),
        )
        for one in found
    ]


# Money that went


def _money_out(line: BankLine) -> list[Suggestion]:
    waiting = Refund.objects.filter(
        refunds.sent_by_hand(),
        status=Refund.Status.PENDING,
        amount=-line.amount,
        payment__currency=line.currency,
    )
    rows = list(waiting.select_related("payment__order").order_by("pk")[:50])
    told = [one for one in rows if _names_refund(line.text.upper(), one)]
    others = [one for one in rows if one not in told]
    return [
        *(_about_refund(one, is_sure=len(told) == 1) for one in told),
        *(_about_refund(one, is_sure=False) for one in others),
    ]


def _names_refund(text: str, refund: Refund) -> bool:
    return any(
        number == refund.payment.order.number and (not pk or pk == str(refund.pk))
        for number, pk in REFUND.findall(text)
    )


def _about_refund(refund: Refund, *, is_sure: bool) -> Suggestion:
    return Suggestion(
        kind="refund",
        pk=refund.pk,
        name=reference_of(refund),
        amount=refund.amount,
        words=_("waits to be sent"),
        is_sure=is_sure,
    )


def reference_of(refund: Refund) -> str:
    """What staff write on the transfer of a refund, so that it is found on the statement."""
    return f"REFUND {refund.payment.order.number}-{refund.pk}"


# Payments


def attempt(*, order: Order, amount: Decimal, now: dt.datetime) -> Payment:
    """The attempt that this sum on the bank account pays, whatever was asked for. Order locked."""
    code = methods.INVOICE if order.payment_method == methods.INVOICE else methods.TRANSFER
    rows = Payment.objects.filter(order=order, provider=code)
    for one in rows.filter(is_open=True).order_by("attempt"):
        if one.amount == amount:
            return one
        payments.close(payment=one, message=_("Another amount came."), now=now)
    last = rows.order_by("-attempt").first()
    payment = Payment.objects.create(
        order=order,
        provider=code,
        attempt=last.attempt + 1 if last else 1,
        amount=amount,
        currency=order.currency,
        created_at=now,
    )
    fact = Fact(
        PaymentEvent.Kind.CHARGE, PaymentEvent.Stage.REQUEST, amount, payment.idempotency_key
    )
    payments.record(payment=payment, fact=fact, now=now)
    return payment


def excess(order: Order) -> Decimal:
    """What came in beyond what the order costs, and has not gone back. Never below zero."""
    if order.status not in (Order.Status.CONFIRMED, Order.Status.COMPLETED):
        return ZERO
    rows = list(Payment.objects.filter(order=order))
    kept = sum((payments.give_back_left(one) for one in rows), ZERO)
    granted = sum(order.granted_refunds.values_list("total", flat=True), ZERO)
    return max(ZERO, kept - (order.total - granted))
