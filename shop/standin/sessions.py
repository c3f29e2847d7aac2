"""Checkout Sessions: the shop opens one, the shopper pays it on the hosted page."""

import secrets
from typing import NoReturn

from shop.standin import charging, intents, methods, params
from shop.standin.cards import Card
from shop.standin.desk import Desk
from shop.standin.errors import invalid, missing, not_found, unknown, wrong_state
from shop.standin.lines import read_lines, read_shipping
from shop.standin.objects import Intent, Json, Method, Session
from shop.standin.params import Params

HALF_HOUR_S, DAY_S = 1800, 86_400
# The shop's clock and ours may differ by a little.
CLOCK_SLACK_S = 60

_CREATE = {
    "cancel_url", "client_reference_id", "currency", "customer", "customer_email", "expand",
    "expires_at", "line_items", "locale", "metadata", "mode", "payment_intent_data",
    "payment_method_options", "saved_payment_method_options", "shipping_options", "success_url",
    "ui_mode",
    # Taken and not acted on: they change nothing about the money.
    "billing_address_collection", "branding_settings", "custom_text", "customer_creation",
    "customer_update", "integration_identifier", "origin_context", "payment_method_types",
    "phone_number_collection", "submit_type",
}  # fmt: skip
_INTENT_DATA = {
    "capture_method", "description", "metadata", "receipt_email", "setup_future_usage",
    "shipping", "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
}  # fmt: skip


def create(desk: Desk, given: Params) -> Session:
    for name in given.keys() - _CREATE:
        raise unknown(name)
    _check_kind(given)
    currency, lines, subtotal = read_lines(given)
    label, shipping = read_shipping(given, currency=currency)
    intents.check_amount(subtotal + shipping, currency=currency)
    success_url = params.web_address(given, "success_url")
    if not success_url:
        raise missing("success_url")
    identifier = f"cs_test_{secrets.token_hex(29)}"
    session = Session(
        id=identifier,
        created=desk.now(),
        expires_at=_expires_at(desk, given),
        currency=currency,
        amount_subtotal=subtotal,
        amount_shipping=shipping,
        shipping_label=label,
        success_url=success_url,
        cancel_url=params.web_address(given, "cancel_url"),
        url=f"{desk.public_url}/pay/{identifier}",
        client_reference_id=params.text(given, "client_reference_id", longest=200),
        customer=_customer(desk, given),
        customer_email=params.text(given, "customer_email", longest=800),
        offers_saving=_offers_saving(given),
        locale=params.text(given, "locale"),
        lines=lines,
        metadata=params.metadata(given),
        intent_data=_intent_data(given),
    )
    desk.store.save(session)
    return session


def _check_kind(given: Params) -> None:
    mode = params.text(given, "mode")
    if not mode:
        raise missing("mode")
    if mode != "payment":
        raise invalid("mode", "The stand-in knows the mode `payment` only.")
    if params.text(given, "ui_mode") not in {"", "hosted", "hosted_page"}:
        raise invalid("ui_mode", "The stand-in serves the hosted page only.")


def _customer(desk: Desk, given: Params) -> str:
    customer = params.text(given, "customer")
    if customer and params.text(given, "customer_email"):
        message = "You may only specify one of these parameters: customer, customer_email."
        raise invalid("customer", message)
    return methods.find_customer(desk, customer).id if customer else ""


def _offers_saving(given: Params) -> bool:
    options = params.nested(given, "saved_payment_method_options")
    save = params.text(options, "payment_method_save")
    if save not in {"", "enabled", "disabled"}:
        where = "saved_payment_method_options[payment_method_save]"
        raise invalid(where, f"Invalid payment_method_save: {save}")
    if save == "enabled" and not params.text(given, "customer"):
        raise missing("customer")
    return save == "enabled"


def _expires_at(desk: Desk, given: Params) -> int:
    now = desk.now()
    expires_at = params.integer(given, "expires_at", default=now + DAY_S)
    earliest, latest = now + HALF_HOUR_S - CLOCK_SLACK_S, now + DAY_S + CLOCK_SLACK_S
    if not earliest <= expires_at <= latest:
        message = (
            "The `expires_at` timestamp must be between 30 minutes and 24 hours"
            " from Checkout Session creation."
        )
        raise invalid("expires_at", message)
    return expires_at


def _intent_data(given: Params) -> Json:
    data = params.nested(given, "payment_intent_data")
    for name in data.keys() - _INTENT_DATA:
        raise unknown(f"payment_intent_data[{name}]")
    intents.asks_multicapture(given)
    return {
        "capture_method": intents.capture_method(data),
        "setup_future_usage": intents.setup_future_usage(data),
        "payment_method_options": params.nested(given, "payment_method_options"),
        "description": params.text(data, "description"),
        "metadata": params.metadata(data),
        "receipt_email": params.text(data, "receipt_email"),
    }


def find(desk: Desk, identifier: str) -> Session:
    session = desk.store.sessions.get(identifier)
    if session is None:
        raise not_found("checkout.session", identifier, param="session")
    _expire_when_due(desk, session)
    return session


def update(desk: Desk, session: Session, given: Params) -> Session:
    session.metadata |= params.metadata(given)
    desk.store.save(session)
    return session


def expire(desk: Desk, session: Session) -> Session:
    if session.status != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {session.status}."
        )
        raise wrong_state(message, code="")
    session.status, session.waiting = "expired", {}
    desk.store.save(session)
    desk.announce("checkout.session.expired", session)
    return session


def expire_due(desk: Desk) -> None:
    """Close every session whose time is over."""
    with desk.store.transaction():
        for session in list(desk.store.sessions.values()):
            _expire_when_due(desk, session)


def _expire_when_due(desk: Desk, session: Session) -> None:
    if session.status == "open" and session.expires_at <= desk.now():
        expire(desk, session)


def pay(
    desk: Desk, session: Session, method: Method, *, late_s: float = 0.0, keeps: bool = False
) -> None:
    """Pay an open session. Raises ApiError (402) when the card declines; it stays open then."""
    _check_open(session)
    intent = _intent(desk, session)
    charging.pay(desk, intent, method, late_s=late_s)
    if keeps and session.offers_saving:
        methods.keep(desk, method, session.customer)
    session.status, session.waiting = "complete", {}
    session.payment_status = "paid" if intent.status == "succeeded" else "unpaid"
    desk.store.save(session)
    desk.announce("checkout.session.completed", session, late_s=late_s)


def method_of(desk: Desk, session: Session, card: Card) -> Method:
    """Make a PaymentMethod of what was typed on the page."""
    billing: Json = {"name": session.payer or None, "email": session.customer_email or None}
    return methods.of_card(desk, card, billing=billing)


def ask_bank(
    desk: Desk, session: Session, method: Method, *, fault: str = "", keeps: bool = False
) -> None:
    """Keep the card while the shopper's bank is asked."""
    _check_open(session)
    charging.ask_bank(desk, _intent(desk, session), method)
    session.waiting = {"method": method.id, "fault": fault, "keeps": "1" if keeps else ""}
    desk.store.save(session)


def refuse(desk: Desk, session: Session, decline_code: str, method: Method) -> NoReturn:
    """Note a refusal; the session stays open. Raises the ApiError (402) for it."""
    _check_open(session)
    session.waiting = {}
    desk.store.save(session)
    charging.refuse(desk, _intent(desk, session), decline_code, method)


def saved_cards(desk: Desk, session: Session) -> list[Method]:
    """The cards this session's customer kept, to be offered on the page."""
    if not session.customer:
        return []
    kept = methods.kept_by(desk, session.customer)
    return [method for method in kept if method.allow_redisplay == methods.ALWAYS]


def _check_open(session: Session) -> None:
    if session.status != "open":
        raise wrong_state(f"This Checkout Session is {session.status}.", code="session_not_open")


def _intent(desk: Desk, session: Session) -> Intent:
    """Return the session's intent; the first attempt to pay makes it."""
    if session.payment_intent:
        return desk.store.intents[session.payment_intent]
    intent = intents.open_intent(
        desk,
        amount=session.amount_total,
        currency=session.currency,
        details={**session.intent_data, "customer": session.customer},
    )
    desk.store.save(intent)
    desk.announce("payment_intent.created", intent)
    session.payment_intent = intent.id
    desk.store.save(session)
    return intent
