"""Giving money back: decided and written first, asked of the provider by a worker."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from payments.gateways.base import Refunded
from payments.gateways.stored_value import CODES
from payments.models import Payment, PaymentEvent, Refund
from payments.services import balances, payments, stored_value
from payments.services.balances import Cause
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
    """Decide a refund. The payment must be locked. Raises TooMuch.

    Money goes back the way it came. What a gift card or store credit paid is back on it at once,
    and the refund settled; any other waits for its provider's answer.
    """
    refund = _decide(payment, amount, Cause("", now, reason, actor))
    if payment.provider in CODES:
        _put_back(refund, now)
        settle(
            refund=refund, answer=Refunded(is_done=True, reference=payment.provider_ref), now=now
        )
    return refund


@transaction.atomic
def request_as_credit(
    *, payment: Payment, amount: Decimal, customer: Customer, cause: Cause
) -> Refund:
    """Give money back as store credit: the provider keeps it, the customer's balance grows.

    The payment must be locked. Raises TooMuch.
    """
    refund = _decide(payment, amount, cause)
    account = balances.credit_account(customer=customer, currency=payment.currency, now=cause.now)
    balances.credit(account=account, amount=amount, cause=_cause_of(refund, cause.now))
    answer = Refunded(is_done=True, reference=f"credit-{account.pk}-{refund.pk}")
    settle(refund=refund, answer=answer, now=cause.now)
    return refund


def _put_back(refund: Refund, now: dt.datetime) -> None:
    """Onto the account that paid, usable for a while even when it had run out."""
    account_id = stored_value.account_id(refund.payment)
    account = balances.lock([account_id])[account_id]
    balances.credit(account=account, amount=refund.amount, cause=_cause_of(refund, now))
    balances.keep_usable(account, now)


def _cause_of(refund: Refund, now: dt.datetime) -> Cause:
    return Cause(refund.idempotency_key, now, refund.reason, refund.requested_by)


def _decide(payment: Payment, amount: Decimal, cause: Cause) -> Refund:
    if amount > payment.charged - payment.refunded - payment.refund_pending:
        raise TooMuch(_("That is more than was paid and not given back yet."))
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=cause.reason,
        requested_by=cause.actor,
        requested_at=cause.now,
    )
    payments.record(
        payment=payment,
        fact=Fact(Kind.REFUND, Stage.REQUEST, amount, refund.idempotency_key, cause.reason),
        now=cause.now,
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
