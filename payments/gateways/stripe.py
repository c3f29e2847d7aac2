"""Card payment on Stripe's hosted page (Checkout Session).

The shop never sees a card number. Every call carries a key made from our own row, so a retry of
any kind is answered by Stripe with the first result.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

import stripe
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways.base import GatewayUnreachable, Refunded, Standing, Started, State
from payments.models import Payment, Refund
from shop.lib.money import from_minor, to_minor

UNCLEAR = (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError)


@lru_cache(maxsize=1)
def _http() -> stripe.RequestsClient:
    """One pool of connections for the life of the process."""
    return stripe.RequestsClient(timeout=10)


def client() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        max_network_retries=2,
        http_client=_http(),
    )


def close_clients() -> None:
    """Let go of the connections, at the end of a test."""
    _http().close()  # type: ignore[no-untyped-call]
    _http.cache_clear()


def read_event(body: bytes, signature: str) -> dict[str, Any]:
    """A webhook's event once its signature is checked. Raises ValueError for any other sender."""
    try:
        event = stripe.Webhook.construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except stripe.SignatureVerificationError as error:
        raise ValueError(str(error)) from error
    return dict(event.to_dict())


class StripeCheckout:
    code: ClassVar[str] = "card"
    is_online: ClassVar[bool] = True
    patience: ClassVar[dt.timedelta] = dt.timedelta(hours=1)

    @property
    def name(self) -> str:
        return _("Card")

    @property
    def hint(self) -> str:
        return _("You pay on our payment provider's secure page.")

    def start(self, payment: Payment, *, return_url: str, cancel_url: str) -> Started:
        """Open a hosted page for this payment. Raises GatewayUnreachable."""
        try:
            session = client().v1.checkout.sessions.create(
                self._session(payment, return_url, cancel_url),  # type: ignore[arg-type]
                {"idempotency_key": payment.idempotency_key},
            )
        except UNCLEAR as error:
            raise GatewayUnreachable(str(error)) from error
        return Started(url=str(session.url), reference=session.id)

    def _session(self, payment: Payment, return_url: str, cancel_url: str) -> dict[str, Any]:
        order = payment.order
        expires = payment.created_at + dt.timedelta(minutes=45)
        return {
            "mode": "payment",
            "client_reference_id": order.number,
            "customer_email": order.email,
            "success_url": return_url,
            "cancel_url": cancel_url,
            "expires_at": int(expires.timestamp()),
            "metadata": {"order": order.number, "payment": str(payment.pk)},
            "payment_intent_data": {
                "metadata": {"order": order.number, "payment": str(payment.pk)}
            },
            "line_items": [self._line_item(order, payment)],
        }

    def _line_item(self, order: Order, payment: Payment) -> dict[str, Any]:
        return {
            "quantity": 1,
            "price_data": {
                "currency": payment.currency.lower(),
                "unit_amount": to_minor(payment.amount, payment.currency),
                "product_data": {
                    "name": _("Order %(number)s") % {"number": order.number},
                },
            },
        }

    def standing(self, payment: Payment) -> Standing:
        """Ask Stripe how the session stands. Raises GatewayUnreachable."""
        try:
            session = client().v1.checkout.sessions.retrieve(payment.provider_ref)
        except UNCLEAR as error:
            raise GatewayUnreachable(str(error)) from error
        return standing_of(session.to_dict())

    def close(self, payment: Payment) -> None:
        """End an open session, so that nobody can pay it any more. Raises GatewayUnreachable."""
        try:
            client().v1.checkout.sessions.expire(payment.provider_ref)
        except stripe.InvalidRequestError:
            return  # paid or expired by now: the next look at its standing tells
        except UNCLEAR as error:
            raise GatewayUnreachable(str(error)) from error

    def refund(self, refund: Refund) -> Refunded:
        """Give money back. Raises GatewayUnreachable."""
        payment = refund.payment
        try:
            session = client().v1.checkout.sessions.retrieve(payment.provider_ref)
            answer = client().v1.refunds.create(
                {
                    "payment_intent": str(session.payment_intent),
                    "amount": to_minor(refund.amount, payment.currency),
                },
                {"idempotency_key": refund.idempotency_key},
            )
        except stripe.InvalidRequestError as error:
            return Refunded(is_done=False, reference="", message=str(error.user_message or error))
        except UNCLEAR as error:
            raise GatewayUnreachable(str(error)) from error
        return Refunded(is_done=True, reference=answer.id)


def standing_of(session: dict[str, Any]) -> Standing:
    """Read a Checkout Session, from an answer or from a webhook."""
    currency = str(session.get("currency") or "").upper()
    amount = from_minor(int(session.get("amount_total") or 0), currency) if currency else Decimal(0)
    if session.get("payment_status") == "paid":
        state = State.CHARGED
    elif session.get("status") == "expired" or _is_past(session):
        state = State.CLOSED
    else:
        state = State.OPEN
    return Standing(state, amount, currency, str(session.get("payment_intent") or session["id"]))


def _is_past(session: dict[str, Any]) -> bool:
    expires_at = int(session.get("expires_at") or 0)
    return 0 < expires_at < int(timezone.now().timestamp())
