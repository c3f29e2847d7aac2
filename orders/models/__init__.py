from orders.models.adjustment import Adjustment
from orders.models.cart import Cart, CartCode, CartLine
from orders.models.claim import CasePhoto, Claim, ClaimEvent, ClaimLine
from orders.models.desk import CallAttempt, CallTask, OrderFile
from orders.models.download import Download, Upload
from orders.models.draft import Draft
from orders.models.edit import OrderEdit
from orders.models.event import Hold, OrderEvent
from orders.models.exchange import Exchange, ExchangeEvent, ExchangeLine
from orders.models.line import OrderLine, OrderLinePart, TaxLine
from orders.models.order import Order, OrderQuerySet
from orders.models.return_policy import ReturnReason, ReturnRule
from orders.models.returns import Return, ReturnCheck, ReturnEvent, ReturnLine
from orders.models.rule import OrderRule, OrderRuleRun
from orders.models.wishlist import Wishlist, WishlistLine

__all__ = [
    "Adjustment",
    "CallAttempt",
    "CallTask",
    "Cart",
    "CartCode",
    "CartLine",
    "CasePhoto",
    "Claim",
    "ClaimEvent",
    "ClaimLine",
    "Download",
    "Draft",
    "Exchange",
    "ExchangeEvent",
    "ExchangeLine",
    "Hold",
    "Order",
    "OrderEdit",
    "OrderEvent",
    "OrderFile",
    "OrderLine",
    "OrderLinePart",
    "OrderQuerySet",
    "OrderRule",
    "OrderRuleRun",
    "Return",
    "ReturnCheck",
    "ReturnEvent",
    "ReturnLine",
    "ReturnReason",
    "ReturnRule",
    "TaxLine",
    "Upload",
    "Wishlist",
    "WishlistLine",
]
