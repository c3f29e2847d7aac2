"""Checkout Sessions: Stripe's hosted page.

Wallets (Apple Pay, Google Pay, Link) come with that page, on devices that have them: which are
offered is a switch in Stripe's dashboard, and to us each of them is a card.
"""

import datetime as dt
from typing import Any

from payments.gateways.base import Refusal, Standing, Started
from payments.gateways.stripe import reading
from payments.gateways.stripe.asked import Asked
from payments.gateways.stripe.client import asking
from payments.models import Payment
from shop.lib.money import to_minor

# As long as a page is open. Stripe takes no less than half an hour.
OPEN_FOR = dt.timedelta(minutes=45)
WHOLE = ["payment_intent.latest_charge"]


def start(payment: Payment, asked: Asked) -> Started:
    with asking() as stripe:
        session = stripe.v1.checkout.sessions.create(
            _params(payment, asked),  # type: ignore[arg-type]
            {"idempotency_key": payment.idempotency_key},
        )
    return Started(url=str(session.url), reference=session.id)


def standing(reference: str) -> Standing:
    return reading.of_session(fetch(reference))


def fetch(reference: str) -> dict[str, Any]:
    with asking() as stripe:
        session = stripe.v1.checkout.sessions.retrieve(reference, {"expand": WHOLE})
    return session.to_dict()


def close(payment: Payment) -> None:
    try:
        with asking() as stripe:
            stripe.v1.checkout.sessions.expire(payment.provider_ref)
    except Refusal:
        return  # paid or expired by now: the next look at its standing tells


def manual(payment: Payment) -> dict[str, Any]:
    """What makes a payment a hold first, taken in parts where the card's bank allows it."""
    if not payment.is_manual:
        return {}
    return {"payment_method_options": {"card": {"request_multicapture": "if_available"}}}


def own(payment: Payment) -> dict[str, str]:
    """By which names of ours Stripe's objects tell whose they are."""
    return {"order": payment.order.number, "payment": str(payment.pk)}


def _params(payment: Payment, asked: Asked) -> dict[str, Any]:
    intent: dict[str, Any] = {"metadata": own(payment)}
    if payment.is_manual:
        intent["capture_method"] = "manual"
    return {
        "mode": "payment",
        "client_reference_id": payment.order.number,
        "success_url": asked.return_url,
        "cancel_url": asked.cancel_url,
        "expires_at": int((payment.created_at + OPEN_FOR).timestamp()),
        "metadata": own(payment),
        "payment_intent_data": intent,
        "line_items": [_line_item(payment, asked)],
        **_buyer(asked),
        **manual(payment),
    }


def _buyer(asked: Asked) -> dict[str, Any]:
    """Whoever is signed in may keep the card with Stripe; the page asks them."""
    if not asked.customer:
        return {"customer_email": asked.email}
    return {
        "customer": asked.customer,
        "saved_payment_method_options": {"payment_method_save": "enabled"},
    }


def _line_item(payment: Payment, asked: Asked) -> dict[str, Any]:
    return {
        "quantity": 1,
        "price_data": {
            "currency": payment.currency.lower(),
            "unit_amount": to_minor(payment.amount, payment.currency),
            "product_data": {"name": asked.words},
        },
    }
