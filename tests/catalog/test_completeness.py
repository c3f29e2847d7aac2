"""Completeness: what a product's data lacks, as a score."""

import pytest
from django.utils import timezone

from catalog.models import Category, Price, Product, SafetyParty
from catalog.services import completeness
from catalog.services.completeness import CHECKS, Facts, Part, gaps_of, score
from shop.processes import browsing
from tests.factories import (
    ImageFactory,
    MarketFactory,
    ProductFactory,
    ProductTypeFactory,
    VariantFactory,
)
from tests.factories.questions import answer, ask
from tests.factories.shelf import product_with

pytestmark = pytest.mark.django_db
WHOLE = Part(barcode="4006381333931", grams=390, hs_code="69120023", origin="GB")


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def full_product(**fields):
    return Product(
        **{
            "title": "Mug",
            "type": ProductTypeFactory(),
            "category": Category(pk=1),
            "description": "<p>" + "Thrown by hand. " * 20 + "</p>",
            "meta_title": "Mug",
            "meta_description": "A mug.",
            **fields,
        }
    )


def full(**changes):
    product = changes.pop("product", None) or full_product()
    return Facts(**{"product": product, "alts": ["A mug"], "parts": [WHOLE], **changes})


def test_nothing_missing_is_a_hundred():
    assert score(full(sold_in_eu=True)) == (100, [])


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"alts": ["A mug", " "]}, "alt"),
        ({"parts": [WHOLE, Part("123", 390, "69120023", "GB")]}, "gtin"),
        ({"parts": [Part("4006381333931", 0, "69120023", "GB")]}, "weight"),
        ({"parts": [Part("4006381333931", 390, "", "GB")]}, "hs_code"),
        ({"parts": [Part("4006381333931", 390, "69120023", "")]}, "origin"),
        ({"open_answers": 1}, "attributes"),
        ({"unpriced": 1}, "price"),
        ({"unsafe": 1, "sold_in_eu": True}, "safety"),
    ],
)
def test_each_gap_costs_and_is_named(changes, gap):
    found, gaps = score(full(**changes))

    assert gaps == [gap]
    assert 0 < found < 100


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({"description": "<p>" + "<b></b>" * 90 + "Short.</p>"}, "description"),
        ({"meta_title": ""}, "meta_title"),
        ({"meta_description": ""}, "meta_description"),
        ({"category": None}, "category"),
    ],
)
def test_texts_and_places_count(fields, gap):
    assert score(full(product=full_product(**fields)))[1] == [gap]


def test_an_empty_product_has_next_to_nothing():
    empty = Product(title="Mug", type=ProductTypeFactory())

    found, gaps = score(Facts(product=empty, sold_in_eu=True, unsafe=1, open_answers=1))

    assert found == 0
    assert set(gaps) == {check.code for check in CHECKS}


def test_what_is_not_sent_needs_no_weight_and_no_customs_code():
    course = full_product(type=ProductTypeFactory(code="courses", is_shipped=False))

    assert score(full(product=course, parts=[Part("", 0, "", "")])) == (100, [])


def test_codes_fit_their_column_and_anchors_lead_somewhere():
    assert all(len(check.code) <= 20 and check.anchor and check.label for check in CHECKS)


def test_gaps_are_shown_weightiest_first_and_forgotten_ones_left_out():
    product = Product(gaps=["origin", "image", "gone"])

    assert [check.code for check in gaps_of(product)] == ["image", "origin"]


def test_is_kept_with_the_product_when_its_cards_are_made():
    product = product_with()
    ImageFactory(product=product)

    browsing.refresh_cards(product_ids=[product.pk], now=timezone.now())

    product.refresh_from_db()
    assert 0 < product.completeness < 100
    assert {"gtin", "description"} <= set(product.gaps)
    assert "image" not in product.gaps


def test_drafts_have_a_score_too():
    draft = ProductFactory(status="draft")

    browsing.refresh_cards(product_ids=None, now=timezone.now())

    draft.refresh_from_db()
    assert draft.completeness > 0
    assert "price" in draft.gaps


def test_every_market_wants_a_price_and_the_union_wants_to_know_who_answers():
    eu = MarketFactory(eu=True)
    variant = VariantFactory()
    Product.objects.update(manufacturer=None, needs_no_warning=False)

    completeness.refresh(product_ids=[variant.product_id])
    assert {"price", "safety"} <= set(Product.objects.get().gaps)

    Price.objects.create(variant=variant, market=eu, amount=25)
    maker = SafetyParty.objects.create(name="Kiln", address="Cork", country="IE", contact="a@b.ie")
    Product.objects.update(manufacturer=maker, needs_no_warning=True)
    completeness.refresh(product_ids=[variant.product_id])
    assert {"price", "safety"}.isdisjoint(Product.objects.get().gaps)


def test_what_the_type_needs_counts_until_it_is_answered():
    kind = ProductTypeFactory()
    ask(kind, "capacity", is_required=True)
    product = ProductFactory(type=kind)

    completeness.refresh(product_ids=[product.pk])
    assert "attributes" in Product.objects.get().gaps

    answer(product, capacity=320)
    completeness.refresh(product_ids=[product.pk])
    assert "attributes" not in Product.objects.get().gaps


def test_many_products_are_scored_in_ten_queries(django_assert_max_num_queries):
    ids = [product_with().pk for _number in range(5)]

    with django_assert_max_num_queries(10):
        assert completeness.refresh(product_ids=ids) == 5


def test_nothing_is_written_when_nothing_changed():
    product = product_with()
    completeness.refresh(product_ids=[product.pk])

    assert completeness.refresh(product_ids=[product.pk]) == 0
