"""PaymentIntents: where money is asked for, with which card, and how it is to be taken."""

from shop.standin import charging, methods, params
from shop.standin.cards import by_token
from shop.standin.charging import unexpected
from shop.standin.desk import Desk, new_id
from shop.standin.errors import invalid, not_found, unknown, wrong_state
from shop.standin.objects import Intent, Method
from shop.standin.params import Params

LEAST = {"gbp": 30, "eur": 50, "usd": 50, "jpy": 50, "sek": 300, "dkk": 250, "pln": 200}
LEAST_ELSEWHERE = 50
MOST = 99_999_999
MULTICAPTURE = {"": False, "never": False, "if_available": True}
USAGES = {"", "on_session", "off_session"}
CANCEL_REASONS = {"", "abandoned", "duplicate", "fraudulent", "requested_by_customer"}

_CREATE = {
    "amount", "currency", "capture_method", "confirm", "customer", "description", "expand",
    "metadata", "payment_method", "receipt_email", "off_session", "payment_method_options",
    "return_url", "setup_future_usage",
    "automatic_payment_methods", "confirmation_method", "payment_method_types", "shipping",
    "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
}  # fmt: skip
_CONFIRM = {
    "capture_method", "expand", "off_session", "payment_method", "payment_method_options",
    "payment_method_types", "receipt_email", "return_url", "setup_future_usage", "shipping",
}  # fmt: skip


def create(desk: Desk, given: Params) -> Intent:
    for name in given.keys() - _CREATE:
        raise unknown(name)
    customer = params.text(given, "customer")
    if customer:
        methods.find_customer(desk, customer)
    intent = open_intent(
        desk,
        amount=params.integer(given, "amount"),
        currency=params.currency(given),
        details=given,
    )
    method = _method_of(desk, intent, given)
    if method:
        intent.payment_method, intent.status = method.id, "requires_confirmation"
    desk.store.save(intent)
    desk.announce("payment_intent.created", intent)
    if params.text(given, "confirm") == "true":
        _confirm(desk, intent, given)
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
        setup_future_usage=setup_future_usage(details),
        return_url=params.web_address(details, "return_url"),
        is_multicapture=asks_multicapture(details),
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


def setup_future_usage(details: Params) -> str:
    usage = params.text(details, "setup_future_usage")
    if usage not in USAGES:
        raise invalid("setup_future_usage", f"Invalid setup_future_usage: {usage}")
    return usage


def asks_multicapture(details: Params) -> bool:
    card = params.nested(params.nested(details, "payment_method_options"), "card")
    asked = params.text(card, "request_multicapture")
    if asked not in MULTICAPTURE:
        where = "payment_method_options[card][request_multicapture]"
        raise invalid(where, f"Invalid request_multicapture: {asked}")
    return MULTICAPTURE[asked]


def find(desk: Desk, identifier: str) -> Intent:
    intent = desk.store.intents.get(identifier)
    if intent is None:
        raise not_found("payment_intent", identifier, param="intent")
    return intent


def update(desk: Desk, intent: Intent, given: Params) -> Intent:
    added = params.metadata(given)
    if "amount" in given:
        if intent.status in {"succeeded", "canceled", "requires_capture"}:
            raise unexpected(intent, "updated")
        amount = params.integer(given, "amount")
        check_amount(amount, currency=intent.currency)
        intent.amount = amount
    intent.metadata |= added
    intent.description = params.text(given, "description", default=intent.description)
    desk.store.save(intent)
    return intent


def confirm(desk: Desk, intent: Intent, given: Params) -> Intent:
    for name in given.keys() - _CONFIRM:
        raise unknown(name)
    if intent.status in {"succeeded", "canceled", "requires_capture"}:
        raise unexpected(intent, "confirmed")
    intent.return_url = params.web_address(given, "return_url") or intent.return_url
    method = _method_of(desk, intent, given)
    intent.payment_method = method.id if method else intent.payment_method
    _confirm(desk, intent, given)
    return intent


def _method_of(desk: Desk, intent: Intent, given: Params) -> Method | None:
    reference = params.text(given, "payment_method")
    return methods.chosen(desk, reference, customer=intent.customer) if reference else None


def _confirm(desk: Desk, intent: Intent, given: Params) -> None:
    if not intent.payment_method:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise wrong_state(message, code="payment_intent_unexpected_state")
    method = methods.find(desk, intent.payment_method)
    if not by_token(method.token).asks_bank:
        charging.pay(desk, intent, method)
    elif params.text(given, "off_session") in {"true", "recurring", "one_off"}:
        # Nobody is there to ask.
        charging.refuse(desk, intent, "authentication_required", method)
    else:
        charging.ask_bank(desk, intent, method)


def answer_bank(desk: Desk, intent: Intent, *, is_approved: bool) -> None:
    """End the wait for the shopper's bank.

    Raises ApiError when nothing waits, and 402 when the card declines after all.
    """
    if intent.status != "requires_action":
        raise unexpected(intent, "authenticated")
    method = methods.find(desk, intent.payment_method)
    if not is_approved:
        charging.refuse(desk, intent, "authentication_failure", method)
    charging.pay(desk, intent, method)


def cancel(desk: Desk, intent: Intent, given: Params) -> Intent:
    reason = params.text(given, "cancellation_reason")
    if reason not in CANCEL_REASONS:
        raise invalid("cancellation_reason", f"Invalid cancellation_reason: {reason}")
    return charging.let_go(desk, intent, reason=reason)
