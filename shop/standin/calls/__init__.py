"""The calls of the Stripe API that a shop makes, and their addresses."""

import re
from collections.abc import Callable

from shop.standin.calls import money, paying, people
from shop.standin.desk import Desk
from shop.standin.errors import ApiError
from shop.standin.objects import Json
from shop.standin.params import Params

Call = Callable[[Desk, Params, str], Json]

_SESSIONS, _INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
_CARDS, _MOVEMENTS = "/v1/payment_methods", "/v1/balance_transactions"
_ID = r"(\w+)"

ROUTES: list[tuple[str, re.Pattern[str], Call]] = [
    (method, re.compile(path), call)
    for method, path, call in (
        ("POST", _SESSIONS, paying.create_session),
        ("GET", _SESSIONS, paying.list_sessions),
        ("GET", f"{_SESSIONS}/{_ID}", paying.show_session),
        ("POST", f"{_SESSIONS}/{_ID}", paying.update_session),
        ("POST", f"{_SESSIONS}/{_ID}/expire", paying.expire_session),
        ("GET", f"{_SESSIONS}/{_ID}/line_items", paying.list_session_lines),
        ("POST", _INTENTS, paying.create_intent),
        ("GET", _INTENTS, paying.list_intents),
        ("GET", f"{_INTENTS}/{_ID}", paying.show_intent),
        ("POST", f"{_INTENTS}/{_ID}", paying.update_intent),
        ("POST", f"{_INTENTS}/{_ID}/confirm", paying.confirm_intent),
        ("POST", f"{_INTENTS}/{_ID}/capture", paying.capture_intent),
        ("POST", f"{_INTENTS}/{_ID}/cancel", paying.cancel_intent),
        ("GET", "/v1/charges", paying.list_charges),
        ("GET", f"/v1/charges/{_ID}", paying.show_charge),
        ("POST", "/v1/refunds", paying.create_refund),
        ("GET", "/v1/refunds", paying.list_refunds),
        ("GET", f"/v1/refunds/{_ID}", paying.show_refund),
        ("POST", f"/v1/refunds/{_ID}", paying.update_refund),
        ("POST", "/v1/customers", people.create_customer),
        ("GET", "/v1/customers", people.list_customers),
        ("GET", f"/v1/customers/{_ID}", people.show_customer),
        ("POST", f"/v1/customers/{_ID}", people.update_customer),
        ("DELETE", f"/v1/customers/{_ID}", people.delete_customer),
        ("GET", f"/v1/customers/{_ID}/payment_methods", people.list_cards_of_customer),
        ("GET", _CARDS, people.list_cards),
        ("GET", f"{_CARDS}/{_ID}", people.show_card),
        ("POST", f"{_CARDS}/{_ID}/attach", people.attach_card),
        ("POST", f"{_CARDS}/{_ID}/detach", people.detach_card),
        ("GET", "/v1/disputes", money.list_disputes),
        ("GET", f"/v1/disputes/{_ID}", money.show_dispute),
        ("POST", f"/v1/disputes/{_ID}", money.update_dispute),
        ("POST", f"/v1/disputes/{_ID}/close", money.close_dispute),
        ("GET", "/v1/balance", money.show_balance),
        ("GET", _MOVEMENTS, money.list_movements),
        ("GET", f"{_MOVEMENTS}/{_ID}", money.show_movement),
        ("GET", "/v1/payouts", money.list_payouts),
        ("GET", f"/v1/payouts/{_ID}", money.show_payout),
        ("GET", "/v1/files", money.list_files),
        ("GET", f"/v1/files/{_ID}", money.show_file),
        ("GET", "/v1/events", money.list_events),
        ("GET", f"/v1/events/{_ID}", money.show_event),
    )
]


def route(method: str, path: str) -> tuple[Call, str]:
    """Return the call for a path, and the id in it ('' without one)."""
    for its_method, pattern, call in ROUTES:
        match = pattern.fullmatch(path)
        if match and method == its_method:
            return call, "".join(match.groups())
    message = f"Unrecognized request URL ({method}: {path})."
    raise ApiError(message, status=404)
