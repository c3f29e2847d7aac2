"""Customers and the cards Stripe keeps for them."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from accounts.models import Customer
from payments.gateways.base import NotKnown, Refusal
from payments.gateways.stripe.client import asking
from payments.gateways.stripe.reading import Json, id_of, whole


@dataclass(frozen=True, slots=True)
class CardKept:
    """A card as Stripe keeps it. customer: Stripe's name of whose it is; empty when nobody's."""

    reference: str
    customer: str
    brand: str
    last4: str
    # The last day of the month printed on it.
    expires_on: dt.date


def make_customer(customer: Customer) -> str:
    """Stripe's name for a customer of ours; asking again gives the same."""
    # The address is part of the key: Stripe takes a key for another call when a word differs.
    digest = hashlib.sha256(customer.email.encode()).hexdigest()[:12]
    with asking() as stripe:
        answer = stripe.v1.customers.create(
            {"email": customer.email, "metadata": {"customer": str(customer.pk)}},
            {"idempotency_key": f"customer-{customer.pk}-{digest}"},
        )
    return answer.id


def cards_kept(reference: str) -> list[CardKept]:
    """The cards of a customer, by Stripe's name. Raises NotKnown, GatewayUnreachable."""
    with asking() as stripe:
        page = stripe.v1.customers.payment_methods.list(reference, {"type": "card", "limit": 100})
        return [_read(one.to_dict()) for one in page.auto_paging_iter()]


def card_kept(reference: str) -> CardKept:
    """One card. Raises NotKnown, GatewayUnreachable."""
    with asking() as stripe:
        return _read(stripe.v1.payment_methods.retrieve(reference).to_dict())


def forget_card(reference: str) -> None:
    """Stripe keeps it no longer. Raises GatewayUnreachable; a card that is gone is fine."""
    try:
        with asking() as stripe:
            stripe.v1.payment_methods.detach(reference)
    except (NotKnown, Refusal):
        return


def forget_customer(reference: str) -> None:
    """Stripe forgets a customer with all cards. Raises GatewayUnreachable; one that is gone is fine."""
    try:
        with asking() as stripe:
            stripe.v1.customers.delete(reference)
    except (NotKnown, Refusal):
        return


def _read(method: Json) -> CardKept:
    card = whole(method.get("card"))
    return CardKept(
        reference=str(method["id"]),
        customer=id_of(method.get("customer")),
        brand=str(card.get("brand") or "")[:20],
        last4=str(card.get("last4") or "")[-4:],
        expires_on=_last_day(int(card.get("exp_year") or 2099), int(card.get("exp_month") or 12)),
    )


def _last_day(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
