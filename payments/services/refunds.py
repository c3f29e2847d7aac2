"""Money that goes back: decided and written first, asked of the provider by a worker.

It goes the way it came, onto a balance with the shop, or leaves the shop's bank by hand.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from payments.gateways import BALANCES, ELSEWHERE, GATEWAYS, gateway
from payments.gateways.base import Outcome, Refunded
from payments.models import GrantedRefund, Payment, PaymentEvent, Refund, ValueAccount
from payments.services import balances, payments, stored_value
from payments.services.balances import Cause
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.money import ZERO

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
Status = Refund.Status
# How the reference of a refund begins that left by hand whatever it was paid with, and of one
# that went onto a balance.
HAND = "hand-"
CREDIT = "credit-"
# Puts an amount onto a balance and says which.
Receiver = Callable[[Decimal, Cause], ValueAccount]


class TooMuch(Refused):
    """Raised when more would go back than came in."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a refund goes back on one payment."""

    payment: Payment
    amount: Decimal


def parts_of(rows: Iterable[Payment], amount: Decimal) -> list[Part]:
    """Spread a refund over payments: what a provider charged first, the newest before the rest.

    Raises TooMuch.
    """
    found = []
    for payment in sorted(rows, key=lambda one: (one.provider in BALANCES, -one.pk)):
        if (share := min(amount, payments.give_back_left(payment))) > ZERO:
            found.append(Part(payment, share))
            amount -= share
    if amount > ZERO:
        raise TooMuch(_("That is more than was paid and not given back or disputed yet."))
    return found


@transaction.atomic
def request(
    *,
    payment: Payment,
    amount: Decimal,
    reason: str,
    actor: User | None,
    now: dt.datetime,
    grant: GrantedRefund | None = None,
) -> Refund:
    """Decide a refund. The payment must be locked. Raises TooMuch.

    Money goes back the way it came. What a gift card or store credit paid is back on it at once,
    and the refund settled; any other waits for its provider's answer, or for a person's word.
    """
    refund = _decide(payment, amount, Cause("", now, reason, actor), grant)
    if payment.provider in BALANCES:
        _put_back(refund, now)
        answer = Refunded(Outcome.DONE, payment.provider_ref)
        settle(refund=refund, answer=answer, now=now)
    return refund


@transaction.atomic
def request_by_hand(
    *, payment: Payment, amount: Decimal, cause: Cause, grant: GrantedRefund | None = None
) -> Refund:
    """Decide a refund that somebody sends from the shop's bank, whatever it was paid with.

    The payment must be locked. Raises TooMuch.
    """
    return _decide(payment, amount, cause, grant, reference=HAND)


@transaction.atomic
def request_onto(
    *,
    payment: Payment,
    amount: Decimal,
    onto: Receiver,
    cause: Cause,
    grant: GrantedRefund | None = None,
) -> Refund:
    """Give money back onto a balance: the provider keeps it, the balance grows.

    The payment must be locked. Raises TooMuch.
    """
    refund = _decide(payment, amount, cause, grant)
    account = onto(amount, _cause_of(refund, cause.now))
    answer = Refunded(Outcome.DONE, f"{CREDIT}{account.pk}-{refund.pk}")
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


def _decide(
    payment: Payment,
    amount: Decimal,
    cause: Cause,
    grant: GrantedRefund | None,
    *,
    reference: str = "",
) -> Refund:
    if amount > payments.give_back_left(payment):
        raise TooMuch(_("That is more than was paid and not given back yet."))
    refund = Refund.objects.create(
        payment=payment,
        grant=grant,
        amount=amount,
        reason=cause.reason[:200],
        provider_ref=reference,
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
def settle(*, refund: Refund, answer: Refunded, now: dt.datetime) -> bool:
    """Write down how a refund stands. Refund and payment must be locked. True when that is news.

    One that was done may fail later: its money is back with the provider then. What failed stays
    so; paying it again is another refund.
    """
    if answer.is_pending:
        _name(refund, answer)
        return False
    status = Status.SUCCEEDED if answer.is_done else Status.FAILED
    if refund.status in (status, Status.FAILED):
        return False
    refund.status, refund.settled_at = status, now
    refund.provider_ref = answer.reference or refund.provider_ref
    refund.message = answer.message[:200]
    refund.save(update_fields=["status", "provider_ref", "message", "settled_at"])
    stage = Stage.SUCCESS if answer.is_done else Stage.FAILURE
    fact = Fact(Kind.REFUND, stage, refund.amount, refund.idempotency_key, answer.message)
    payments.record(payment=refund.payment, fact=fact, now=now)
    return True


def _name(refund: Refund, answer: Refunded) -> None:
    """Keep what the provider calls a refund that it is still at."""
    if refund.status == Status.PENDING and answer.reference and not is_by_hand(refund):
        refund.provider_ref = answer.reference
        refund.save(update_fields=["provider_ref"])


# By hand


def goes_by_hand(payment: Payment) -> bool:
    """Whether a person has to send it back: nobody else can."""
    return payment.provider not in BALANCES and not gateway(payment.provider).is_online


def is_by_hand(refund: Refund) -> bool:
    """Whether a person sends it, or has."""
    return refund.provider_ref.startswith(HAND) or goes_by_hand(refund.payment)


def sent_by_hand() -> Q:
    """Refunds that a person sends."""
    codes = [code for code, one in (GATEWAYS | ELSEWHERE).items() if not one.is_online]
    return Q(provider_ref__startswith=HAND) | Q(payment__provider__in=codes)


def unpaid() -> Q:
    """Refunds whose money has not arrived: on the way, or failed with nothing instead."""
    later = Refund.objects.filter(payment__order=OuterRef("payment__order"), pk__gt=OuterRef("pk"))
    instead = later.exclude(status=Status.FAILED).filter(
        Q(grant=OuterRef("grant")) | Q(grant=None, payment=OuterRef("payment"))
    )
    return Q(status=Status.PENDING) | Q(~Exists(instead), status=Status.FAILED)
