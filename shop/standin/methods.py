"""Customers and PaymentMethods: which card pays, and which ones a customer keeps."""

from shop.standin import cards, params
from shop.standin.cards import Card
from shop.standin.desk import Desk, new_id
from shop.standin.errors import ApiError, invalid, missing, not_found
from shop.standin.objects import Customer, Json, Method
from shop.standin.params import Params

ALWAYS, UNSPECIFIED = "always", "unspecified"


def find_customer(desk: Desk, identifier: str, *, param: str = "customer") -> Customer:
    """Return a customer. Raises ApiError for one that is unknown or deleted."""
    customer = desk.store.customers.get(identifier)
    if customer is None or customer.is_deleted:
        raise not_found("customer", identifier, param=param)
    return customer


def create_customer(desk: Desk, given: Params) -> Customer:
    customer = Customer(id=new_id("cus"), created=desk.now())
    return update_customer(desk, customer, given, event="customer.created")


def update_customer(
    desk: Desk, customer: Customer, given: Params, *, event: str = "customer.updated"
) -> Customer:
    customer.email = params.text(given, "email", default=customer.email, longest=512)
    customer.name = params.text(given, "name", default=customer.name, longest=256)
    customer.metadata |= params.metadata(given)
    desk.store.save(customer)
    desk.announce(event, customer)
    return customer


def delete_customer(desk: Desk, customer: Customer) -> Customer:
    for method in kept_by(desk, customer.id):
        detach(desk, method)
    snapshot = customer.public()
    customer.is_deleted, customer.email, customer.name = True, "", ""
    desk.store.save(customer)
    desk.publish("customer.deleted", snapshot)
    return customer


def kept_by(desk: Desk, customer: str) -> list[Method]:
    return [method for method in desk.store.methods.values() if method.customer == customer]


def find(desk: Desk, identifier: str) -> Method:
    method = desk.store.methods.get(identifier)
    if method is None:
        raise not_found("PaymentMethod", identifier, param="payment_method")
    return method


def of_card(desk: Desk, card: Card, *, billing: Json | None = None) -> Method:
    """Make a PaymentMethod of a card somebody typed, or named by its token."""
    method = Method(
        id=new_id("pm"),
        created=desk.now(),
        token=card.token,
        card=card.details(),
        billing_details={"address": None, "email": None, "name": None, "phone": None}
        | (billing or {}),
    )
    desk.store.save(method)
    return method


def chosen(desk: Desk, reference: str, *, customer: str) -> Method:
    """Return what a call names as payment_method: a kept card, or a token.

    Raises ApiError when the card is another customer's, or was used up.
    """
    if cards.is_token(reference):
        return of_card(desk, cards.by_token(reference))
    method = find(desk, reference)
    if method.customer and method.customer != customer:
        message = (
            "The provided PaymentMethod cannot be used: it belongs to another customer. Include"
            " the customer it is attached to."
        )
        raise invalid("payment_method", message, code="payment_method_customer_mismatch")
    if method.is_spent and not method.customer:
        raise ApiError(
            "The provided PaymentMethod was previously used without being attached to a Customer"
            " or was detached from a Customer, and may not be used again.",
            param="payment_method",
        )
    return method


def attach(desk: Desk, given: Params, reference: str) -> Method:
    identifier = params.text(given, "customer")
    if not identifier:
        raise missing("customer")
    customer = find_customer(desk, identifier)
    method = chosen(desk, reference, customer=customer.id)
    keep(desk, method, customer.id, redisplay=UNSPECIFIED)
    return method


def keep(desk: Desk, method: Method, customer: str, *, redisplay: str = ALWAYS) -> None:
    """Attach a card to a customer; nothing happens when it is already theirs."""
    if method.customer == customer:
        return
    method.customer, method.allow_redisplay = customer, redisplay
    desk.store.save(method)
    desk.announce("payment_method.attached", method)


def detach(desk: Desk, method: Method) -> Method:
    if not method.customer:
        raise ApiError("The payment method you provided is not attached to a customer.")
    method.customer, method.is_spent = "", True
    desk.store.save(method)
    desk.announce("payment_method.detached", method)
    return method
