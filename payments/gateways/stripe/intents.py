"""PaymentIntents: paying with a saved card, taking what is held, letting it go."""

from typing import Any

from payments.gateways.base import (
    Captured,
    GatewayUnreachable,
    Outcome,
    Refusal,
    Standing,
    Started,
    State,
    Voided,
)
from payments.gateways.stripe import reading, sessions
from payments.gateways.stripe.asked import Asked
from payments.gateways.stripe.client import asking
from payments.models import Capture, Payment
from shop.lib.money import to_minor


def pay_saved(payment: Payment, asked: Asked) -> Started:
    """Charge a saved card while its owner is here; their bank may want to see them first."""
    try:
        with asking() as stripe:
            answer = stripe.v1.payment_intents.create(
                _params(payment, asked),  # type: ignore[arg-type]
                {"idempotency_key": payment.idempotency_key},
            )
    except Refusal as refusal:
        intent = reading.whole(refusal.error.get("payment_intent"))
        if not intent:
            raise
        declined = reading.declined_ref(intent, dict(refusal.error))
        return Started(asked.cancel_url, str(intent["id"]), refusal.words, declined)
    return _started(answer.to_dict(), asked)


def _params(payment: Payment, asked: Asked) -> dict[str, Any]:
    return {
        "amount": to_minor(payment.amount, payment.currency),
        "currency": payment.currency.lower(),
        "customer": asked.customer,
        "payment_method": asked.card,
        "payment_method_types": ["card"],
        "confirm": True,
        "return_url": asked.return_url,
        "capture_method": "manual" if payment.is_manual else "automatic",
        "description": asked.words,
        "metadata": sessions.own(payment),
        **sessions.manual(payment),
    }


def _started(intent: dict[str, Any], asked: Asked) -> Started:
    if intent.get("status") == "requires_payment_method":
        found = reading.of_intent(intent)
        return Started(asked.cancel_url, found.reference, found.message, found.declined_ref)
    action = reading.whole(intent.get("next_action"))
    bank = reading.whole(action.get("redirect_to_url")).get("url")
    return Started(url=str(bank or asked.return_url), reference=str(intent["id"]))


def fetch(reference: str) -> dict[str, Any]:
    with asking() as stripe:
        intent = stripe.v1.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})
    return intent.to_dict()


def standing_of(reference: str) -> Standing:
    return reading.of_intent(fetch(reference))


def standing(reference: str) -> Standing:
    """An intent of ours that no page belongs to. A card that was refused ends it for good."""
    intent = fetch(reference)
    found = reading.of_intent(intent)
    if intent.get("status") != "requires_payment_method" or not found.message:
        return found
    cancel(reference)
    return Standing(
        State.CLOSED,
        found.amount,
        found.currency,
        found.reference,
        found.message,
        charge_ref=found.charge_ref,
        declined_ref=found.declined_ref,
    )


def cancel(reference: str) -> None:
    """End an intent that holds nothing; one that was paid meanwhile stays as it is."""
    try:
        with asking() as stripe:
            stripe.v1.payment_intents.cancel(reference)
    except Refusal:
        return  # its standing tells


def capture(capture: Capture) -> Captured:
    payment = capture.payment
    params = {
        "amount_to_capture": to_minor(capture.amount, payment.currency),
        "metadata": {"capture": str(capture.pk)},
    }
    if not capture.is_final:
        # Without the word the first part would be the last: the rest of the hold is let go.
        params["final_capture"] = False
    try:
        with asking() as stripe:
            answer = stripe.v1.payment_intents.capture(
                payment.charge_ref,
                params,  # type: ignore[arg-type]
                {"idempotency_key": capture.idempotency_key},
            )
    except Refusal as refusal:
        return Captured(Outcome.REFUSED, message=refusal.words)
    return Captured(Outcome.DONE, answer.id)


def void(payment: Payment) -> Voided:
    """Let the hold go. What was taken out of it before stays taken."""
    try:
        with asking() as stripe:
            answer = stripe.v1.payment_intents.cancel(
                payment.charge_ref, {"cancellation_reason": "abandoned"}
            )
    except Refusal as refusal:
        return _let_go_before(payment, refusal)
    return Voided(Outcome.DONE, answer.id)


def _let_go_before(payment: Payment, refusal: Refusal) -> Voided:
    """A no may mean that it is done: the hold ran out, or an answer was lost on its way."""
    intent = reading.whole(refusal.error.get("payment_intent")) or fetch(payment.charge_ref)
    if intent.get("status") == "canceled":
        return Voided(Outcome.DONE, payment.charge_ref)
    if intent.get("status") == "processing":
        raise GatewayUnreachable(refusal.words)
    return Voided(Outcome.REFUSED, message=refusal.words)
