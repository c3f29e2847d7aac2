"""Refunding: let go of what is held, close what is open, give back what was charged."""

import datetime as dt

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways.base import Refunded
from payments.models import Payment, Refund
from payments.services import payments, refunds, stored_value
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.outbox import delivery as outbox
from shop.outbox.models import post


def give_back(*, payment: Payment, reason: str, actor: User | None, now: dt.datetime) -> None:
    """Owe the buyer what this payment still holds. Order and payment must be locked."""
    amount = payment.charged - payment.refunded - payment.refund_pending
    if amount <= ZERO:
        return
    refund = refunds.request(payment=payment, amount=amount, reason=reason, actor=actor, now=now)
    if refund.status == Refund.Status.SUCCEEDED:
        money_went_back(order=payment.order, now=now)
        return
    post(
        topic="payments.refund",
        key=refund.idempotency_key,
        payload={"refund_id": refund.pk},
        now=now,
    )
    outbox.ring()


@transaction.atomic(durable=True)
def refund_answered(*, refund_id: int, answer: Refunded, now: dt.datetime) -> None:
    """Write down what a provider said to a refund, and what that makes of the order."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    order = orders.lock(
        order_id=Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    )
    payment = payments.lock(payment_id=payment_id)
    refund = locked(Refund.objects.filter(pk=refund_id))[0]
    refund.payment = payment
    refunds.settle(refund=refund, answer=answer, now=now)
    money_went_back(order=order, now=now)


def money_went_back(*, order: Order, now: dt.datetime) -> None:
    """What refunds add up to, on the order. It must be locked."""
    paid_back = Payment.objects.filter(order=order).aggregate(total=Sum("refunded"))["total"]
    order.refunded = min(paid_back or ZERO, order.total)
    order.save(update_fields=["refunded"])
    orders.set_payment(order=order, status=payments.status_of(order), move=Move(now=now))


def stop_payments(*, order: Order, reason: str, actor: User | None, now: dt.datetime) -> None:
    """Let go of what is held, close what is still open at providers, give back what was charged."""
    stored_value.release(order=order, now=now)
    for payment in locked(Payment.objects.filter(order=order)):
        if payment.charged:
            give_back(payment=payment, reason=reason, actor=actor, now=now)
        elif payment.is_open and payment.provider_ref:
            key = f"payment-{payment.pk}-close"
            post(topic="payments.close", key=key, payload={"payment_id": payment.pk}, now=now)
            outbox.ring()
        elif payment.is_open:
            payments.close(payment=payment, message=reason, now=now)
