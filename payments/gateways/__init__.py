"""One file per provider behind one small base. To add one: write the file, list it here."""

from django.conf import settings

from payments.gateways.bank_transfer import BankTransfer
from payments.gateways.base import (
    Gateway,
    GatewayUnreachable,
    Refunded,
    Standing,
    Started,
    State,
)
from payments.gateways.stripe import StripeCheckout

GATEWAYS: dict[str, Gateway] = {
    gateway.code: gateway for gateway in (StripeCheckout(), BankTransfer())
}


def gateway(code: str) -> Gateway:
    return GATEWAYS[code]


def offered() -> list[Gateway]:
    """The ways to pay that this shop can take today."""
    return [one for one in GATEWAYS.values() if one.code != "card" or settings.STRIPE_SECRET_KEY]


__all__ = [
    "GATEWAYS",
    "Gateway",
    "GatewayUnreachable",
    "Refunded",
    "Standing",
    "Started",
    "State",
    "gateway",
    "offered",
]
