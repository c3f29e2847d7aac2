"""Calls about customers and the cards they keep."""

from shop.standin import listing, methods, params
from shop.standin.calls.finding import found
from shop.standin.desk import Desk
from shop.standin.objects import Json
from shop.standin.params import Params


def create_customer(desk: Desk, given: Params, _: str) -> Json:
    return methods.create_customer(desk, given).public()


def show_customer(desk: Desk, _: Params, identifier: str) -> Json:
    return found(desk.store.customers, "customer", identifier).public()


def update_customer(desk: Desk, given: Params, identifier: str) -> Json:
    customer = methods.find_customer(desk, identifier, param="id")
    return methods.update_customer(desk, customer, given).public()


def delete_customer(desk: Desk, _: Params, identifier: str) -> Json:
    customer = methods.find_customer(desk, identifier, param="id")
    return methods.delete_customer(desk, customer).public()


def list_customers(desk: Desk, given: Params, _: str) -> Json:
    rows = [row for row in desk.store.customers.values() if not row.is_deleted]
    return listing.page(rows, given, url="/v1/customers", filters=("email",))


def list_cards_of_customer(desk: Desk, given: Params, identifier: str) -> Json:
    customer = methods.find_customer(desk, identifier)
    url = f"/v1/customers/{identifier}/payment_methods"
    rows = methods.kept_by(desk, customer.id)
    return listing.page(rows, given, url=url, filters=("type", "allow_redisplay"))


def list_cards(desk: Desk, given: Params, _: str) -> Json:
    customer = params.text(given, "customer")
    rows = methods.kept_by(desk, customer) if customer else []
    return listing.page(rows, given, url="/v1/payment_methods", filters=("type",))


def show_card(desk: Desk, _: Params, identifier: str) -> Json:
    return methods.find(desk, identifier).public()


def attach_card(desk: Desk, given: Params, identifier: str) -> Json:
    return methods.attach(desk, given, identifier).public()


def detach_card(desk: Desk, _: Params, identifier: str) -> Json:
    return methods.detach(desk, methods.find(desk, identifier)).public()
