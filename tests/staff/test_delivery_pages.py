"""Staff pages of zones, methods, boxes, points and restrictions, and the one to try them."""

import pytest
from django.urls import reverse

from shipping.models import Box, Method, PickupPoint, Restriction, Zone
from tests.factories import MethodFactory, RateFactory, VariantFactory, ZoneFactory
from tests.factories.shipping import BoxFactory, CarrierFactory, PickupPointFactory

pytestmark = pytest.mark.django_db
TRY = "/admin/shipping/method/try/"


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def tried(owner, **said):
    asked = {"market": "uk", "country": "GB", "postcode": "N1 9GU", "try": "1"} | said
    return owner.get(TRY, asked)


def test_every_method_says_whether_it_does_it_and_why_not(owner, market):
    RateFactory()
    RateFactory(method=MethodFactory(code="isles", name="Isles", postcodes=["IM"]))
    mug = VariantFactory(grams=400, length_mm=100, width_mm=100, height_mm=90)
    BoxFactory(name="Mug box")

    page = tried(owner, market=market.code, goods=f"{mug.sku.lower()} 2")

    html = page.content.decode()
    assert page.status_code == 200
    assert "Mug box" in html
    assert "£3.90" in html
    assert "It does not go to this postcode." in html


@pytest.mark.parametrize("goods", ["", "NONE-1", "{sku} 0", "{sku} x", "{sku} 9999"])
def test_odd_goods_are_told(owner, market, goods):
    RateFactory()
    sku = VariantFactory().sku

    page = tried(owner, market=market.code, goods=goods.format(sku=sku))

    assert page.status_code == 200
    assert "judged" not in page.context
    assert page.context["form"].errors["goods"]


def test_the_trial_is_for_those_who_see_methods(sign_in):
    assert sign_in("catalogue").get(TRY).status_code == 403


def test_the_list_leads_to_the_trial(owner):
    RateFactory()

    html = owner.get(reverse("admin:shipping_method_changelist")).content.decode()

    assert TRY in html


@pytest.mark.parametrize("make", [ZoneFactory, MethodFactory, BoxFactory, PickupPointFactory])
def test_each_has_a_list_and_a_page(owner, make):
    row = make()
    name = row._meta.model_name

    assert owner.get(reverse(f"admin:shipping_{name}_changelist")).status_code == 200
    assert owner.get(reverse(f"admin:shipping_{name}_change", args=[row.pk])).status_code == 200


def test_countries_are_written_in_capitals(owner):
    inline = {"methods-TOTAL_FORMS": "0", "methods-INITIAL_FORMS": "0"}

    owner.post(
        reverse("admin:shipping_zone_add"), {"name": "Here", "countries": "gb, ie ,gb", **inline}
    )

    assert Zone.objects.get().countries == ["GB", "IE"]


def test_a_country_is_two_letters(owner):
    inline = {"methods-TOTAL_FORMS": "0", "methods-INITIAL_FORMS": "0"}

    page = owner.post(
        reverse("admin:shipping_zone_add"), {"name": "Here", "countries": "England", **inline}
    )

    assert page.status_code == 200
    assert not Zone.objects.exists()


def test_a_restriction_names_what_it_is_about(owner):
    page = owner.post(
        reverse("admin:shipping_restriction_add"),
        {"name": "Tea", "countries": "FR", "reason": "No tea.", "is_active": "on"},
    )

    assert page.status_code == 200
    assert not Restriction.objects.exists()


def test_a_box_and_a_point_can_be_added(owner):
    sizes = {"length_mm": "300", "width_mm": "200", "height_mm": "100", "max_grams": "5000"}
    owner.post(
        reverse("admin:shipping_box_add"),
        {"name": "S", "tare_grams": "50", "cost": "0.40", "is_active": "on", **sizes},
    )
    place = {"name": "Kiosk", "line1": "1 Row", "city": "London", "postcode": "N1 9GU"}
    owner.post(
        reverse("admin:shipping_pickuppoint_add"),
        {"carrier": CarrierFactory().pk, "code": "K1", "country": "gb", "is_active": "on", **place},
    )

    assert Box.objects.get().name == "S"
    assert PickupPoint.objects.get().country == "GB"
    assert Method.objects.count() == 0
