from orders.models.cart import Cart, CartLine
from orders.models.download import Download, Upload
from orders.models.event import Hold, OrderEvent
from orders.models.line import OrderLine, OrderLinePart, TaxLine
from orders.models.order import Order, OrderQuerySet
from orders.models.wishlist import Wishlist, WishlistLine

__all__ = [
    "Cart",
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
