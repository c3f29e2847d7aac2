from orders.models.adjustment import Adjustment
from orders.models.cart import Cart, CartCode, CartLine
from orders.models.download import Download, Upload
from orders.models.event import Hold, OrderEvent
from orders.models.line import OrderLine, OrderLinePart, TaxLine
from orders.models.order import Order, OrderQuerySet
from orders.models.wishlist import Wishlist, WishlistLine

__all__ = [
    "Adjustment",
    "Cart",
    "CartCode",
    "CartLine",
    "Download",
    "Hold",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderLinePart",
    "OrderQuerySet",
    "TaxLine",
    "Upload",
    "Wishlist",
    "WishlistLine",
]
