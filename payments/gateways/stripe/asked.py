"""What was asked for a payment, from the log: a call that is made again is the same call."""

from dataclasses import asdict, dataclass
from typing import Any

from payments.models import Payment, PaymentEvent

Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """Written into the request's `data` before Stripe hears of it: the same words every time.

    Stripe takes a key for another call when a word of it differs, so nothing of this may come
    from the moment: not the language of the page, not the address it was reached by.
    """

    return_url: str
    cancel_url: str
    email: str
    words: str
    # Stripe's names, for whoever is signed in: the customer, and the saved card that pays.
    customer: str = ""
    card: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def asked_of(payment: Payment, *, return_url: str, cancel_url: str) -> Asked:
    """What the request says; the addresses serve where it says nothing."""
    rows = PaymentEvent.objects.filter(
        payment=payment, kind__in=[Kind.AUTHORIZE, Kind.CHARGE], stage=Stage.REQUEST
    )
    data = rows.order_by("pk").values_list("data", flat=True).first() or {}
    fallback = Asked(
        return_url=return_url,
        cancel_url=cancel_url,
        email=payment.order.email,
        words=f"Order {payment.order.number}",
    ).as_json()
    return Asked(**fallback | {name: data[name] for name in fallback if name in data})
