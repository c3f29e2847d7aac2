"""Attempts to pay, and the log they are folded from."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum

from orders.models import Order
from payments.models import Payment, PaymentEvent
from shop.lib.locks import locked
from shop.lib.money import ZERO

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened at a provider."""

    kind: PaymentEvent.Kind
    stage: PaymentEvent.Stage
    amount: Decimal
    reference: str
    message: str = ""


@transaction.atomic
def open_attempt(*, order: Order, provider: str, now: dt.datetime) -> Payment:
    """The attempt that may be charged for this order: the open one, else the next.

    The request is on record before any provider hears of it, so that a crash leaves a trace.
    """
    attempts = Payment.objects.filter(order=order, provider=provider)
    current = attempts.filter(is_open=True, amount=order.total).order_by("-attempt").first()
    if current:
        return current
    last = attempts.aggregate(last=Max("attempt"))["last"] or 0
    payment = Payment.objects.create(
        order=order,
        provider=provider,
        attempt=last + 1,
        amount=order.total,
        currency=order.currency,
        created_at=now,
    )
    record(
        payment=payment,
        fact=Fact(Kind.CHARGE, Stage.REQUEST, order.total, payment.idempotency_key),
        now=now,
    )
    return payment


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
    _event, is_new = PaymentEvent.objects.get_or_create(
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
    asked = sums.get((Kind.REFUND, Stage.REQUEST), ZERO)
    refused = sums.get((Kind.REFUND, Stage.FAILURE), ZERO)
    payment.refund_pending = asked - payment.refunded - refused
    if payment.charged:
        payment.is_open = False
    payment.save(update_fields=["charged", "refunded", "refund_pending", "is_open"])


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
    """What the payments of an order add up to, as an Order.Payment value."""
    sums = Payment.objects.filter(order=order).aggregate(
        charged=Sum("charged", default=ZERO), refunded=Sum("refunded", default=ZERO)
    )
    charged, refunded = sums["charged"], sums["refunded"]
    if refunded:
        full = refunded >= charged
        return Order.Payment.REFUNDED if full else Order.Payment.PARTIALLY_REFUNDED
    if charged >= order.total:
        return Order.Payment.PAID
    return Order.Payment.PARTIALLY_PAID if charged else Order.Payment.PENDING
