"""Structured data as search engines read it from the finished page."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Price, PriceHistory, Variant
from tests.factories import MarketFactory, PriceFactory, RateFactory
from tests.factories.shelf import article, product_with, review_of, shelve

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# What search engines can't do without, by type; "a|b": one of them is enough.
NEEDED = {
    "Product": ["name", "image", "offers"],
    "ProductGroup": ["name", "productGroupID", "variesBy", "hasVariant"],
    "Offer": ["price", "priceCurrency", "availability", "itemCondition", "url",
              "hasMerchantReturnPolicy"],
    "UnitPriceSpecification": ["price", "priceCurrency"],
    "QuantitativeValue": ["value", "unitCode"],
    "BreadcrumbList": ["itemListElement"],
    "ListItem": ["position", "name"],
    "ItemList": ["itemListElement"],
    "OnlineStore": ["name", "url", "logo", "contactPoint", "hasMerchantReturnPolicy"],
    "WebSite": ["name", "url", "potentialAction"],
    "AggregateRating": ["ratingValue", "reviewCount"],
    "Review": ["author", "reviewRating", "datePublished"],
    "MerchantReturnPolicy": ["applicableCountry", "returnPolicyCategory", "merchantReturnDays"],
    "OfferShippingDetails": ["shippingRate", "shippingDestination"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def shop(demo_market):
    RateFactory()


def documents(client, path):
    page = client.get(path).content.decode()
    return [json.loads(text) for text in SCRIPT.findall(page)]


def nodes(thing):
    """Every object in a document that is more than a reference."""
    if isinstance(thing, list):
        for one in thing:
            yield from nodes(one)
    elif isinstance(thing, dict):
        if thing.keys() - {"@id", "@type", "@context"}:
            yield thing
        for value in thing.values():
            yield from nodes(value)


def find(client, path, kind):
    found = [one for one in nodes(documents(client, path)) if one.get("@type") == kind]
    assert found, kind
    return found


def offer(client, path="/p/mug/"):
    return find(client, path, "Offer")[0]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/", {"OnlineStore", "WebSite"}),
        ("/p/mug/", {"ProductGroup", "BreadcrumbList"}),
        ("/p/plain/", {"Product", "BreadcrumbList"}),
        ("/c/mugs/", {"BreadcrumbList", "CollectionPage"}),
        ("/help/delivery/", {"BreadcrumbList"}),
    ],
)
def test_every_kind_of_page_tells_what_it_is_and_nothing_needed_is_missing(client, path, kinds):
    article("Delivery")
    mug = product_with({"Glaze": ["Ash", "Moss"], "Size": ["200 ml"]}, slug="mug")
    review_of(mug)
    review_of(product_with(slug="plain"))
    shelve()

    found = documents(client, path)

    assert {one["@type"] for one in found} == kinds
    assert all(one["@context"] == "https://schema.org" for one in found)
    for node in nodes(found):
        missing = [name for name in NEEDED.get(node.get("@type"), ()) if not node.get(name)]
        told_elsewhere = node.get("@type") == "MerchantReturnPolicy" and "@id" in node
        if node.get("@type") == "Product" and "isVariantOf" not in node:
            missing += [] if node.get("brand") and node.get("sku") else ["brand, sku"]
        assert not missing or told_elsewhere, node


def test_a_group_names_what_its_variants_differ_in(client):
    product_with({"Glaze": ["Ash", "Moss"], "Size": ["200 ml", "320 ml"]}, slug="mug")
    shelve()

    (group,) = find(client, "/p/mug/", "ProductGroup")

    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert [one["sku"] for one in group["hasVariant"]][:2] == ["MUG-ASH-200ML", "MUG-ASH-320ML"]
    assert group["hasVariant"][3]["color"] == "Moss"
    assert group["hasVariant"][3]["size"] == "320 ml"


@pytest.mark.parametrize(
    ("barcode", "told"), [("4006381333931", "4006381333931"), ("4006381333932", None), ("", None)]
)
def test_tells_a_number_of_the_trade_only_when_it_is_one(client, barcode, told):
    product = product_with(slug="mug")
    Variant.objects.filter(product=product).update(barcode=barcode, mpn="MW-7")
    shelve()

    (found,) = find(client, "/p/mug/", "Product")

    assert found.get("gtin") == told
    assert found["mpn"] == "MW-7"


def test_a_plain_price_needs_no_more_words(client):
    product_with(slug="mug")
    shelve()

    assert offer(client)["price"] == "22.00"
    assert "priceSpecification" not in offer(client)


def test_a_price_by_weight_says_what_it_is_measured_by(client):
    product = product_with(slug="mug", price="12.50")
    Variant.objects.filter(product=product).update(content=Decimal("0.25"), content_unit="kg")
    shelve()

    (told,) = offer(client)["priceSpecification"]

    assert told == {
        "@type": "UnitPriceSpecification",
        "price": "12.50",
        "priceCurrency": "GBP",
        "referenceQuantity": {
            "@type": "QuantitativeValue",
            "value": "0.25",
            "unitCode": "KGM",
            "valueReference": {"@type": "QuantitativeValue", "value": "100", "unitCode": "GRM"},
        },
    }


def reduced(product, *steps, compare_at):
    """Give a product a price that changed: (days ago, amount)."""
    variant = product.variants.get()
    price = Price.objects.get(variant=variant)
    Price.objects.filter(pk=price.pk).update(amount=steps[-1][1], compare_at=compare_at)
    PriceHistory.objects.filter(variant=variant).delete()
    for days, amount in steps:
        PriceHistory.objects.create(
            variant=variant,
            market=price.market,
            amount=amount,
            at=timezone.now() - dt.timedelta(days=days),
        )


def test_a_reduction_says_what_is_struck_out_and_the_lowest_price_before(client):
    product = product_with(slug="mug")
    reduced(product, (20, Decimal(95)), (9, Decimal(100)), (2, Decimal(90)),
            compare_at=Decimal(100))  # fmt: skip
    shelve()

    now, struck, lowest = offer(client)["priceSpecification"]

    assert (now["price"], "priceType" in now) == ("90.00", False)
    assert (struck["price"], struck["priceType"]) == (
        "95.00",
        "https://schema.org/StrikethroughPrice",
    )
    assert lowest["price"] == "95.00"


def test_no_reduction_is_told_where_it_cost_as_little_before(client):
    product = product_with(slug="mug")
    reduced(product, (20, Decimal(80)), (9, Decimal(100)), (2, Decimal(90)),
            compare_at=Decimal(100))  # fmt: skip
    shelve()

    assert "priceSpecification" not in offer(client)


@pytest.mark.parametrize(("units", "word"), [(3, "InStock"), (0, "OutOfStock")])
def test_says_whether_it_can_be_bought(client, units, word):
    product_with(slug="mug", units=units)
    shelve()

    assert offer(client)["availability"] == f"https://schema.org/{word}"


def test_what_people_wrote_can_do_nothing_in_it(client):
    product = product_with(slug="mug", title="</script><script>alert(1)</script>")
    review_of(product, text="</script><b>&")
    shelve()

    page = client.get("/p/mug/").content.decode()

    assert "<script>alert" not in page
    assert find(client, "/p/mug/", "Review")[0]["reviewBody"] == "</script><b>&"


def test_the_second_page_of_a_shelf_counts_on(client):
    for number in range(26):
        product_with(slug=f"mug-{number}")
    shelve()

    (listed,) = find(client, "/c/mugs/?page=2", "ItemList")

    assert [one["position"] for one in listed["itemListElement"]] == [25, 26]


@pytest.mark.parametrize(
    "path", ["/", "/c/mugs/", "/p/mug/", "/help/", "/help/delivery/", "/contact/", "/collections/"]
)
def test_every_page_worth_finding_names_itself_in_every_market(client, path):
    eu = MarketFactory(eu=True)
    article("Delivery")
    mug = product_with(slug="mug")
    PriceFactory(variant=mug.variants.get(), market=eu)
    shelve()

    for prefix in ("", "/eu"):
        page = client.get(f"{prefix}{path}").content.decode()
        assert f'<link rel="canonical" href="{SITE}{prefix}{path}">' in page
        for code, here in (("en-GB", ""), ("en-IE", "/eu"), ("x-default", "")):
            assert f'hreflang="{code}" href="{SITE}{here}{path}"' in page
