"""The product page: choosing by links, pictures, stock, delivery, what search engines read."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from catalog.models import OptionValue, Price, Product, Variant
from tests.factories import (
    ImageFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    RateFactory,
    VariantFactory,
    in_stock,
)
from tests.factories.shelf import product_with, review_of, shelve

pytestmark = pytest.mark.django_db
GLAZES = {"Glaze": ["Ash", "Moss"]}
SIZES = {"Size": ["200 ml", "320 ml"]}


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def page(client, product, sku=""):
    response = client.get(f"/p/{product.slug}/", {"v": sku} if sku else {})
    assert response.status_code == 200
    return response.context


def links(context, option):
    values = next(one.values for one in context["options"] if one.name == option)
    return {value.label: value for value in values}


def test_without_a_word_the_first_variant_in_stock_is_shown(client):
    product = product_with(GLAZES, slug="mug", units=0)
    in_stock(variant=product.variants.get(label="Moss"))
    shelve()

    assert page(client, product)["offer"].sku == "MUG-MOSS"


def test_an_address_names_its_variant_in_any_case(client):
    product = product_with(GLAZES, slug="mug")

    assert page(client, product, "mug-moss")["offer"].sku == "MUG-MOSS"


@pytest.mark.parametrize("sku", ["nothing", "' or 1=1", "x" * 500])
def test_an_unknown_variant_shows_the_usual_one(client, sku):
    product = product_with(GLAZES, slug="mug")

    assert page(client, product, sku)["offer"].sku == "MUG-ASH"


def test_a_value_keeps_the_other_choices(client):
    product = product_with({**GLAZES, **SIZES}, slug="mug")

    context = page(client, product, "MUG-MOSS-320ML")

    assert links(context, "Glaze")["Ash"].url == "/p/mug/?v=MUG-ASH-320ML"
    assert links(context, "Size")["200 ml"].url == "/p/mug/?v=MUG-MOSS-200ML"
    assert [option.chosen for option in context["options"]] == ["Moss", "320 ml"]


def test_a_value_that_does_not_go_with_the_others_leads_to_one_it_goes_with(client):
    product = product_with({**GLAZES, **SIZES}, slug="mug")
    Variant.objects.filter(sku="MUG-MOSS-320ML").update(is_active=False)

    moss = links(page(client, product, "MUG-ASH-320ML"), "Glaze")["Moss"]

    assert (moss.is_impossible, moss.url) == (True, "/p/mug/?v=MUG-MOSS-200ML")


def test_sold_out_values_stay_in_sight(client):
    product = product_with(GLAZES, slug="mug", units=0)
    in_stock(variant=product.variants.get(label="Ash"))

    values = links(page(client, product), "Glaze")

    assert (values["Ash"].is_sold_out, values["Moss"].is_sold_out) == (False, True)
    assert not values["Moss"].is_impossible


def test_values_nobody_can_choose_are_not_shown(client):
    product = product_with(GLAZES, slug="mug")
    Variant.objects.filter(sku="MUG-MOSS").update(is_active=False)

    assert list(links(page(client, product), "Glaze")) == ["Ash"]


def test_values_tell_their_price_when_it_differs(client):
    product = product_with({**GLAZES, **SIZES}, slug="mug")
    for variant in product.variants.filter(label__endswith="320 ml"):
        variant.prices.update(amount=Decimal("24.50"))

    context = page(client, product, "MUG-ASH-200ML")

    assert {label: one.price_text for label, one in links(context, "Size").items()} == {
        "200 ml": "£22",
        "320 ml": "£24.50",
    }
    assert {one.price_text for one in links(context, "Glaze").values()} == {""}


def test_pictures_of_the_choice_come_first_and_those_of_others_not_at_all(client):
    product = product_with(GLAZES, slug="mug")
    moss = OptionValue.objects.get(name="Moss")
    ImageFactory(product=product, alt="Ash", value=OptionValue.objects.get(name="Ash"))
    ImageFactory(product=product, alt="All", value=None, position=1)
    ImageFactory(product=product, alt="Moss", value=moss, position=2)

    gallery = page(client, product, "MUG-MOSS")["gallery"]

    assert [picture.alt for picture in gallery] == ["Moss", "All"]
    assert [picture.anchor for picture in gallery] == ["picture-1", "picture-2"]


def test_a_choice_without_pictures_of_its_own_shows_all(client):
    product = product_with(GLAZES, slug="mug")
    ImageFactory(product=product, alt="Ash", value=OptionValue.objects.get(name="Ash"))

    assert [one.alt for one in page(client, product, "MUG-MOSS")["gallery"]] == ["Ash"]


@pytest.mark.parametrize(
    ("units", "text", "tone", "can_buy"),
    [
        (0, "Sold out", "bad", False),
        (2, "Only 2 left", "warn", True),
        (40, "In stock, ready to post", "ok", True),
    ],
)
def test_says_what_is_left(client, units, text, tone, can_buy):
    offer = page(client, product_with(units=units))["offer"]

    assert (offer.stock_text, offer.stock_tone, offer.can_buy) == (text, tone, can_buy)


def test_sells_no_more_than_the_few_that_are_left(client):
    assert page(client, product_with(units=2))["offer"].quantities.most == 2


@pytest.mark.parametrize(
    ("now", "arrival", "cutoff"),
    [
        # A Wednesday before and after the cut-off at two; two to three working days on the way.
        ("2026-11-18 09:00Z", "Arrives Fri 20 Nov to Mon 23 Nov", "If you order by 2 pm"),
        (
            "2026-11-18 16:00Z",
            "Arrives Mon 23 Nov to Tue 24 Nov",
            "If you order by Thu 19 Nov, 2 pm",
        ),
    ],
)
def test_names_the_days_of_arrival(client, now, arrival, cutoff):
    RateFactory()
    with time_machine.travel(now, tick=False):
        delivery = page(client, product_with())["delivery"]

    assert (delivery.arrival_text, delivery.cutoff_text) == (arrival, cutoff)
    assert delivery.cost_text == "Delivery £3.90, free over £60"


def test_is_kept_no_longer_than_its_day_of_arrival_is_true(client):
    RateFactory()
    product = product_with()

    with time_machine.travel("2026-11-18 13:50Z", tick=False):
        response = client.get(f"/p/{product.slug}/")

    assert response.keep_seconds == 600


def test_reviews_are_counted_by_stars_and_shown_with_our_answer(client):
    product = product_with()
    review_of(product, stars=5, reply="Thank you!")
    review_of(product, stars=4, written_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    review_of(product, stars=1, status="refused")

    reviews = page(client, product)["reviews"]

    assert (reviews.average, reviews.count) == (4.5, 2)
    assert reviews.distribution[:2] == ((5, 1, 50), (4, 1, 50))
    assert [(one.stars, one.reply) for one in reviews.items] == [(4, ""), (5, "Thank you!")]


def test_shows_what_is_like_it_and_what_goes_with_it(client):
    mug, other, tea = (
        product_with(title="Mug"),
        product_with(title="Bowl"),
        product_with(title="Tea"),
    )
    mug.goes_with.add(tea)
    shelve()

    context = page(client, mug)

    assert [card.title for card in context["similar"]] == ["Bowl"]
    assert [card.title for card in context["goes_with"]] == ["Tea"]
    assert other.title == "Bowl"


def test_what_is_not_made_any_more_is_gone_and_offers_others(client):
    product = product_with()
    product_with(title="Another")
    Product.objects.filter(pk=product.pk).update(status=Product.Status.ARCHIVED)
    shelve()

    response = client.get(f"/p/{product.slug}/")

    assert response.status_code == 410
    assert [card.title for card in response.context["popular"]] == ["Another"]


def test_what_is_not_on_sale_yet_is_not_found(client):
    draft = ProductFactory(status=Product.Status.DRAFT)
    unpriced = VariantFactory().product
    Price.objects.all().delete()
    nothing_to_buy = ProductFactory()

    for product in (draft, unpriced, nothing_to_buy):
        assert client.get(f"/p/{product.slug}/").status_code == 404
    assert client.get("/p/nothing/").status_code == 404


def test_another_market_has_its_own_price_and_addresses(client):
    eu = MarketFactory(eu=True)
    product = product_with(slug="mug")
    PriceFactory(variant=product.variants.get(), market=eu, amount=Decimal(27))
    shelve()

    response = client.get("/eu/p/mug/")

    assert (response.context["offer"].price, response.context["offer"].currency) == (27, "EUR")
    assert response.context["seo"].canonical == "http://127.0.0.1:8000/eu/p/mug/"
    assert response.context["seo"].alternates == [
        ("en-GB", "http://127.0.0.1:8000/p/mug/"),
        ("en-IE", "http://127.0.0.1:8000/eu/p/mug/"),
        ("x-default", "http://127.0.0.1:8000/p/mug/"),
    ]


def test_descriptions_are_shown_as_they_were_formatted_and_never_act(client):
    product = product_with(description="<p>A <b>mug</b></p><script>alert(1)</script>")

    html = client.get(f"/p/{product.slug}/").content.decode()

    assert "<p>A <b>mug</b></p>" in html
    assert "alert(1)" not in html


def test_tells_search_engines_every_variant_with_price_and_stock(client):
    RateFactory()
    product = product_with(GLAZES, slug="mug", units=0, description="A mug with a bare clay foot.")
    in_stock(variant=product.variants.get(label="Ash"))
    review_of(product)
    shelve()

    crumbs, group = page(client, product)["seo"].json_ld

    assert [one["name"] for one in crumbs["itemListElement"]] == ["Home", "Mugs", product.title]
    assert (group["@type"], group["variesBy"]) == ("ProductGroup", ["https://schema.org/color"])
    offers = {one["sku"]: one["offers"] for one in group["hasVariant"]}
    assert offers["MUG-ASH"]["price"] == "22.00"
    assert offers["MUG-ASH"]["availability"] == "https://schema.org/InStock"
    assert offers["MUG-MOSS"]["availability"] == "https://schema.org/OutOfStock"
    assert offers["MUG-ASH"]["shippingDetails"]["shippingRate"]["value"] == "3.90"
    assert offers["MUG-ASH"]["hasMerchantReturnPolicy"]["merchantReturnDays"] == 30
    assert group["aggregateRating"]["ratingValue"] == "5.0"
