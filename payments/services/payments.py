"""Attempts to pay, and the log they are folded from."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import gateway
from payments.models import Payment, PaymentEvent, ValueAccount
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.outbox import delivery
from shop.outbox.models import post

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


class NothingLeft(Refused):
    """Raised when an attempt is opened for an order that is paid or held in full."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened at a provider."""

    kind: PaymentEvent.Kind
    stage: PaymentEvent.Stage
    amount: Decimal
    reference: str
    message: str = ""


def left_to_pay(order: Order) -> Decimal:
    """What no payment of the order has charged or holds."""
    sums = Payment.objects.filter(order=order).aggregate(
        charged=Sum("charged", default=ZERO), held=Sum("authorized", default=ZERO)
    )
    left: Decimal = order.total - sums["charged"] - sums["held"]
    return max(ZERO, left)


@transaction.atomic
def open_attempt(*, order: Order, provider: str, now: dt.datetime) -> Payment:
    """The attempt that may be charged for what is left: the open one, else the next.

    The request is on record before any provider hears of it, so that a crash leaves a trace.
    An open attempt at another amount is closed. Raises NothingLeft.
    """
    amount = left_to_pay(order)
    if not amount:
        raise NothingLeft(_("Nothing is left to pay."))
    attempts = Payment.objects.filter(order=order, provider=provider)
    if current := _current(attempts.filter(is_open=True), amount, now):
        return current
    last = attempts.aggregate(last=Max("attempt"))["last"] or 0
    payment = Payment.objects.create(
        order=order,
        provider=provider,
        attempt=last + 1,
        amount=amount,
        currency=order.currency,
        created_at=now,
    )
    record(
        payment=payment,
        fact=Fact(Kind.CHARGE, Stage.REQUEST, amount, payment.idempotency_key),
        now=now,
    )
    return payment


def _current(attempts: "QuerySet[Payment]", amount: Decimal, now: dt.datetime) -> Payment | None:
    """The newest open attempt at this amount; all at other amounts must not be paid any more."""
    found = None
    for payment in attempts.order_by("attempt"):
        if payment.amount == amount:
            found = payment
        else:
            stop(payment=payment, message=_("Another amount is to be paid."), now=now)
    return found


def stop(*, payment: Payment, message: str, now: dt.datetime) -> None:
    """Close an attempt; when a provider knows it, owe the provider the news first."""
    if not payment.provider_ref:
        close(payment=payment, message=message, now=now)
        return
    key = f"payment-{payment.pk}-close"
    post(topic="payments.close", key=key, payload={"payment_id": payment.pk}, now=now)
    delivery.ring()


def name_reference(*, payment: Payment, reference: str) -> None:
    """Keep what the provider calls this payment."""
    Payment.objects.filter(pk=payment.pk).update(provider_ref=reference)
    payment.provider_ref = reference


def lock(*, payment_id: int) -> Payment:
    """The payment, held for this transaction. Lock its order first."""
    found = locked(Payment.objects.filter(pk=payment_id))
    if not found:
        raise Payment.DoesNotExist(payment_id)
    return found[0]


@transaction.atomic
def record(*, payment: Payment, fact: Fact, now: dt.datetime) -> bool:
    """Add a fact to the log once, and fold the sums. False when it was known."""
    _row, is_new = PaymentEvent.objects.get_or_create(
        provider=payment.provider,
        provider_ref=fact.reference,
        kind=fact.kind,
        stage=fact.stage,
        defaults={
            "payment": payment,
            "amount": fact.amount,
            "message": fact.message[:200],
            "at": now,
        },
    )
    if is_new:
        _fold(payment)
    return is_new


def _fold(payment: Payment) -> None:
    rows = PaymentEvent.objects.filter(payment=payment)
    sums = {
        (kind, stage): amount
        for kind, stage, amount in rows.values_list("kind", "stage").annotate(Sum("amount"))
    }
    payment.charged = sums.get((Kind.CHARGE, Stage.SUCCESS), ZERO)
    payment.refunded = sums.get((Kind.REFUND, Stage.SUCCESS), ZERO)
    held = sums.get((Kind.AUTHORIZE, Stage.SUCCESS), ZERO)
    voided = sums.get((Kind.VOID, Stage.SUCCESS), ZERO)
    payment.authorized = max(ZERO, held - voided - payment.charged)
    asked = sums.get((Kind.REFUND, Stage.REQUEST), ZERO)
    refused = sums.get((Kind.REFUND, Stage.FAILURE), ZERO)
    payment.refund_pending = asked - payment.refunded - refused
    if payment.charged or voided:
        payment.is_open = False
    payment.save(update_fields=["authorized", "charged", "refunded", "refund_pending", "is_open"])


def close(*, payment: Payment, message: str, now: dt.datetime) -> None:
    """This attempt will not be charged any more."""
    payment.is_open = False
    payment.save(update_fields=["is_open"])
    record(
        payment=payment,
        fact=Fact(Kind.CHARGE, Stage.FAILURE, ZERO, payment.idempotency_key, message),
        now=now,
    )


def status_of(order: Order) -> str:
    """What the payments of an order add up to, as an Order.Payment value.

    While only a part is held, nothing has been paid yet: the rest may still be.
    """
    sums = Payment.objects.filter(order=order).aggregate(
        charged=Sum("charged", default=ZERO),
        refunded=Sum("refunded", default=ZERO),
        held=Sum("authorized", default=ZERO),
    )
    charged, refunded = sums["charged"], sums["refunded"]
    if refunded:
        full = refunded >= charged
        return Order.Payment.REFUNDED if full else Order.Payment.PARTIALLY_REFUNDED
    if charged >= order.total:
        return Order.Payment.PAID
    if charged + sums["held"] >= order.total:
        return Order.Payment.AUTHORIZED
    return Order.Payment.PARTIALLY_PAID if charged else Order.Payment.PENDING


@dataclass(frozen=True, slots=True)
class PaidWith:
    """One way an order is paid, as the buyer and staff read it."""

    name: str
    amount: Decimal
    is_held: bool


def paid_with(order: Order) -> list[PaidWith]:
    """What has paid for an order, or is held for it, in the order it did."""
    rows = Payment.objects.filter(Q(charged__gt=0) | Q(authorized__gt=0), order=order)
    return [
        PaidWith(_name(one), one.charged or one.authorized, is_held=not one.charged)
        for one in rows.order_by("pk")
    ]


def _name(payment: Payment) -> str:
    name = gateway(payment.provider).name
    if payment.provider != ValueAccount.Kind.GIFT_CARD:
        return name
    account = ValueAccount.objects.get(pk=payment.provider_ref.partition("-")[0])
    return f"{name} …{account.last4}"
