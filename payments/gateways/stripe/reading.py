"""What Stripe's objects say, in our words. Nothing here asks anybody."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from payments.gateways.base import Standing, State
from shop.lib.money import from_minor

Json = dict[str, Any]
# Of an intent: what its status is to us. The others wait for the buyer or their bank.
STATES = {
    "succeeded": State.CHARGED,
    "requires_capture": State.AUTHORIZED,
    "canceled": State.CLOSED,
}


def money(value: Any, currency: str) -> Decimal:
    """An amount in minor units, as we write it."""
    return from_minor(int(value or 0), currency) if currency else Decimal(0)


def moment(value: Any) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(value or 0), tz=dt.UTC)


def id_of(value: Any) -> str:
    """The name of something that Stripe gives whole or by name."""
    return str(value.get("id") or "") if isinstance(value, dict) else str(value or "")


def whole(value: Any) -> Json:
    """Something that was asked for whole; empty when it is there by name only."""
    return value if isinstance(value, dict) else {}


def of_session(session: Json) -> Standing:
    """A Checkout Session, with its intent and charge where there are some."""
    if intent := whole(session.get("payment_intent")):
        found = of_intent(intent)
        if found.state != State.OPEN:
            return found
    else:
        currency = str(session.get("currency") or "").upper()
        found = Standing(
            State.OPEN, money(session.get("amount_total"), currency), currency, str(session["id"])
        )
    if session.get("status") == "expired" or _is_past(session):
        return _closed(found)
    return found


def _closed(found: Standing) -> Standing:
    return Standing(
        State.CLOSED,
        found.amount,
        found.currency,
        found.reference,
        found.message,
        charge_ref=found.charge_ref,
    )


def _is_past(session: Json) -> bool:
    expires_at = int(session.get("expires_at") or 0)
    is_open = session.get("status") == "open"
    return is_open and 0 < expires_at < int(timezone.now().timestamp())


def of_intent(intent: Json) -> Standing:
    """A PaymentIntent, with its latest charge."""
    currency = str(intent.get("currency") or "").upper()
    error = whole(intent.get("last_payment_error"))
    charge = whole(intent.get("latest_charge"))
    state = STATES.get(str(intent.get("status")), State.OPEN)
    return Standing(
        state=state,
        amount=money(intent.get("amount"), currency),
        currency=currency,
        reference=str(intent["id"]),
        message=str(error.get("message") or "")[:200],
        captured=money(intent.get("amount_received"), currency),
        charge_ref=str(intent["id"]),
        card=card_of(charge),
        fingerprint=str(_card(charge).get("fingerprint") or ""),
        declined_ref=declined_ref(intent, error),
    )


def declined_ref(intent: Json, error: Json) -> str:
    """The name of a try that was refused: its charge, which a bank's own no does not leave."""
    if not error:
        return ""
    return str(error.get("charge") or id_of(intent.get("latest_charge")) or intent["id"])


def _card(charge: Json) -> Json:
    return whole(whole(charge.get("payment_method_details")).get("card"))


def card_of(charge: Json) -> Json:
    """What is kept of a card: enough to name it and to judge a risk, and nothing more."""
    card, outcome = _card(charge), whole(charge.get("outcome"))
    if not card:
        return {}
    checks = whole(card.get("checks"))
    found = {name: card.get(name) for name in ("brand", "last4", "country", "funding")}
    found |= {name: outcome.get(name) for name in ("risk_level", "risk_score")}
    found["checks"] = {
        "cvc": checks.get("cvc_check"),
        "postcode": checks.get("address_postal_code_check"),
    }
    if before := card.get("capture_before"):
        found["capture_before"] = before
    return {name: value for name, value in found.items() if value is not None}
