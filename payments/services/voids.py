"""Letting held money go: decided and written first, asked of the provider by a worker."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.gateways.base import Voided
from payments.models import Payment, PaymentEvent
from payments.services import payments
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.outbox import delivery
from shop.outbox.models import post

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


class NothingHeld(Refused):
    """Raised when a hold is to be let go that is not there, or of which a part is being taken."""


@transaction.atomic
def request(*, payment: Payment, reason: str, actor: User | None, now: dt.datetime) -> str:
    """Decide to let a hold go, and owe the asking. The payment must be locked.

    Returns the reference of the request; asking again while it waits changes nothing. What is
    being taken at this moment is waited for: raises NothingHeld.
    """
    if payment.authorized <= ZERO or payment.charge_pending:
        raise NothingHeld(_("Nothing is held, or a part of it is just being taken."))
    reference = reference_of(payment)
    by = {"by": actor.pk} if actor else {}
    fact = Fact(Kind.VOID, Stage.REQUEST, payment.authorized, reference, reason, data=by)
    if payments.record(payment=payment, fact=fact, now=now):
        post(topic="payments.void", key=reference, payload={"payment_id": payment.pk}, now=now)
        delivery.ring()
    return reference


def is_asked(payment: Payment) -> bool:
    """Whether a request waits for its answer."""
    asked = PaymentEvent.objects.filter(payment=payment, kind=Kind.VOID, stage=Stage.REQUEST)
    return payment.authorized > ZERO and asked.filter(provider_ref=reference_of(payment)).exists()


@transaction.atomic
def settle(*, payment: Payment, answer: Voided, now: dt.datetime) -> bool:
    """Write down that a hold is gone, or that it stays. The payment must be locked.

    True when that is news.
    """
    if answer.is_pending or payment.authorized <= ZERO:
        return False
    stage = Stage.SUCCESS if answer.is_done else Stage.FAILURE
    reference = reference_of(payment)
    fact = Fact(Kind.VOID, stage, payment.authorized, reference, answer.message)
    return payments.record(payment=payment, fact=fact, now=now)


def reference_of(payment: Payment) -> str:
    """Of the request that waits, else of the next one: each refusal begins another."""
    refused = PaymentEvent.objects.filter(payment=payment, kind=Kind.VOID, stage=Stage.FAILURE)
    return f"void-{payment.pk}-{refused.count() + 1}"
