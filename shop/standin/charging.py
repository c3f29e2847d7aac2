"""Where money moves: a card pays or refuses, and what it promised is taken in one part or more."""

from typing import NoReturn

from shop.standin import balance, cards, disputes, methods, params
from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, invalid, unknown, wrong_state
from shop.standin.objects import Charge, Intent, Method
from shop.standin.params import Params

# How long a bank keeps an amount aside for us.
AUTHORISED_FOR_S = 7 * 86_400
_CAPTURE = {
    "amount_to_capture", "expand", "final_capture", "metadata", "statement_descriptor",
    "statement_descriptor_suffix",
}  # fmt: skip
_CODES = {
    "authentication_failure": ("payment_intent_authentication_failure", "Authentication failed."),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
}
# Said by the shopper's bank or for want of it: no charge was tried.
_WITHOUT_CHARGE = {"authentication_failure", "authentication_required"}


def pay(desk: Desk, intent: Intent, method: Method, *, late_s: float = 0.0) -> None:
    """Charge the card. Raises ApiError (402) when it declines."""
    card = cards.by_token(method.token)
    intent.payment_method, intent.next_action = method.id, None
    if card.decline_code:
        refuse(desk, intent, card.decline_code, method)
    method.is_spent = True
    desk.store.save(method)
    _keep_when_asked(desk, intent, method)
    charge = _charge(desk, intent, method)
    intent.latest_charge, intent.last_payment_error = charge.id, None
    if charge.captured:
        balance.take(desk, charge, charge.amount)
        intent.status, intent.amount_received = "succeeded", intent.amount
        kind = "payment_intent.succeeded"
    else:
        intent.status, intent.amount_capturable = "requires_capture", intent.amount
        kind = "payment_intent.amount_capturable_updated"
    desk.store.save(charge)
    desk.store.save(intent)
    desk.announce(kind, intent, late_s=late_s)
    desk.announce("charge.succeeded", charge, late_s=late_s)
    if charge.captured:
        disputes.open_when_its_card_does(desk, charge)


def _keep_when_asked(desk: Desk, intent: Intent, method: Method) -> None:
    if intent.setup_future_usage and intent.customer:
        methods.keep(desk, method, intent.customer)


def _charge(desk: Desk, intent: Intent, method: Method) -> Charge:
    card = cards.by_token(method.token)
    is_manual = intent.capture_method == "manual"
    details = card.details()
    charge = Charge(
        id=new_id("ch"),
        created=desk.now(),
        payment_intent=intent.id,
        amount=intent.amount,
        currency=intent.currency,
        brand=card.brand,
        last4=card.last4,
        captured=not is_manual,
        customer=intent.customer,
        payment_method=method.id,
        capture_before=desk.now() + AUTHORISED_FOR_S if is_manual else 0,
        is_multicapture=intent.is_multicapture,
        card={name: details[name] for name in details.keys() - {"brand", "last4"}},
        outcome=card.outcome(),
        billing_details=dict(method.billing_details),
        metadata=dict(intent.metadata),
    )
    desk.store.save(charge)
    return charge


def ask_bank(desk: Desk, intent: Intent, method: Method) -> None:
    """Wait for the shopper's bank: on its page when there is an address to lead back to."""
    intent.payment_method, intent.status = method.id, "requires_action"
    if intent.return_url:
        url = f"{desk.public_url}/authenticate/{intent.id}"
        redirect = {"url": url, "return_url": intent.return_url}
        intent.next_action = {"type": "redirect_to_url", "redirect_to_url": redirect}
    else:
        intent.next_action = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    desk.store.save(intent)
    desk.announce("payment_intent.requires_action", intent)


def refuse(desk: Desk, intent: Intent, decline_code: str, method: Method | None) -> NoReturn:
    """Note that the card or its bank said no, and raise the ApiError (402) for it."""
    error = _card_error(decline_code)
    intent.status, intent.next_action = "requires_payment_method", None
    intent.payment_method = ""
    charge = None
    if method and decline_code not in _WITHOUT_CHARGE:
        charge = _failed_charge(desk, intent, method, error)
    error.about = {"payment_method": method.public()} if method else {}
    if charge:
        error.about["charge"] = intent.latest_charge = charge.id
    intent.last_payment_error = error.body()["error"]
    desk.store.save(intent)
    error.about["payment_intent"] = intent.public()
    desk.announce("payment_intent.payment_failed", intent)
    if charge:
        desk.announce("charge.failed", charge)
    raise error


def _failed_charge(desk: Desk, intent: Intent, method: Method, error: ApiError) -> Charge:
    charge = _charge(desk, intent, method)
    charge.status, charge.captured, charge.amount_captured = "failed", False, 0
    charge.failure_code, charge.failure_message = error.code, error.message
    if charge.outcome["type"] == "authorized":
        # A good card, declined because the page was told so.
        charge.outcome |= {"type": "issuer_declined", "network_status": "declined_by_network"}
    desk.store.save(charge)
    return charge


def _card_error(decline_code: str) -> ApiError:
    code, message = _CODES.get(decline_code, ("card_declined", "Your card was declined."))
    return ApiError(
        message,
        status=402,
        code=code,
        kind="card_error",
        decline_code=decline_code,
        executed=True,
    )


def capture(desk: Desk, intent: Intent, given: Params) -> Intent:
    """Take what was authorised, or a part of it; the last part lets go of the rest."""
    for name in given.keys() - _CAPTURE:
        raise unknown(name)
    if intent.status != "requires_capture":
        raise unexpected(intent, "captured")
    is_final = params.text(given, "final_capture", default="true") != "false"
    if not is_final and not intent.is_multicapture:
        message = "This PaymentIntent can be captured once only: it has no multicapture."
        raise invalid("final_capture", message)
    amount = params.integer(given, "amount_to_capture", default=intent.amount_capturable)
    if not 0 < amount <= intent.amount_capturable:
        message = "The amount to capture must be positive and no more than what is left."
        raise invalid("amount_to_capture", message, code="amount_too_large")
    intent.metadata |= params.metadata(given)
    charge = desk.store.charges[intent.latest_charge]
    charge.captured = True
    charge.amount_captured += amount
    balance.take(desk, charge, amount)
    desk.store.save(charge)
    intent.amount_received += amount
    intent.amount_capturable -= amount
    if is_final or not intent.amount_capturable:
        _captured_all(desk, intent, charge)
    else:
        desk.store.save(intent)
        desk.announce("charge.updated", charge)
        desk.announce("payment_intent.amount_capturable_updated", intent)
    return intent


def _captured_all(desk: Desk, intent: Intent, charge: Charge) -> None:
    intent.status, intent.amount_capturable = "succeeded", 0
    desk.store.save(intent)
    for session in desk.store.sessions.values():
        if session.payment_intent == intent.id:
            session.payment_status = "paid"
            desk.store.save(session)
    desk.announce("charge.captured", charge)
    desk.announce("payment_intent.succeeded", intent)
    disputes.open_when_its_card_does(desk, charge)


def let_go(desk: Desk, intent: Intent, *, reason: str) -> Intent:
    """Release what is held. What was captured before stays, and the intent has succeeded then."""
    if intent.status in {"succeeded", "canceled"}:
        raise unexpected(intent, "canceled")
    if intent.amount_received:
        _captured_all(desk, intent, desk.store.charges[intent.latest_charge])
        return intent
    intent.status, intent.amount_capturable, intent.next_action = "canceled", 0, None
    intent.canceled_at, intent.cancellation_reason = desk.now(), reason
    desk.store.save(intent)
    desk.announce("payment_intent.canceled", intent)
    return intent


def expire_due(desk: Desk) -> None:
    """Let go of every authorisation the bank keeps no longer."""
    with desk.store.transaction():
        for intent in list(desk.store.intents.values()):
            charge = desk.store.charges.get(intent.latest_charge)
            if charge and intent.status == "requires_capture" and _is_over(desk, charge):
                let_go(desk, intent, reason="expired")
                desk.announce("charge.expired", charge)


def _is_over(desk: Desk, charge: Charge) -> bool:
    return 0 < charge.capture_before <= desk.now()


def unexpected(intent: Intent, verb: str) -> ApiError:
    message = f"This PaymentIntent could not be {verb} because it has a status of {intent.status}."
    return wrong_state(message, code="payment_intent_unexpected_state")
