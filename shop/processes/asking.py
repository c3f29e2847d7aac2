"""Asking: providers are asked for what was decided, and about what they never told.

All of it talks to the provider, outside transactions, under keys made from our own rows; what it
answers is written by the process it belongs to, each in a transaction of its own. So any of it may
break off at any point, and is asked once more by the clock.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from payments.gateways import BALANCES, gateway
from payments.gateways.base import GatewayUnreachable, NotKnown, Outcome
from payments.gateways.stripe import find_attempt
from payments.models import Capture, Payment, PaymentEvent
from payments.services import payments, starting, voids
from shop.processes import capturing, checkout

# Nobody has answered for so long: the task is lost, or the provider was.
OVERDUE = dt.timedelta(minutes=2)
# The provider forgets a key after a day: for older calls it is looked what became of them.
KEY_LASTS = dt.timedelta(hours=20)


# How a payment stands


def ask_about(*, payment: Payment, now: dt.datetime) -> None:
    """One question to one provider. Raises GatewayUnreachable."""
    standing = gateway(payment.provider).standing(payment)
    Payment.objects.filter(pk=payment.pk).update(checked_at=now)
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=now)


def name(*, payment: Payment, now: dt.datetime) -> bool:
    """Learn what the provider calls an attempt whose answer was lost. Raises GatewayUnreachable.

    While its order waits for the money it is begun under the key it had: the provider tells what
    it did the first time, or does it now. Otherwise it is only looked for. False when there is
    nothing to ask about.
    """
    is_young = now - payment.created_at < KEY_LASTS
    if is_young and payment.order.can_be_paid and payments.left_to_pay(payment.order):
        return bool(starting.go_on(payment=payment, now=now).reference)
    return _find(payment, now)


def _find(payment: Payment, now: dt.datetime) -> bool:
    """Look for an attempt by our own name, and close it when the provider never heard of it."""
    if reference := find_attempt(payment):
        payments.name_reference(payment=payment, reference=reference)
        return True
    _close_unknown(payment, now)
    return False


@transaction.atomic(durable=True)
def _close_unknown(payment: Payment, now: dt.datetime) -> None:
    found = payments.lock(payment_id=payment.pk)
    if found.is_open and not found.provider_ref:
        payments.close(payment=found, message="", now=now)


def close(*, payment: Payment, now: dt.datetime) -> None:
    """Shut a provider's open page, and see whether somebody was faster. Raises GatewayUnreachable."""
    if not payment.is_open or not (payment.provider_ref or _find(payment, now)):
        return
    gateway(payment.provider).close(payment)
    ask_about(payment=payment, now=now)


# What is held


def capture(*, capture: Capture, now: dt.datetime) -> None:
    """Ask for a part of what is held, and write the answer down. Raises GatewayUnreachable."""
    if now - capture.requested_at > KEY_LASTS:
        ask_about(payment=capture.payment, now=now)
        capture.refresh_from_db(fields=["status"])
    if capture.status != Capture.Status.PENDING:
        return
    answer = gateway(capture.payment.provider).capture(capture)
    capturing.capture_answered(capture_id=capture.pk, answer=answer, now=now)
    # A no may mean that the hold is gone: its standing tells.
    if answer.outcome == Outcome.REFUSED:
        ask_about(payment=capture.payment, now=now)


def void(*, payment: Payment, now: dt.datetime) -> None:
    """Ask to let a hold go, and write the answer down. Raises GatewayUnreachable."""
    if not voids.is_asked(payment):
        return
    answer = gateway(payment.provider).void(payment)
    capturing.void_answered(payment_id=payment.pk, answer=answer, now=now)
    if answer.outcome == Outcome.REFUSED:
        ask_about(payment=payment, now=now)


# By the clock


def catch_up(*, now: Callable[[], dt.datetime], limit: int = 50) -> None:
    """Ask about payments that nobody told of. Each is claimed first: two clocks share the work."""
    for payment in Payment.objects.waiting(now=now()).select_related("order")[:limit]:
        unasked = Payment.objects.filter(pk=payment.pk, checked_at=payment.checked_at)
        if unasked.update(checked_at=now()):
            _quietly(lambda one: _look(one, now()), payment)


def _look(payment: Payment, now: dt.datetime) -> None:
    if payment.provider_ref or name(payment=payment, now=now):
        ask_about(payment=payment, now=now)


def sweep(*, now: Callable[[], dt.datetime], limit: int = 50) -> None:
    """Ask once more for captures and voids that have had no answer for two minutes."""
    before = now() - OVERDUE
    lost = Capture.objects.filter(status=Capture.Status.PENDING, requested_at__lte=before)
    for asked in lost.select_related("payment__order").order_by("pk")[:limit]:
        _quietly(lambda one: capture(capture=one, now=now()), asked)
    asked_to_void = PaymentEvent.objects.filter(
        kind=PaymentEvent.Kind.VOID, stage=PaymentEvent.Stage.REQUEST, at__lte=before
    )
    held = Payment.objects.filter(authorized__gt=0).exclude(provider__in=BALANCES)
    for payment in held.filter(pk__in=asked_to_void.values("payment")).order_by("pk")[:limit]:
        _quietly(lambda one: void(payment=one, now=now()), payment)


def _quietly(ask: Callable[..., None], about: Payment | Capture) -> None:
    """An unclear answer to one question must not keep the others waiting."""
    try:
        ask(about)
    except (GatewayUnreachable, NotKnown):
        return
