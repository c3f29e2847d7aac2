"""Cards: what lists read instead of the catalogue."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Card, Category, Product
from catalog.services import cards
from tests.factories import (
    CategoryFactory,
    ImageFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.shelf import known_facets, product_with, review_of, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def the_card():
    return Card.objects.get()


def test_names_the_lowest_and_the_highest_price_of_the_market():
    product = ProductFactory()
    VariantFactory(product=product, price=Decimal(18))
    VariantFactory(product=product, price=Decimal(26))

    shelve()

    assert (the_card().price_from, the_card().price_to) == (Decimal(18), Decimal(26))


def test_tells_the_former_price_of_what_is_cheapest():
    product = ProductFactory()
    VariantFactory(product=product, price=Decimal(18), price__compare_at=Decimal(20))
    VariantFactory(product=product, price=Decimal(26))

    shelve()

    assert the_card().compare_at == Decimal(20)


def test_exists_only_in_markets_where_the_product_has_a_price():
    eu = MarketFactory(eu=True)
    only_here, everywhere = VariantFactory(), VariantFactory()
    PriceFactory(variant=everywhere, market=eu, amount=Decimal(27))

    shelve()

    assert [card.product for card in Card.objects.in_market(eu)] == [everywhere.product]
    assert Card.objects.filter(product=only_here.product).count() == 1


@pytest.mark.parametrize("status", ["idea", "draft", "archived"])
def test_goes_when_the_product_is_not_on_sale_any_more(status):
    product = product_with()
    shelve()

    Product.objects.filter(pk=product.pk).update(status=status)
    shelve()

    assert not Card.objects.exists()


def test_does_not_come_before_its_day():
    product_with(published_at=timezone.now() + dt.timedelta(days=1))

    shelve()

    assert not Card.objects.exists()


def test_lies_on_its_shelf_and_on_those_above():
    root = CategoryFactory(name="Kitchen")
    shelf = Category.objects.add_child(
        root, instance=Category(name="Mugs", slug="mugs", url_path="kitchen/mugs")
    )
    product_with(category=shelf)

    shelve()

    assert the_card().categories == ["kitchen", "kitchen/mugs"]


def test_shows_at_most_six_swatches_and_the_other_option_as_words():
    glazes = ["Ash", "Moss", "Ink", "Rust", "Oat", "Sea", "Honey"]
    product_with({"Glaze": glazes, "Size": ["200 ml", "320 ml"]}, tiles=["Glaze"])

    shelve()

    assert [swatch["name"] for swatch in the_card().swatches] == glazes[:6]
    assert the_card().note == "200 ml, 320 ml"


def test_says_nothing_of_an_option_with_too_many_values():
    product_with({"Weight": ["50 g", "100 g", "250 g", "500 g", "1 kg"]})

    shelve()

    assert the_card().note == ""


def test_carries_a_token_per_value_on_sale_and_per_tag():
    product = product_with({"Glaze": ["Ash", "Moss"], "Size": ["320 ml"]}, tags=["Dishwasher safe"])
    product.variants.filter(label__startswith="Moss").update(is_active=False)

    shelve()

    assert set(the_card().facets) == {"glaze:ash", "size:320-ml", "tag:dishwasher-safe"}
    assert known_facets() >= set(the_card().facets)


def test_an_option_called_like_a_word_of_the_address_gets_another_key():
    product_with({"Price": ["Low", "High"]})

    shelve()

    assert set(the_card().facets) == {"option-price:low", "option-price:high"}


def test_knows_whether_anything_is_left_and_whether_it_is_little():
    plenty, little, none = product_with(), product_with(units=2), product_with(units=0)

    shelve()

    told = {card.product_id: (card.in_stock, card.is_low) for card in Card.objects.all()}
    assert told == {plenty.pk: (True, False), little.pk: (True, True), none.pk: (False, False)}


def test_what_is_not_sent_in_a_parcel_cannot_run_out():
    product = product_with(units=0)
    product.type.is_shipped = False
    product.type.save()

    shelve()

    assert the_card().in_stock


def test_averages_the_reviews_that_were_published():
    product = product_with()
    review_of(product, stars=5)
    review_of(product, stars=4)
    review_of(product, stars=1, status="waiting")

    shelve()

    assert (the_card().rating_avg, the_card().rating_count) == (Decimal("4.50"), 2)


def test_keeps_the_first_picture_ready_to_show():
    product = product_with()
    ImageFactory(product=product, position=2, alt="From above")
    ImageFactory(
        product=product,
        position=1,
        alt="",
        renditions={
            "image/webp": {"400": "products/a-400.webp", "800": "products/a-800.webp"},
            "image/avif": {"400": "products/a-400.avif"},
        },
    )

    shelve()

    assert the_card().image == {
        "alt": product.title,
        "width": 80,
        "height": 100,
        "src": "/media/products/a-800.webp",
        "srcset": "/media/products/a-400.webp 400w, /media/products/a-800.webp 800w",
        "sources": [["image/avif", "/media/products/a-400.avif 400w"]],
    }


def test_is_left_alone_when_nothing_about_it_changed():
    first, second = product_with(), product_with()
    shelve()
    Product.objects.filter(pk=second.pk).update(description="<p>Now with a thumb rest.</p>")

    changed = cards.build(products=[first.pk, second.pk], availability=_stock(), now=timezone.now())

    assert changed == {second.pk}


def _stock():
    return dict.fromkeys(VariantFactory._meta.model.objects.values_list("pk", flat=True), (10, 3))


def test_many_products_take_no_more_queries_than_one(django_assert_max_num_queries):
    for _ in range(30):
        product_with({"Glaze": ["Ash", "Moss"]}, tags=["Gift"])

    with django_assert_max_num_queries(20):
        cards.build(
            products=Product.objects.values_list("pk", flat=True),
            availability=_stock(),
            now=timezone.now(),
        )

    assert Card.objects.count() == 30
