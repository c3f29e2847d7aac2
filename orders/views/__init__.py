"""The shopper's own pages: basket, checkout, order."""

from orders.views.cart import cart_detail, cart_line_create, cart_line_update
from orders.views.checkout import checkout
from orders.views.order import lookup, order_detail

__all__ = [
    "cart_detail",
    "cart_line_create",
    "cart_line_update",
    "checkout",
    "lookup",
    "order_detail",
]
