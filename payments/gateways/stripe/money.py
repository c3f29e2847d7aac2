"""Giving money back."""

import datetime as dt
from typing import Any

from django.utils import timezone

from payments.gateways.base import Outcome, Refunded, Refusal
from payments.gateways.stripe import sessions
from payments.gateways.stripe.client import asking
from payments.gateways.stripe.reading import id_of
from payments.models import Payment, Refund
from shop.lib.money import to_minor

# Stripe forgets a key after a day: an older call is looked for before it is made again.
KEY_LASTS = dt.timedelta(hours=20)
OUTCOMES = {
    "succeeded": Outcome.DONE,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}


def refund(refund: Refund) -> Refunded:
    payment = refund.payment
    if refund.provider_ref:
        return standing(refund.provider_ref)
    intent = payment.charge_ref or id_of(sessions.fetch(payment.provider_ref)["payment_intent"])
    if timezone.now() - refund.requested_at > KEY_LASTS and (known := _made(intent, refund)):
        return answer_of(known)
    return _make(intent, refund, payment)


def _make(intent: str, refund: Refund, payment: Payment) -> Refunded:
    try:
        with asking() as stripe:
            answer = stripe.v1.refunds.create(
                {
                    "payment_intent": intent,
                    "amount": to_minor(refund.amount, payment.currency),
                    "metadata": {"refund": str(refund.pk), "order": payment.order.number},
                },
                {"idempotency_key": refund.idempotency_key},
            )
    except Refusal as refusal:
        return Refunded(Outcome.REFUSED, message=refusal.words)
    return answer_of(answer.to_dict())


def _made(intent: str, refund: Refund) -> dict[str, Any] | None:
    own = str(refund.pk)
    return next(
        (one for one in refunds_of(intent) if (one.get("metadata") or {}).get("refund") == own),
        None,
    )


def refunds_of(intent: str) -> list[dict[str, Any]]:
    """All refunds of a payment, those that were made at Stripe's own pages too."""
    with asking() as stripe:
        page = stripe.v1.refunds.list({"payment_intent": intent, "limit": 100})
        return [one.to_dict() for one in page.auto_paging_iter()]


def fetch(reference: str) -> dict[str, Any]:
    with asking() as stripe:
        return stripe.v1.refunds.retrieve(reference).to_dict()


def standing(reference: str) -> Refunded:
    return answer_of(fetch(reference))


def answer_of(refund: dict[str, Any]) -> Refunded:
    outcome = OUTCOMES.get(str(refund.get("status")), Outcome.PENDING)
    return Refunded(outcome, str(refund["id"]), str(refund.get("failure_reason") or ""))
