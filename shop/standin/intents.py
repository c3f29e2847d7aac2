"""PaymentIntents: where money is asked for, and where it would move."""

from typing import NoReturn

from shop.standin import cards, params
from shop.standin.cards import Card
from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, invalid, not_found, unknown, wrong_state
from shop.standin.objects import Charge, Intent
from shop.standin.params import Params

LEAST = {"gbp": 30, "eur": 50, "usd": 50, "jpy": 50, "sek": 300, "dkk": 250, "pln": 200}
LEAST_ELSEWHERE = 50
MOST = 99_999_999

_CREATE = {
    "amount", "currency", "capture_method", "confirm", "customer", "description", "expand",
    "metadata", "payment_method", "receipt_email",
    "automatic_payment_methods", "confirmation_method", "off_session", "payment_method_types",
    "return_url", "setup_future_usage", "shipping", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group",
}  # fmt: skip


def create(desk: Desk, given: Params) -> Intent:
    for name in given.keys() - _CREATE:
        raise unknown(name)
    intent = open_intent(
        desk,
        amount=params.integer(given, "amount"),
        currency=params.currency(given),
        details=given,
    )
    token = params.text(given, "payment_method")
    if token:
        cards.by_token(token)
        intent.payment_method, intent.status = token, "requires_confirmation"
    desk.store.save(intent)
    desk.announce("payment_intent.created", intent)
    if params.text(given, "confirm") == "true":
        _pay_with_its_method(desk, intent)
    return intent


def open_intent(desk: Desk, *, amount: int, currency: str, details: Params) -> Intent:
    """Make an intent out of checked parts. Raises ApiError for a wrong amount or method."""
    check_amount(amount, currency=currency)
    identifier = new_id("pi")
    return Intent(
        id=identifier,
        created=desk.now(),
        amount=amount,
        currency=currency,
        client_secret=new_id(f"{identifier}_secret"),
        capture_method=capture_method(details),
        customer=params.text(details, "customer"),
        description=params.text(details, "description"),
        receipt_email=params.text(details, "receipt_email"),
        metadata=params.metadata(details),
    )


def check_amount(amount: int, *, currency: str) -> None:
    least = LEAST.get(currency, LEAST_ELSEWHERE)
    if amount < least:
        message = f"Amount must be at least {least} in the minor unit of {currency}"
        raise invalid("amount", message, code="amount_too_small")
    if amount > MOST:
        message = f"Amount must be no more than {MOST}"
        raise invalid("amount", message, code="amount_too_large")


def capture_method(details: Params) -> str:
    method = params.text(details, "capture_method") or "automatic"
    if method not in {"automatic", "automatic_async", "manual"}:
        raise invalid("capture_method", f"Invalid capture_method: {method}")
    return method


def find(desk: Desk, identifier: str) -> Intent:
    intent = desk.store.intents.get(identifier)
    if intent is None:
        raise not_found("payment_intent", identifier, param="intent")
    return intent


def update(desk: Desk, intent: Intent, given: Params) -> Intent:
    added = params.metadata(given)
    if "amount" in given:
        if intent.status in {"succeeded", "canceled", "requires_capture"}:
            raise _unexpected(intent, "updated")
        amount = params.integer(given, "amount")
        check_amount(amount, currency=intent.currency)
        intent.amount = amount
    intent.metadata |= added
    intent.description = params.text(given, "description", default=intent.description)
    desk.store.save(intent)
    return intent


def confirm(desk: Desk, intent: Intent, given: Params) -> Intent:
    if intent.status in {"succeeded", "canceled", "requires_capture"}:
        raise _unexpected(intent, "confirmed")
    token = params.text(given, "payment_method")
    intent.payment_method = cards.by_token(token).token if token else intent.payment_method
    _pay_with_its_method(desk, intent)
    return intent


def _pay_with_its_method(desk: Desk, intent: Intent) -> None:
    if not intent.payment_method:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise wrong_state(message, code="payment_intent_unexpected_state")
    card = cards.by_token(intent.payment_method)
    if card.asks_bank:
        ask_bank(desk, intent, card)
    else:
        pay(desk, intent, card)


def pay(desk: Desk, intent: Intent, card: Card, *, late_s: float = 0.0) -> None:
    """Charge the card. Raises ApiError (402) when it declines."""
    intent.payment_method, intent.next_action = card.token, None
    if card.decline_code:
        refuse(desk, intent, card.decline_code)
    charge = _charge(desk, intent, card)
    intent.latest_charge, intent.last_payment_error = charge.id, None
    if charge.captured:
        intent.status, intent.amount_received = "succeeded", intent.amount
        kinds = ("payment_intent.succeeded", "charge.succeeded")
    else:
        intent.status, intent.amount_capturable = "requires_capture", intent.amount
        kinds = ("payment_intent.amount_capturable_updated", "charge.succeeded")
    desk.store.save(intent)
    desk.announce(kinds[0], intent, late_s=late_s)
    desk.announce(kinds[1], charge, late_s=late_s)


def _charge(desk: Desk, intent: Intent, card: Card) -> Charge:
    charge = Charge(
        id=new_id("ch"),
        created=desk.now(),
        payment_intent=intent.id,
        amount=intent.amount,
        currency=intent.currency,
        brand=card.brand,
        last4=card.last4,
        captured=intent.capture_method != "manual",
        metadata=dict(intent.metadata),
    )
    desk.store.save(charge)
    return charge


def ask_bank(desk: Desk, intent: Intent, card: Card) -> None:
    intent.payment_method, intent.status = card.token, "requires_action"
    intent.next_action = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    desk.store.save(intent)
    desk.announce("payment_intent.requires_action", intent)


def refuse(desk: Desk, intent: Intent, decline_code: str) -> NoReturn:
    """Note that the card or its bank said no, and raise the ApiError (402) for it."""
    error = _card_error(decline_code)
    intent.status, intent.next_action = "requires_payment_method", None
    intent.payment_method = ""
    intent.last_payment_error = error.body()["error"]
    desk.store.save(intent)
    desk.announce("payment_intent.payment_failed", intent)
    raise error


def _card_error(decline_code: str) -> ApiError:
    if decline_code == "authentication_failure":
        code, message = "payment_intent_authentication_failure", "Authentication failed."
    elif decline_code == "insufficient_funds":
        code, message = "card_declined", "Your card has insufficient funds."
    else:
        code, message = "card_declined", "Your card was declined."
    return ApiError(
        message,
        status=402,
        code=code,
        kind="card_error",
        decline_code=decline_code,
        executed=True,
    )


def capture(desk: Desk, intent: Intent, given: Params) -> Intent:
    if intent.status != "requires_capture":
        raise _unexpected(intent, "captured")
    amount = params.integer(given, "amount_to_capture", default=intent.amount)
    if not 0 < amount <= intent.amount:
        message = "The amount to capture must be positive and no more than the amount authorised."
        raise invalid("amount_to_capture", message, code="amount_too_large")
    charge = desk.store.charges[intent.latest_charge]
    charge.captured, charge.amount = True, amount
    intent.status, intent.amount_received, intent.amount_capturable = "succeeded", amount, 0
    desk.store.save(charge)
    desk.store.save(intent)
    desk.announce("payment_intent.succeeded", intent)
    desk.announce("charge.captured", charge)
    return intent


def cancel(desk: Desk, intent: Intent) -> Intent:
    if intent.status in {"succeeded", "canceled"}:
        raise _unexpected(intent, "canceled")
    intent.status, intent.amount_capturable, intent.next_action = "canceled", 0, None
    desk.store.save(intent)
    desk.announce("payment_intent.canceled", intent)
    return intent


def _unexpected(intent: Intent, verb: str) -> ApiError:
    message = f"This PaymentIntent could not be {verb} because it has a status of {intent.status}."
    return wrong_state(message, code="payment_intent_unexpected_state")
