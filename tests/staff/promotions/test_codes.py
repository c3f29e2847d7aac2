"""Many codes are made, taken home, switched off together; cards are linked to customers."""

import pytest
from django.utils import timezone

from marketing.models import Coupon, PromotionUse
from tests.exported import without_mark
from tests.factories import placed_order
from tests.factories.customers import CustomerFactory
from tests.factories.promotions import CouponFactory, PromotionFactory
from tests.factories.stock import in_stock
from tests.staff.promotions.forms import LIST, said

pytestmark = pytest.mark.django_db

COUPONS = "/admin/marketing/coupon/"


@pytest.fixture
def coded(markets):
    return PromotionFactory(name="Coded", is_automatic=False)


def codes_of(promotion):
    return f"{LIST}{promotion.pk}/codes/"


def generate(client, promotion, **fields):
    told = {"make": "1", "count": "20", "begin": "spring", "batch": "May", "usage_limit": "1"}
    return client.post(codes_of(promotion), told | fields)


def found(client, query):
    return {one.code for one in client.get(f"{COUPONS}?{query}").context["cl"].result_list}


def test_many_codes_are_made_at_once(marketing, coded):
    answer = generate(marketing, coded)

    assert answer.status_code == 302
    codes = Coupon.objects.filter(promotion=coded, batch="May")
    assert codes.count() == 20
    assert all(one.code.startswith("SPRING-") for one in codes)
    page = said(marketing.get(codes_of(coded)))
    assert "May" in page
    assert ">20<" in page


def test_bad_wishes_are_told_beside_the_field(marketing, coded):
    page = said(generate(marketing, coded, count="0", begin="!!"))

    assert "greater than or equal to 1" in page
    assert not Coupon.objects.exists()
    assert "prefix" in said(generate(marketing, coded, begin="!!")).lower()


def test_a_batch_is_taken_home_as_a_file(marketing, coded):
    generate(marketing, coded, count="3")

    answer = marketing.get(f"{codes_of(coded)}list.csv?batch=May")

    lines = without_mark(answer.getvalue().decode()).splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("SPRING-")


def test_a_batch_is_switched_off_and_on(marketing, coded):
    generate(marketing, coded)

    marketing.post(codes_of(coded), {"batch": "May", "off": "1"})
    assert not Coupon.objects.filter(is_active=True).exists()
    marketing.post(codes_of(coded), {"batch": "May", "on": "1"})
    assert Coupon.objects.filter(is_active=True).count() == 20


def test_codes_are_found_by_code_batch_and_use(marketing, coded):
    used = CouponFactory(promotion=coded, code="SPRING", batch="May")
    CouponFactory(promotion=coded, code="SPRING-2")
    PromotionUse.objects.create(
        promotion=coded,
        coupon=used,
        order=placed_order(variant=in_stock()),
        who="x",
        amount=1,
        at=timezone.now(),
    )

    assert found(marketing, "q=spring") == {"SPRING"}
    assert found(marketing, "q=spring-") == {"SPRING-2"}
    assert found(marketing, "q=may") == {"SPRING"}
    assert found(marketing, "used=yes") == {"SPRING"}
    assert found(marketing, "used=no") == {"SPRING-2"}


def test_cards_are_numbered_linked_and_unlinked(marketing, coded):
    generate(marketing, coded, count="2", is_card="on")
    card = Coupon.objects.filter(is_card=True).first()
    alice = CustomerFactory(email="alice@example.com")
    page = f"{COUPONS}{card.pk}/change/"

    marketing.post(page, {"holder": "Alice@example.com", "is_active": "on", "usage_limit": ""})
    card.refresh_from_db()
    assert card.customer == alice
    assert card.linked_at is not None
    assert found(marketing, "card=linked") == {card.code}

    marketing.post(COUPONS, {"action": "unlink", "_selected_action": [card.pk]})
    card.refresh_from_db()
    assert card.customer is None


def test_a_card_for_nobody_we_know_is_refused(marketing, coded):
    card = CouponFactory(promotion=coded, is_card=True)

    answer = marketing.post(f"{COUPONS}{card.pk}/change/", {"holder": "no@example.com"})

    assert "There is no customer with this address." in said(answer)


def test_a_plain_code_belongs_to_nobody(marketing, coded):
    CustomerFactory(email="alice@example.com")

    answer = marketing.post(
        f"{COUPONS}add/",
        {"promotion": coded.pk, "code": "welcome", "holder": "alice@example.com"},
    )

    assert "Only discount cards belong to somebody." in said(answer)


def test_uses_are_looked_at_and_never_written(marketing, coded):
    use = PromotionUse.objects.create(
        promotion=coded,
        order=placed_order(variant=in_stock()),
        who="x",
        amount=1,
        at=timezone.now(),
    )

    assert marketing.get("/admin/marketing/promotionuse/add/").status_code == 403
    page = marketing.get(f"/admin/marketing/promotionuse/{use.pk}/change/")
    assert page.status_code == 200
    assert "who" not in page.context["adminform"].form.fields


def test_support_makes_no_codes(sign_in, coded):
    assert sign_in("support").get(codes_of(coded)).status_code == 403
    assert sign_in("support").get(COUPONS).status_code == 200
