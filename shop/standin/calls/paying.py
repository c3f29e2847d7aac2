"""Calls about sessions, intents, charges and refunds."""

from shop.standin import charging, intents, listing, refunds, sessions
from shop.standin.calls.finding import found
from shop.standin.desk import Desk
from shop.standin.objects import Json
from shop.standin.params import Params


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
    return charging.capture(desk, intents.find(desk, identifier), given).public()


def cancel_intent(desk: Desk, given: Params, identifier: str) -> Json:
    return intents.cancel(desk, intents.find(desk, identifier), given).public()


def list_intents(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.intents.values()
    return listing.page(rows, given, url="/v1/payment_intents", filters=("customer",))


def show_charge(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.charges, "charge", identifier).public()


def list_charges(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.charges.values()
    filters = ("payment_intent", "customer")
    return listing.page(rows, given, url="/v1/charges", filters=filters)


def create_refund(desk: Desk, given: Params, _: str) -> Json:
    return refunds.create(desk, given).public()


def show_refund(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.refunds, "refund", identifier).public()


def update_refund(desk: Desk, given: Params, identifier: str) -> Json:
    refund = found(desk.store.refunds, "refund", identifier)
    return refunds.update(desk, refund, given).public()


def list_refunds(desk: Desk, given: Params, _: str) -> Json:
    rows = desk.store.refunds.values()
    filters = ("payment_intent", "charge")
    return listing.page(rows, given, url="/v1/refunds", filters=filters)
