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
from payments.gateways.stored_value import GiftCard, StoreCredit
from payments.gateways.stripe import StripeCheckout

GATEWAYS: dict[str, Gateway] = {
    gateway.code: gateway for gateway in (StripeCheckout(), BankTransfer())
}
# They pay beside one of the others and are never chosen from a list.
BALANCES: dict[str, Gateway] = {gateway.code: gateway for gateway in (GiftCard(), StoreCredit())}


def gateway(code: str) -> Gateway:
    return GATEWAYS.get(code) or BALANCES[code]


def offered() -> list[Gateway]:
    """The ways to pay that this shop can take today."""
    return [one for one in GATEWAYS.values() if one.code != "card" or settings.STRIPE_SECRET_KEY]


__all__ = [
    "BALANCES",
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
