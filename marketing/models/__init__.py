from marketing.models.alert import Alert
from marketing.models.content import ContentBlock, LandingPage
from marketing.models.promotion import (
    Benefit,
    Condition,
    Coupon,
    Promotion,
    PromotionQuerySet,
    PromotionUse,
    Segment,
)

__all__ = [
    "Alert",
    "Benefit",
    "Condition",
    "ContentBlock",
    "Coupon",
    "LandingPage",
    "Promotion",
    "PromotionQuerySet",
    "PromotionUse",
    "Segment",
]
