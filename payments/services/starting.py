"""From our order to the provider's page. Talks to the provider: never inside a transaction."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import gateway
from payments.gateways.base import GatewayUnreachable, NotKnown, Refusal, Started
from payments.gateways.stripe.asked import Asked
from payments.gateways.stripe.checkout import StripeCheckout
from payments.models import Payment, SavedCard
from payments.services import cards, payments


def begin(
    *,
    order: Order,
    return_url: str,
    cancel_url: str,
    now: dt.datetime,
    saved_card: SavedCard | None = None,
    provider: str = "",
) -> str:
    """Where the shopper pays, or comes back to when nothing more is to be done.

    provider: another than the order's own way to pay.

    Asking again gives the same page while the attempt is open. Raises GatewayUnreachable when the
    provider gives no clear answer; nothing is lost then, the next call, or the clock, repeats the
    same attempt under the same key.
    """
    asked: dict[str, Any] = {"return_url": return_url, "cancel_url": cancel_url}
    provider = provider or order.payment_method
    if provider == StripeCheckout.code:
        asked = _asked(order, asked, saved_card, now)
    payment = payments.open_attempt(order=order, provider=provider, asked=asked, now=now)
    return go_on(payment=payment, return_url=return_url, cancel_url=cancel_url, now=now).url


def go_on(
    *, payment: Payment, return_url: str = "", cancel_url: str = "", now: dt.datetime
) -> Started:
    """Ask the provider for an attempt that is on record, the first time or once more.

    What was asked the first time is asked again; the addresses serve where nothing was kept.
    Raises GatewayUnreachable.
    """
    try:
        started = gateway(payment.provider).start(
            payment, return_url=return_url, cancel_url=cancel_url
        )
    except Refusal as refusal:
        # A page that can't be opened (any more): the next attempt opens another.
        started = Started(cancel_url, payment.provider_ref, problem=refusal.words)
    except NotKnown as error:
        # The customer or the card was taken away there: the next attempt goes without.
        if payment.order.customer_id is not None:
            cards.forget_customer(customer_id=payment.order.customer_id)
        started = Started(cancel_url, payment.provider_ref, problem=str(error))
    if started.reference:
        payments.name_reference(payment=payment, reference=started.reference)
    if started.problem:
        payments.refuse(
            payment=payment, reference=started.declined_ref, message=started.problem, now=now
        )
    return started


def _asked(
    order: Order, addresses: dict[str, Any], saved_card: SavedCard | None, now: dt.datetime
) -> dict[str, Any]:
    own = saved_card if saved_card and saved_card.customer_id == order.customer_id else None
    return Asked(
        **addresses,
        email=order.email,
        words=_("Order %(number)s") % {"number": order.number},
        customer=_customer(order, now, is_needed=own is not None),
        card=own.provider_ref if own else "",
    ).as_json()


def _customer(order: Order, now: dt.datetime, *, is_needed: bool) -> str:
    """The provider's name of whoever is signed in; strangers have none, and need none."""
    if order.customer is None or order.customer.user_id is None:
        return ""
    try:
        return cards.provider_customer(customer=order.customer, now=now).provider_ref
    except GatewayUnreachable:
        if is_needed:
            raise
        return ""
