"""What a basket costs and why: pure functions of lines, deals, delivery and tax."""

from orders.services.pricing.basket import Basket, Line
from orders.services.pricing.benefits import (
    Fixed,
    FixedEach,
    Measure,
    Percent,
    SetPrice,
    ShippingOff,
    Tier,
    Tiered,
)
from orders.services.pricing.conditions import (
    AtHours,
    ByChannel,
    ByMethod,
    FirstOrder,
    InGroup,
    InMarket,
    InSegment,
    ItemTotal,
    NoOrderFor,
    NthOrder,
    Quantity,
    ToCountry,
)
from orders.services.pricing.deals import Benefit, Condition, Deal, Lane, Situation
from orders.services.pricing.figures import ItemView, Outcome, PricedItem, Taken, TaxShare, View
from orders.services.pricing.groups import Groups
from orders.services.pricing.items import Delivery, Facts, Item
from orders.services.pricing.quote import Quote, quote
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.scope import EVERYTHING, Scope
from orders.services.pricing.shares import basis_points
from orders.services.pricing.tax import NO_TAX, Rate, TaxRules

__all__ = [
    "EVERYTHING",
    "NO_TAX",
    "AtHours",
    "Basket",
    "Benefit",
    "ByChannel",
    "ByMethod",
    "Code",
    "Condition",
    "Deal",
    "Delivery",
    "Facts",
    "FirstOrder",
    "Fixed",
    "FixedEach",
    "Groups",
    "InGroup",
    "InMarket",
    "InSegment",
    "Item",
    "ItemTotal",
    "ItemView",
    "Lane",
    "Line",
    "Measure",
    "NoOrderFor",
    "NthOrder",
    "Outcome",
    "Percent",
    "PricedItem",
    "Quantity",
    "Quote",
    "Rate",
    "Reason",
    "Scope",
    "SetPrice",
    "ShippingOff",
    "Situation",
    "Taken",
    "TaxRules",
    "TaxShare",
    "Tier",
    "Tiered",
    "ToCountry",
    "View",
    "basis_points",
    "quote",
]
