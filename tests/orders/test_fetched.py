"""Pickup points and collecting in the checkout, and goods that must not be sent."""

import pytest

from inventory.models import Allocation
from orders.models import Order
from shipping.models import Method, Restriction
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    MethodFactory,
    RateFactory,
    TaxRateFactory,
)
from tests.factories.floor import LocationFactory, shelved
from tests.factories.shipping import CarrierFactory, PickupPointFactory
from tests.orders.test_checkout_page import TYPED

pytestmark = pytest.mark.django_db
URL = "/checkout/"


@pytest.fixture
def line(client):
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    line = CartLineFactory(variant=shelved(5), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


def way(kind, code, **fields):
    method = MethodFactory(code=code, name=code.title(), kind=kind, **fields)
    RateFactory(method=method, price="1.50", free_from=None)
    return method


def submit(client, **changes):
    return client.post(URL, {**TYPED, **changes})


class TestPickupPoints:
    @pytest.fixture(autouse=True)
    def to_points(self, line):
        way(Method.Kind.POINT, "kiosk", provider=CarrierFactory())
        PickupPointFactory(code="far", name="Far kiosk", postcode="N22 1AA")
        PickupPointFactory(code="near", name="Near kiosk", postcode="N1 9GU")
        PickupPointFactory(code="else", name="Other town", postcode="SW1A 1AA")

    def test_points_near_the_address_are_offered_the_nearest_first(self, client):
        html = client.post(URL, {**TYPED, "refresh": "1"}).content.decode()

        assert html.index("Near kiosk") < html.index("Far kiosk")
        assert "Other town" not in html

    def test_the_door_stays_the_first_choice(self, client):
        ways = client.get(URL).context["methods"]

        assert [one.value for one in ways if one.is_chosen] == ["tracked-48"]

    def test_the_choice_is_kept_on_the_order(self, client):
        submit(client, shipping_method="kiosk", pickup="point:near")

        order = Order.objects.get()
        assert order.pickup == {
            "kind": "point",
            "code": "near",
            "name": "Near kiosk",
            "lines": ["1 High Street", "London N1 9GU"],
            "hours": "Mon–Sat 8–20",
        }

    def test_a_first_look_has_no_postcode_to_look_near(self, client):
        html = client.get(URL).content.decode()

        assert 'name="near_shown" value=""' in html
        assert 'value="None"' not in html

    def test_a_point_near_another_postcode_can_be_looked_for(self, client):
        answer = submit(client, shipping_method="kiosk", near="SW1A", near_shown="")

        assert answer.status_code == 200
        assert "Other town" in answer.content.decode()
        assert not Order.objects.exists()

    def test_and_chosen(self, client):
        submit(client, shipping_method="kiosk", near="SW1A", near_shown="SW1A", pickup="point:else")

        assert Order.objects.get().pickup["name"] == "Other town"

    @pytest.mark.parametrize("pickup", ["", "point:nowhere", "collect:near", "near", "point:"])
    def test_without_a_point_nothing_is_ordered(self, client, pickup):
        answer = submit(client, shipping_method="kiosk", pickup=pickup)

        assert answer.status_code == 409
        assert "Choose where you would like to fetch it." in answer.content.decode()

    def test_a_point_that_closed_meanwhile_is_refused(self, client):
        CarrierFactory().points.update(is_active=False)

        assert submit(client, shipping_method="kiosk", pickup="point:near").status_code == 409

    def test_to_the_door_a_point_means_nothing(self, client):
        submit(client, pickup="point:near")

        assert Order.objects.get().pickup == {}


class TestCollecting:
    @pytest.fixture
    def studio(self, line):
        way(Method.Kind.COLLECT, "studio")
        place = LocationFactory(
            code="studio",
            name="Studio",
            line1="1 Mill Lane",
            city="Leeds",
            country="GB",
            offers_collection=True,
            sends_orders=False,
        )
        shelved(2, variant=line.variant, location=place)
        return place

    def test_it_is_offered_where_all_of_it_lies(self, client, studio):
        codes = [one.value for one in client.get(URL).context["methods"]]

        assert codes == ["studio", "tracked-48"]

    def test_and_nowhere_else(self, client, studio, line):
        line.quantity = 3
        line.save()

        assert [one.value for one in client.get(URL).context["methods"]] == ["tracked-48"]

    def test_the_goods_come_from_that_place_alone(self, client, studio):
        client.get(URL)

        submit(client, shipping_method="studio", pickup="collect:studio")

        order = Order.objects.get()
        assert order.pickup["name"] == "Studio"
        taken = Allocation.objects.get()
        assert (taken.stock_item.location, taken.quantity) == (studio, 2)

    def test_a_single_place_needs_no_choice(self, client, studio):
        submit(client, shipping_method="studio")

        assert Order.objects.get().pickup["code"] == "studio"

    def test_another_place_than_offered_is_refused(self, client, studio):
        assert submit(client, shipping_method="studio", pickup="collect:x").status_code == 409

    def test_sold_out_there_it_can_t_be_collected(self, client, studio, line):
        shelved(-1, variant=line.variant, location=studio)

        assert submit(client, shipping_method="studio").status_code == 409
        assert not Order.objects.exists()


class TestRestrictions:
    @pytest.fixture(autouse=True)
    def banned(self, line):
        rule = Restriction.objects.create(
            name="Clay", countries=["GB"], reason="Clay may not be imported."
        )
        rule.products.add(line.variant.product)

    def test_the_basket_says_why(self, client):
        assert "Clay may not be imported." in client.get("/cart/").content.decode()

    def test_the_checkout_says_so_before_payment(self, client):
        assert "Clay may not be imported." in client.get(URL).content.decode()

    def test_placing_refuses_it(self, client):
        answer = submit(client)

        assert answer.status_code == 409
        assert "Clay may not be imported." in answer.content.decode()
        assert not Order.objects.exists()

    def test_the_product_page_tells_it(self, client, line):
        html = client.get(line.variant.product.get_absolute_url()).content.decode()

        assert "We can&#x27;t send this to United Kingdom. Clay may not be imported." in html
