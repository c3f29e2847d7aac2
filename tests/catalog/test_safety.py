"""Nothing is offered in the EU that does not name who answers for it."""

import pytest
from django.utils import timezone

from catalog.models import Card
from catalog.queries.safety import missing_for
from orders.services import carts
from orders.services.carts import NotForSale
from shop.processes import browsing
from tests.factories import (
    MarketFactory,
    PriceFactory,
    ProductFactory,
    ProductTypeFactory,
    SafetyPartyFactory,
    VariantFactory,
    in_stock,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def eu(demo_market):
    return MarketFactory(eu=True)


def sold_everywhere(eu, **facts):
    variant = VariantFactory(product=ProductFactory(**facts))
    PriceFactory(variant=variant, market=eu)
    in_stock(variant=variant)
    browsing.refresh_cards(product_ids=[variant.product_id], now=timezone.now())
    return variant


def abroad():
    return SafetyPartyFactory(name="Far Kiln", country="GB")


@pytest.mark.parametrize(
    ("facts", "gap"),
    [
        ({"manufacturer": None}, "The manufacturer is not named."),
        ({"needs_no_warning": False}, "No warning in the language “en”"),
        ({"needs_no_warning": False, "warnings": {"de": "Heiß."}}, "No warning in the language"),
    ],
)
def test_a_product_without_its_safety_block_stays_out_of_the_eu(eu, client, facts, gap):
    variant = sold_everywhere(eu, **facts)

    assert missing_for(variant.product, eu)[0].startswith(gap)
    assert [card.market.code for card in Card.objects.filter(product=variant.product)] == ["uk"]
    assert client.get(f"/eu{variant.product.get_absolute_url()}").status_code == 404
    assert client.get(variant.product.get_absolute_url()).status_code == 200


def test_it_can_not_be_put_into_a_basket_there_either(eu):
    variant = sold_everywhere(eu, manufacturer=None)

    with pytest.raises(NotForSale):
        carts.add(token="", market=eu, sku=variant.sku, quantity=1, now=timezone.now())


def test_a_manufacturer_outside_the_eu_needs_somebody_inside(eu):
    alone = ProductFactory(manufacturer=abroad())
    beside = ProductFactory(manufacturer=abroad(), responsible=SafetyPartyFactory())
    pretended = ProductFactory(manufacturer=abroad(), responsible=abroad())

    assert "name a responsible person" in missing_for(alone, eu)[0]
    assert missing_for(beside, eu) == []
    assert missing_for(pretended, eu) == ["The responsible person has to be in the EU."]


def test_the_page_tells_who_answers_for_it_and_what_to_mind(eu, client):
    variant = sold_everywhere(eu, needs_no_warning=False, warnings={"en": "Keep off the hob."})

    page = client.get(f"/eu{variant.product.get_absolute_url()}").content.decode()

    assert "Keep off the hob." in page
    assert "Kiln Works" in page
    assert "safety@kilnworks.example" in page


def test_a_file_is_not_asked_for_a_safety_block(eu):
    kind = ProductTypeFactory(code="files", is_shipped=False)
    product = ProductFactory(type=kind, manufacturer=None, needs_no_warning=False)

    assert missing_for(product, eu) == []
