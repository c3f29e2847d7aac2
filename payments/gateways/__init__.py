"""One file per provider behind one small base. To add one: write the file, list it here."""

from payments.gateways.bank_transfer import BankTransfer
from payments.gateways.base import (
    Gateway,
    GatewayUnreachable,
    Refunded,
    Standing,
    Started,
    State,
)
from payments.gateways.cash_on_delivery import CashOnDelivery
from payments.gateways.invoice import Invoice
from payments.gateways.marketplace import Marketplace
from payments.gateways.stored_value import GiftCard, StoreCredit
from payments.gateways.stripe import StripeCheckout
from payments.gateways.till import Till

GATEWAYS: dict[str, Gateway] = {
    gateway.code: gateway
    for gateway in (StripeCheckout(), BankTransfer(), CashOnDelivery(), Invoice())
}
# They pay beside one of the others and are never chosen from a list.
BALANCES: dict[str, Gateway] = {gateway.code: gateway for gateway in (GiftCard(), StoreCredit())}
# Orders that staff or a file bring in are paid by them; no shopper is asked.
ELSEWHERE: dict[str, Gateway] = {gateway.code: gateway for gateway in (Till(), Marketplace())}


def gateway(code: str) -> Gateway:
    return GATEWAYS.get(code) or BALANCES.get(code) or ELSEWHERE[code]


__all__ = [
    "BALANCES",
    "ELSEWHERE",
    "GATEWAYS",
    "Gateway",
    "GatewayUnreachable",
    "Refunded",
    "Standing",
    "Started",
    "State",
    "gateway",
]
