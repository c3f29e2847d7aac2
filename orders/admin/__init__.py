from orders.admin.calls import CallTaskAdmin
from orders.admin.claims import ClaimAdmin
from orders.admin.draft import DraftAdmin, waiting_drafts
from orders.admin.holds import HoldAdmin, waiting_orders
from orders.admin.order import OrderAdmin
from orders.admin.return_policy import ReturnReasonAdmin, ReturnRuleAdmin
from orders.admin.returns import ExchangeAdmin, ReturnAdmin
from orders.admin.rules import OrderRuleAdmin, OrderRuleRunAdmin
from orders.admin.short import ShortageAdmin, open_shortages

__all__ = [
    "CallTaskAdmin",
    "ClaimAdmin",
    "DraftAdmin",
    "ExchangeAdmin",
    "HoldAdmin",
    "OrderAdmin",
    "OrderRuleAdmin",
    "OrderRuleRunAdmin",
    "ReturnAdmin",
    "ReturnReasonAdmin",
    "ReturnRuleAdmin",
    "ShortageAdmin",
    "open_shortages",
    "waiting_drafts",
    "waiting_orders",
]
