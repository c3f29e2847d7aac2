from orders.models.cart import Cart, CartLine
from orders.models.event import Hold, OrderEvent
from orders.models.line import OrderLine, TaxLine
from orders.models.order import Order, OrderQuerySet

__all__ = [
    "Cart",
    "CartLine",
    "Hold",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderQuerySet",
    "TaxLine",
]
