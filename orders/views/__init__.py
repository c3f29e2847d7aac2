"""The shopper's own pages: basket, checkout, order."""

from orders.views.cart import (
    cart_detail,
    cart_line_create,
    cart_line_update,
)
from orders.views.checkout import checkout
from orders.views.codes import cart_code_create, cart_code_remove
from orders.views.download import download
from orders.views.estimate import cart_estimate
from orders.views.order import lookup, order_detail
from orders.views.swap import cart_line_swap
from orders.views.wishlist import (
    wishlist,
    wishlist_buy,
    wishlist_create,
    wishlist_line_buy,
    wishlist_line_create,
    wishlist_line_move,
    wishlist_line_remove,
    wishlist_remove,
    wishlist_rename,
    wishlist_restore,
    wishlist_share,
    wishlist_shared,
)

__all__ = [
    "cart_code_create",
    "cart_code_remove",
    "cart_detail",
    "cart_estimate",
    "cart_line_create",
    "cart_line_swap",
    "cart_line_update",
    "checkout",
    "download",
    "lookup",
    "order_detail",
    "wishlist",
    "wishlist_buy",
    "wishlist_create",
    "wishlist_line_buy",
    "wishlist_line_create",
    "wishlist_line_move",
    "wishlist_line_remove",
    "wishlist_remove",
    "wishlist_rename",
    "wishlist_restore",
    "wishlist_share",
    "wishlist_shared",
]
