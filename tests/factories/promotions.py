"""Promotions with what they ask and give, codes of theirs, and customers they are for."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from marketing.models import Benefit, Condition, Coupon, Promotion, Segment


class PromotionFactory(DjangoModelFactory):
    """10 % off everything, by itself; `percent=None` leaves it without a benefit."""

    class Meta:
        model = Promotion
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Promotion {n}")
    label = "10% off"

    @factory.post_generation
    def percent(self, create, extracted, **kwargs):
        if create and (extracted or not kwargs.get("none")):
            gives(self, "percent", percent=str(extracted or 10))


class CouponFactory(DjangoModelFactory):
    """A code of a promotion that wants one."""

    class Meta:
        model = Coupon

    promotion = factory.SubFactory(PromotionFactory, is_automatic=False)
    code = factory.Sequence(lambda n: f"SPRING{n}")
    created_at = factory.LazyFunction(timezone.now)


class SegmentFactory(DjangoModelFactory):
    class Meta:
        model = Segment

    name = factory.Sequence(lambda n: f"Segment {n}")


def promotion(kind, params=None, **fields):
    """A promotion that gives one thing."""
    made = PromotionFactory(percent__none=True, **fields)
    Benefit.objects.create(promotion=made, kind=kind, params=params or {})
    return made


def gives(promotion, kind, **params):
    return Benefit.objects.create(promotion=promotion, kind=kind, params=params)


def asks(promotion, kind, **params):
    return Condition.objects.create(promotion=promotion, kind=kind, params=params)
