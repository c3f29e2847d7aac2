"""Trying a basket shows what every promotion does to it, and keeps nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Customer
from catalog.models import Category
from marketing.models import Coupon, Promotion
from orders.models import Cart, CartLine, Order
from tests.factories.customers import GroupFactory
from tests.factories.promotions import CouponFactory, PromotionFactory, asks, promotion
from tests.factories.shipping import RateFactory
from tests.staff.promotions.forms import LIST, page_of, said

pytestmark = pytest.mark.django_db

TRY = f"{LIST}try/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def members():
    return GroupFactory(code="members")


@pytest.fixture
def three(members, mug):
    """3 for 2 on mugs, a tenth for members, free delivery over 60."""
    RateFactory(method__code="tracked-48", free_from=None)
    mugs = Category.objects.get(url_path="mugs")
    groups = {"buy": 2, "get": 1, "percent": "100", "scope": {"categories": [mugs.pk]}}
    promotion("groups", groups, name="3 for 2 on mugs", lane=0)
    tenth = promotion("percent", {"percent": "10"}, name="10% for members")
    asks(tenth, "group", ids=[members.pk])
    free = promotion("shipping", {"percent": "100"}, name="Free over 60", lane=2)
    asks(free, "item_total", least={"GBP": "60.00"})


def basket(*lines, **fields):
    data = {"try": "1", "market": "uk"} | fields
    for number, (variant, units) in enumerate(lines):
        data |= {f"sku_{number}": variant.sku, f"units_{number}": units}
    return data


def told(page, number):
    return [row.name for row in page.context["groups"][number][2]]


def test_the_preview_says_which_combine(marketing, mug, three, members):
    page = marketing.get(TRY, basket((mug.variants.get(), 3), groups=[members.pk]))

    assert told(page, 0) == ["3 for 2 on mugs", "10% for members", "Free over 60"]
    words = said(page)
    assert "“3 for 2 on mugs”, “10% for members” and “Free over 60” combine." in words
    # Two mugs at 20.00 less a tenth; delivery is free.
    assert str(page.context["quote"].total.gross) == "36.00"
    assert "− £20.00 3 for 2 on mugs" in words
    assert "− £4.00 10% for members" in words


def test_the_preview_says_what_is_not_met_and_why(marketing, mug, three):
    page = marketing.get(TRY, basket((mug.variants.get(), 1)))

    others = {row.name: row.why for row in page.context["groups"][2][2]}
    assert set(others) == {"3 for 2 on mugs", "10% for members", "Free over 60"}
    assert all(others.values())
    assert "No promotion applies to this basket." in said(page)


def test_the_preview_says_which_loses_to_what(marketing, mug):
    PromotionFactory(name="A fifth", percent=20)
    PromotionFactory(name="A tenth", percent=10)

    page = marketing.get(TRY, basket((mug.variants.get(), 1)))

    assert told(page, 0) == ["A fifth"]
    assert told(page, 1) == ["A tenth"]
    assert "“A fifth” applies. “A tenth” loses." in said(page)
    assert "A fifth" in page.context["groups"][1][2][0].why


def test_one_that_is_off_is_tried_as_if_it_ran_and_stays_off(marketing, mug):
    made = PromotionFactory(name="Later", is_active=False, starts_at=timezone.now() + DAY)

    without = marketing.get(TRY, basket((mug.variants.get(), 1)))
    tried = marketing.get(TRY, basket((mug.variants.get(), 1), promotion=made.pk))

    assert told(without, 0) == []
    assert told(tried, 0) == ["Later"]
    made.refresh_from_db()
    assert not made.is_active
    assert made.starts_at is not None


def test_one_that_wants_a_code_has_one_while_it_is_tried(marketing, mug):
    made = PromotionFactory(name="Coded", is_automatic=False)

    page = marketing.get(TRY, basket((mug.variants.get(), 1), promotion=made.pk))

    assert told(page, 0) == ["Coded"]
    assert not Coupon.objects.exists()


def test_codes_are_tried_and_those_not_entered_are_named(marketing, mug):
    CouponFactory(code="SPRING", promotion__name="Spring")
    mine = mug.variants.get()

    without = marketing.get(TRY, basket((mine, 1), code="NO-SUCH"))
    entered = marketing.get(TRY, basket((mine, 1), code="spring"))

    assert [row.name for row in without.context["waiting"]] == ["Spring"]
    assert "NO-SUCH" in told(without, 2)
    assert told(entered, 0) == ["Spring"]


def test_another_day_is_tried(marketing, mug):
    tomorrow = timezone.localtime() + DAY
    PromotionFactory(name="Tomorrow", starts_at=timezone.now() + DAY / 2)

    page = marketing.get(TRY, basket((mug.variants.get(), 1), at=f"{tomorrow:%Y-%m-%dT%H:%M}"))

    assert told(page, 0) == ["Tomorrow"]


def test_trying_keeps_nothing(marketing, mug, three, members):
    made = PromotionFactory(name="Coded", is_automatic=False, is_active=False)
    fields = {"email": "new@example.com", "groups": [members.pk], "promotion": made.pk}

    marketing.get(TRY, basket((mug.variants.get(), 3), **fields))

    for model in (Cart, CartLine, Order, Customer, Coupon):
        assert not model.objects.exists()
    assert not Promotion.objects.get(pk=made.pk).is_active


def test_the_form_keeps_what_was_typed_and_names_what_is_unknown(marketing, mug):
    empty = marketing.get(TRY, {"try": "1", "market": "uk"})
    wrong = marketing.get(TRY, {"try": "1", "sku_0": "NO-SUCH", "units_0": "2"})

    assert "Put at least one SKU into the basket." in said(empty)
    assert "There is no piece with the SKU “NO-SUCH”." in said(wrong)
    assert 'value="NO-SUCH"' in said(wrong)


def test_the_page_of_a_promotion_leads_there(marketing, mug):
    made = PromotionFactory()

    page = said(marketing.get(page_of(made)))

    assert f"{TRY}?promotion={made.pk}" in page
    shown = marketing.get(f"{TRY}?promotion={made.pk}")
    assert shown.context["form"]["promotion"].value() == str(made.pk)


def test_who_may_see_promotions_may_try_them(sign_in, markets):
    assert sign_in("support").get(TRY).status_code == 200
    assert sign_in("warehouse").get(TRY).status_code == 403
