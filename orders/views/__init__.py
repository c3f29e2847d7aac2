"""The shopper's own pages: basket, checkout, order, and the way back."""

from orders.views.back.claims import claim_cancel, claim_detail, claim_start
from orders.views.back.rma import return_cancel, return_detail, return_label, return_posted
from orders.views.back.start import return_start
from orders.views.back.withdraw import withdraw
from orders.views.cart import (
    cart_detail,
    cart_line_create,
    cart_line_update,
)
from orders.views.checkout import checkout
from orders.views.codes import cart_code_create, cart_code_remove
from orders.views.download import download
from orders.views.estimate import cart_estimate
from orders.views.lookup import lookup
from orders.views.offer import offer
from orders.views.order import order_detail
from orders.views.selfservice import order_address, order_again, order_cancel
from orders.views.shortage import shortage_choice
from orders.views.swap import cart_line_swap
from orders.views.waiting_room import in_turn, queue
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
    "claim_cancel",
    "claim_detail",
    "claim_start",
    "download",
    "in_turn",
    "lookup",
    "offer",
    "order_address",
    "order_again",
    "order_cancel",
    "order_detail",
    "queue",
    "return_cancel",
    "return_detail",
    "return_label",
    "return_posted",
    "return_start",
    "shortage_choice",
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
    "withdraw",
]
