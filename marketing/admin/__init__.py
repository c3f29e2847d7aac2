from marketing.admin.alerts import AlertAdmin
from marketing.admin.content import LandingPageAdmin
from marketing.admin.coupons import CouponAdmin
from marketing.admin.promotion_page import PromotionAdmin
from marketing.admin.segments import SegmentAdmin
from marketing.admin.uses import PromotionUseAdmin

__all__ = [
    "AlertAdmin",
    "CouponAdmin",
    "LandingPageAdmin",
    "PromotionAdmin",
    "PromotionUseAdmin",
    "SegmentAdmin",
]
