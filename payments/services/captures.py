"""Taking money that is held: decided and written first, asked of the provider by a worker."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.gateways.base import Captured
from payments.models import Capture, Payment, PaymentEvent
from payments.services import payments
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.outbox import delivery
from shop.outbox.models import post

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
Status = Capture.Status


class TooMuchTaken(Refused):
    """Raised when more is to be taken than is held, or nothing."""


@transaction.atomic
def request(
    *,
    payment: Payment,
    amount: Decimal,
    is_final: bool,
    actor: User | None,
    now: dt.datetime,
) -> Capture:
    """Decide to take a part of what is held, and owe the asking. The payment must be locked.

    is_final: what is left of the hold is let go with it. Raises TooMuchTaken.
    """
    if not ZERO < amount <= payments.take_left(payment):
        raise TooMuchTaken(_("That is more than is held and not being taken yet."))
    capture = Capture.objects.create(
        payment=payment, amount=amount, is_final=is_final, requested_by=actor, requested_at=now
    )
    fact = Fact(Kind.CHARGE, Stage.REQUEST, amount, capture.idempotency_key)
    payments.record(payment=payment, fact=fact, now=now)
    post(
        topic="payments.capture",
        key=capture.idempotency_key,
        payload={"capture_id": capture.pk},
        now=now,
    )
    delivery.ring()
    return capture


@transaction.atomic
def settle(*, capture: Capture, answer: Captured, now: dt.datetime) -> bool:
    """Write the provider's answer down, once. Capture and payment must be locked.

    True when that is news.
    """
    if capture.status != Status.PENDING or answer.is_pending:
        return False
    capture.status = Status.SUCCEEDED if answer.is_done else Status.FAILED
    capture.message, capture.settled_at = answer.message[:200], now
    capture.save(update_fields=["status", "message", "settled_at"])
    stage = Stage.SUCCESS if answer.is_done else Stage.FAILURE
    fact = Fact(Kind.CHARGE, stage, capture.amount, capture.idempotency_key, answer.message)
    payments.record(payment=capture.payment, fact=fact, now=now)
    if answer.is_done and capture.is_final:
        let_rest_go(payment=capture.payment, reference=capture.idempotency_key, now=now)
    return True


def let_rest_go(*, payment: Payment, reference: str, now: dt.datetime) -> None:
    """With its last part taken, nothing is held any more."""
    if payment.authorized > ZERO:
        fact = Fact(Kind.VOID, Stage.SUCCESS, payment.authorized, f"{reference}-rest")
        payments.record(payment=payment, fact=fact, now=now)


def pending(*, payment: Payment) -> list[Capture]:
    """What was asked and not answered, in the order it was; locked, as the payment must be."""
    found = locked(Capture.objects.filter(payment=payment, status=Status.PENDING))
    for capture in found:
        capture.payment = payment
    return found
