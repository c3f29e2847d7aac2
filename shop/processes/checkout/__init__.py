"""Checkout: price the cart, write the order, set the goods aside, take the money, say thanks."""

from shop.processes.checkout.confirming import accept, confirm
from shop.processes.checkout.expiring import expire, put_back
from shop.processes.checkout.placing import (
    BY_VALUE,
    Busy,
    CartChanged,
    Choice,
    CostsMore,
    NoDelivery,
    NoPickup,
    goods_of,
    place_order,
    plain_goods,
    sale_of,
)
from shop.processes.checkout.reminding import remind
from shop.processes.checkout.settling import confirm_payment, mark_paid
from shop.processes.checkout.telling import owe_mail

__all__ = [
    "BY_VALUE",
    "Busy",
    "CartChanged",
    "Choice",
    "CostsMore",
    "NoDelivery",
    "NoPickup",
    "accept",
    "confirm",
    "confirm_payment",
    "expire",
    "goods_of",
    "mark_paid",
    "owe_mail",
    "place_order",
    "plain_goods",
    "put_back",
    "remind",
    "sale_of",
]
