"""The calls of the Stripe API that a shop makes, and their addresses."""

import re
from collections.abc import Callable
from typing import TypeVar

from shop.standin import intents, listing, params, refunds, sessions
from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, not_found
from shop.standin.objects import Customer, Json, Resource
from shop.standin.params import Params

Call = Callable[[Desk, Params, str], Json]
Row = TypeVar("Row", bound=Resource)


def create_session(desk: Desk, given: Params, _: str) -> Json:
    return sessions.create(desk, given).public()


def show_session(desk: Desk, _: Params, identifier: str) -> Json:
    return sessions.find(desk, identifier).public()


def update_session(desk: Desk, given: Params, identifier: str) -> Json:
    return sessions.update(desk, sessions.find(desk, identifier), given).public()


def expire_session(desk: Desk, _: Params, identifier: str) -> Json:
    return sessions.expire(desk, sessions.find(desk, identifier)).public()


def list_sessions(desk: Desk, given: Params, _: str) -> Json:
    sessions.expire_due(desk)
    return listing.page(
        desk.store.sessions.values(),
        given,
        url="/v1/checkout/sessions",
        filters=("payment_intent", "status", "customer"),
    )


def list_session_lines(desk: Desk, _: Params, identifier: str) -> Json:
    url = f"/v1/checkout/sessions/{identifier}/line_items"
    return listing.whole(sessions.find(desk, identifier).lines, url=url)


def create_intent(desk: Desk, given: Params, _: str) -> Json:
    return intents.create(desk, given).public()


def show_intent(desk: Desk, _: Params, identifier: str) -> Json:
    return intents.find(desk, identifier).public()


def update_intent(desk: Desk, given: Params, identifier: str) -> Json:
    return intents.update(desk, intents.find(desk, identifier), given).public()


def confirm_intent(desk: Desk, given: Params, identifier: str) -> Json:
    return intents.confirm(desk, intents.find(desk, identifier), given).public()


def capture_intent(desk: Desk, given: Params, identifier: str) -> Json:
    return intents.capture(desk, intents.find(desk, identifier), given).public()


def cancel_intent(desk: Desk, _: Params, identifier: str) -> Json:
    return intents.cancel(desk, intents.find(desk, identifier)).public()


def list_intents(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.intents.values()
    return listing.page(rows, given, url="/v1/payment_intents", filters=("customer",))


def show_charge(desk: Desk, _: Params, identifier: str) -> Json:
    return _found(desk.store.charges, "charge", identifier).public()


def list_charges(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.charges.values()
    return listing.page(rows, given, url="/v1/charges", filters=("payment_intent",))


def create_refund(desk: Desk, given: Params, _: str) -> Json:
    return refunds.create(desk, given).public()


def show_refund(desk: Desk, _: Params, identifier: str) -> Json:
    return _found(desk.store.refunds, "refund", identifier).public()


def update_refund(desk: Desk, given: Params, identifier: str) -> Json:
    refund = _found(desk.store.refunds, "refund", identifier)
    return refunds.update(desk, refund, given).public()


def list_refunds(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.refunds.values()
    filters = ("payment_intent", "charge")
    return listing.page(rows, given, url="/v1/refunds", filters=filters)


def create_customer(desk: Desk, given: Params, _: str) -> Json:
    customer = Customer(
        id=new_id("cus"),
        created=desk.now(),
        email=params.text(given, "email", longest=512),
        name=params.text(given, "name", longest=256),
        metadata=params.metadata(given),
    )
    desk.store.save(customer)
    return customer.public()


def show_customer(desk: Desk, _: Params, identifier: str) -> Json:
    return _found(desk.store.customers, "customer", identifier).public()


def list_customers(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.customers.values()
    return listing.page(rows, given, url="/v1/customers", filters=("email",))


def show_event(desk: Desk, _: Params, identifier: str) -> Json:
    return _found(desk.store.events, "event", identifier).public()


def list_events(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.events.values()
    return listing.page(rows, given, url="/v1/events", filters=("type",))


def _found(table: dict[str, Row], noun: str, identifier: str) -> Row:
    row = table.get(identifier)
    if row is None:
        raise not_found(noun, identifier)
    return row


_SESSIONS, _INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
_ID = r"(\w+)"

ROUTES: list[tuple[str, re.Pattern[str], Call]] = [
    (method, re.compile(path), call)
    for method, path, call in (
        ("POST", _SESSIONS, create_session),
        ("GET", _SESSIONS, list_sessions),
        ("GET", f"{_SESSIONS}/{_ID}", show_session),
        ("POST", f"{_SESSIONS}/{_ID}", update_session),
        ("POST", f"{_SESSIONS}/{_ID}/expire", expire_session),
        ("GET", f"{_SESSIONS}/{_ID}/line_items", list_session_lines),
        ("POST", _INTENTS, create_intent),
        ("GET", _INTENTS, list_intents),
        ("GET", f"{_INTENTS}/{_ID}", show_intent),
        ("POST", f"{_INTENTS}/{_ID}", update_intent),
        ("POST", f"{_INTENTS}/{_ID}/confirm", confirm_intent),
        ("POST", f"{_INTENTS}/{_ID}/capture", capture_intent),
        ("POST", f"{_INTENTS}/{_ID}/cancel", cancel_intent),
        ("GET", "/v1/charges", list_charges),
        ("GET", f"/v1/charges/{_ID}", show_charge),
        ("POST", "/v1/refunds", create_refund),
        ("GET", "/v1/refunds", list_refunds),
        ("GET", f"/v1/refunds/{_ID}", show_refund),
        ("POST", f"/v1/refunds/{_ID}", update_refund),
        ("POST", "/v1/customers", create_customer),
        ("GET", "/v1/customers", list_customers),
        ("GET", f"/v1/customers/{_ID}", show_customer),
        ("GET", "/v1/events", list_events),
        ("GET", f"/v1/events/{_ID}", show_event),
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
