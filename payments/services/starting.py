"""From our order to the provider's page. Talks to the provider: never inside a transaction."""

import datetime as dt

from orders.models import Order
from payments.gateways import gateway
from payments.services import payments


def begin(*, order: Order, return_url: str, cancel_url: str, now: dt.datetime) -> str:
    """Where the shopper pays. Asking again gives the same page while the attempt is open.

    Raises GatewayUnreachable when the provider gives no clear answer; nothing is lost then, the
    next call repeats the same attempt under the same key.
    """
    payment = payments.open_attempt(order=order, provider=order.payment_method, now=now)
    started = gateway(payment.provider).start(payment, return_url=return_url, cancel_url=cancel_url)
    payments.name_reference(payment=payment, reference=started.reference)
    return started.url
