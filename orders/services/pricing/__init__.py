"""What a basket costs and why: pure functions of lines, deals, delivery and tax."""

from orders.services.pricing.deals import (
    EVERYTHING,
    Benefit,
    Condition,
    Deal,
    Lane,
    Line,
    Scope,
    Situation,
)
from orders.services.pricing.items import Delivery, Facts, Item
from orders.services.pricing.quote import Outcome, PricedItem, Quote, Taken, TaxShare, quote
from orders.services.pricing.reasons import Code, Reason
from orders.services.pricing.tax import NO_TAX, Rate, TaxRules

__all__ = [
    "EVERYTHING",
    "NO_TAX",
    "Benefit",
    "Code",
    "Condition",
    "Deal",
    "Delivery",
    "Facts",
    "Item",
    "Lane",
    "Line",
    "Outcome",
    "PricedItem",
    "Quote",
    "Rate",
    "Reason",
    "Scope",
    "Situation",
    "Taken",
    "TaxRules",
    "TaxShare",
    "quote",
]
