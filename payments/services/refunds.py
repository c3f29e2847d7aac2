"""Giving money back: decided and written first, asked of the provider by a worker."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.gateways.base import Refunded
from payments.models import Payment, PaymentEvent, Refund
from payments.services import payments
from payments.services.payments import Fact
from shop.lib.errors import Refused

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


class TooMuch(Refused):
    """Raised when more would go back than came in."""


@transaction.atomic
def request(
    *, payment: Payment, amount: Decimal, reason: str, actor: User | None, now: dt.datetime
) -> Refund:
    """Decide a refund. The payment must be locked. Raises TooMuch."""
    if amount > payment.charged - payment.refunded - payment.refund_pending:
        raise TooMuch(_("That is more than was paid and not given back yet."))
    refund = Refund.objects.create(
        payment=payment, amount=amount, reason=reason, requested_by=actor, requested_at=now
    )
    payments.record(
        payment=payment,
        fact=Fact(Kind.REFUND, Stage.REQUEST, amount, refund.idempotency_key, reason),
        now=now,
    )
    return refund


@transaction.atomic
def settle(*, refund: Refund, answer: Refunded, now: dt.datetime) -> None:
    """Write down the provider's answer, once. Refund and payment must be locked."""
    if refund.status != Refund.Status.PENDING:
        return
    refund.status = Refund.Status.SUCCEEDED if answer.is_done else Refund.Status.FAILED
    refund.provider_ref = answer.reference
    refund.settled_at = now
    refund.save(update_fields=["status", "provider_ref", "settled_at"])
    stage = Stage.SUCCESS if answer.is_done else Stage.FAILURE
    payments.record(
        payment=refund.payment,
        fact=Fact(Kind.REFUND, stage, refund.amount, refund.idempotency_key, answer.message),
        now=now,
    )
