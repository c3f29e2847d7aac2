"""What an order counts for, and gives back."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from marketing.models import Promotion, PromotionUse
from marketing.services import uses
from marketing.services.promotions import limits_changed
from marketing.services.uses import UsedUp, who_of
from tests.factories import placed_order
from tests.factories.promotions import CouponFactory, PromotionFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _take(order, *promotions, code=""):
    codes = {one.pk: code for one in promotions if code}
    with transaction.atomic():
        uses.take(
            order=order, taken={one.pk: Decimal("2.50") for one in promotions}, codes=codes, now=NOW
        )


def _coded(**fields):
    return PromotionFactory(is_automatic=False, **fields)


def _counted(row):
    row.refresh_from_db()
    return row.uses


def test_a_use_is_written_down_with_its_code_and_amount():
    coupon = CouponFactory(code="SPRING", usage_limit=5)
    order = placed_order(email="Alice@Example.com")

    _take(order, coupon.promotion, code="SPRING")

    use = PromotionUse.objects.get()
    assert (use.order, use.coupon, use.amount, use.at) == (order, coupon, Decimal("2.500"), NOW)
    assert use.who == who_of("alice@example.com")
    assert _counted(coupon) == 1


def test_the_digest_tells_nobody_the_address():
    digest = who_of(" Alice@Example.com")

    assert digest == who_of("alice@example.com") != who_of("bob@example.com")
    assert len(digest) == 64


def test_what_has_no_limit_is_not_counted():
    promotion = _coded()

    _take(placed_order(), promotion)

    assert _counted(promotion) == 0
    assert PromotionUse.objects.count() == 1


def test_a_limit_that_is_reached_takes_nothing_at_all():
    free, full = _coded(usage_limit=1), _coded(usage_limit=0)

    with pytest.raises(UsedUp) as caught:
        _take(placed_order(), free, full)

    assert caught.value.promotion_id == full.pk
    assert _counted(free) == 0
    assert not PromotionUse.objects.exists()


def test_the_code_that_ran_out_is_named():
    coupon = CouponFactory(code="ONE", usage_limit=1)
    _take(placed_order(), coupon.promotion, code="ONE")

    with pytest.raises(UsedUp) as caught:
        _take(placed_order(), coupon.promotion, code="ONE")

    assert caught.value.code == "ONE"
    assert "ONE" in caught.value.message


def test_one_customer_uses_it_as_often_as_allowed():
    promotion = _coded(per_customer_limit=2)
    for _n in range(2):
        _take(placed_order(email="alice@example.com"), promotion)

    with pytest.raises(UsedUp):
        _take(placed_order(email="ALICE@example.com"), promotion)
    _take(placed_order(email="bob@example.com"), promotion)

    assert PromotionUse.objects.count() == 3


def test_uses_are_given_back_once():
    coupon = CouponFactory(code="ONE", usage_limit=2, promotion__usage_limit=2)
    first, second = placed_order(), placed_order()
    for order in (first, second):
        _take(order, coupon.promotion, code="ONE")

    for _twice in range(2):
        uses.release(order=first, now=NOW)

    assert _counted(coupon) == _counted(coupon.promotion) == 1
    assert PromotionUse.objects.get(order=first).released_at == NOW
    assert PromotionUse.objects.get(order=second).released_at is None


def test_an_order_that_took_nothing_gives_nothing_back():
    uses.release(order=placed_order(), now=NOW)


def test_what_was_unlimited_until_now_is_counted_when_a_limit_is_set():
    coupon = CouponFactory(code="MANY")
    for _n in range(3):
        _take(placed_order(), coupon.promotion, code="MANY")
    Promotion.objects.update(usage_limit=4)
    coupon.usage_limit = 4
    coupon.save()

    limits_changed(promotion_id=coupon.promotion_id)

    assert _counted(coupon) == _counted(coupon.promotion) == 3


def test_a_limit_lowered_below_what_was_used_stops_it_and_breaks_nothing():
    promotion = _coded(usage_limit=5)
    _take(placed_order(), promotion)
    _take(placed_order(), promotion)
    Promotion.objects.update(usage_limit=1)

    with pytest.raises(UsedUp):
        _take(placed_order(), promotion)

    assert _counted(promotion) == 2


def test_a_plain_order_costs_no_query(django_assert_num_queries):
    order = placed_order()

    with django_assert_num_queries(0):
        uses.take(order=order, taken={}, codes={}, now=NOW)
