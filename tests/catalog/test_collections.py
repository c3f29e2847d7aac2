"""Collections: by hand and by rules, on cards and on their pages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Card, Category, Collection, CollectionEntry, Product
from catalog.services import collections
from catalog.services.collection_rules import BadRules, check
from shop.outbox.models import Message
from shop.processes import assortment, browsing
from tests.factories import CategoryFactory, ProductTypeFactory
from tests.factories.questions import answer, ask
from tests.factories.shelf import product_with, review_of, shelve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def market(transactional_db, demo_market):
    return demo_market


def by_rules(*rules, slug="picked", **fields):
    return Collection.objects.create(
        title="Picked for you",
        slug=slug,
        kind="rules",
        rules=[dict(zip(("field", "op", "value"), rule, strict=True)) for rule in rules],
        **fields,
    )


def by_hand(*products, slug="picked", **fields):
    collection = Collection.objects.create(title="Picked for you", slug=slug, **fields)
    collections.arrange(collection=collection, product_ids=[product.pk for product in products])
    return collection


def work(now=None):
    """What the clock and the worker do."""
    now = now or timezone.now()
    assortment.refresh_collections(now=now)
    for message in Message.objects.filter(topic="browsing.refresh_cards", done_at=None):
        browsing.refresh_cards(product_ids=message.payload["product_ids"], now=now)
    Message.objects.all().delete()


def held():
    entries = CollectionEntry.objects.order_by("position", "pk")
    return [entry.product.title for entry in entries.select_related("product")]


def titles(client, address="/collections/picked/"):
    response = client.get(address)
    assert response.status_code == 200
    return [card.title for card in response.context["listing"].cards]


@pytest.fixture
def goods():
    kind = ProductTypeFactory()
    ask(kind, "capacity", "number", unit="ml")
    ask(kind, "clay", "choice", choices=["Porcelain", "Buff"])
    ask(kind, "oven-safe", "bool")
    jugs = CategoryFactory(name="Jugs")
    below = Category.objects.add_child(
        jugs, instance=Category(name="Milk", slug="milk", url_path="jugs/milk")
    )
    cup = product_with(title="Cup", price="12", units=2, tags=["gift"], popularity=9)
    jug = product_with(title="Jug", price="36", units=50, brand="Kiln", category=below)
    old = product_with(title="Old", price="60", units=0, popularity=5)
    answer(cup, capacity=120, clay="Porcelain", oven_safe=True)
    answer(jug, capacity=800, clay="Buff", oven_safe=False)
    for product, cost, days in ((cup, 4, 5), (jug, 27, 40), (old, None, 400)):
        product.variants.update(cost=cost)
        published_at = timezone.now() - dt.timedelta(days=days)
        Product.objects.filter(pk=product.pk).update(published_at=published_at)
    cup.variants.get().prices.update(compare_at=Decimal(15))
    review_of(cup, stars=5)
    review_of(jug, stars=3)
    shelve()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("price", "lt", "36"), ["Cup"]),
        (("price", "gte", 36), ["Old", "Jug"]),
        (("attribute:capacity", "lte", 500), ["Cup"]),
        (("attribute:clay", "eq", "buff"), ["Jug"]),
        (("attribute:clay", "in", ["Buff", "Porcelain"]), ["Cup", "Jug"]),
        (("attribute:oven-safe", "eq", False), ["Jug"]),
        (("category", "eq", "jugs"), ["Jug"]),
        (("category", "ne", "jugs"), ["Cup", "Old"]),
        (("brand", "eq", "KILN"), ["Jug"]),
        (("tag", "eq", "gift"), ["Cup"]),
        (("stock", "gt", 0), ["Cup", "Jug"]),
        (("stock", "lte", 2), ["Cup", "Old"]),
        (("age", "lt", 30), ["Cup"]),
        (("age", "gt", 100), ["Old"]),
        # 12.00 with 20 % tax is 10 net; 4 of it is cost: 60 % are left.
        (("margin", "gte", 60), ["Cup"]),
        (("margin", "lt", 60), ["Jug"]),
        (("sale", "eq", True), ["Cup"]),
        (("sale", "eq", "no"), ["Old", "Jug"]),
        (("rating", "gte", "4.5"), ["Cup"]),
    ],
)
def test_a_rule_finds_what_it_says_best_selling_first(goods, rule, expected):
    by_rules(rule)

    work()

    assert held() == expected


def test_all_rules_hold_or_one_is_enough(goods):
    rules = (("price", "lt", 50), ("stock", "gt", 10))

    by_rules(*rules)
    work()
    assert held() == ["Jug"]

    Collection.objects.update(match_all=False)
    work()
    assert held() == ["Cup", "Jug"]


def test_a_collection_follows_its_rules_by_changing_only_what_changed(goods, client):
    by_rules(("price", "lt", 50))
    work()
    kept = CollectionEntry.objects.get(product__title="Cup").pk
    assert titles(client) == ["Cup", "Jug"]

    jug = Product.objects.get(title="Jug")
    jug.variants.get().prices.update(amount=Decimal(70))
    work()

    assert held() == ["Cup"]
    assert CollectionEntry.objects.get().pk == kept
    assert titles(client) == ["Cup"]


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([], "at least one rule"),
        ("price", "at least one rule"),
        ([{"field": "price"}], "a field, a comparison and a value"),
        ([{"field": "colour", "op": "eq", "value": 1}], "nothing is called “colour”"),
        ([{"field": "attribute:x", "op": "eq", "value": 1}], "nothing is called “attribute:x”"),
        ([{"field": "price", "op": "like", "value": 1}], "compared by eq, ne, lt, lte, gt, gte"),
        ([{"field": "price", "op": "lt", "value": "cheap"}], "price: “cheap” is not a number"),
        ([{"field": "price", "op": "lt", "value": "NaN"}], "is not a number"),
        ([{"field": "price", "op": "lt", "value": [1]}], "is no value"),
        ([{"field": "sale", "op": "eq", "value": 5}], "either true or false"),
        ([{"field": "category", "op": "eq", "value": "moon"}], "no category with the address"),
        ([{"field": "brand", "op": "in", "value": "Kiln"}], "takes a list"),
        ([{"field": "tag", "op": "eq", "value": " "}], "tag needs a value"),
        ([{"field": "tag", "op": "eq", "value": "x"}] * 21, "At most 20 rules"),
    ],
)
def test_rules_that_say_nothing_are_refused_in_words(rules, words):
    with pytest.raises(BadRules) as refused:
        check(rules)

    assert words in refused.value.message


def test_a_collection_whose_rules_broke_stays_as_it_was(goods):
    broken = by_rules(("tag", "eq", "gift"))
    work()
    Collection.objects.filter(pk=broken.pk).update(
        rules=[{"field": "attribute:gone", "op": "eq", "value": "x"}]
    )

    work()

    assert held() == ["Cup"]


def test_what_was_chosen_by_hand_keeps_its_order(goods, client):
    cup, jug, old = (Product.objects.get(title=title) for title in ("Cup", "Jug", "Old"))
    by_hand(old, cup, jug)

    work()

    assert titles(client) == ["Old", "Cup", "Jug"]
    assert titles(client, "/collections/picked/?sort=price") == ["Cup", "Jug", "Old"]


def test_a_collection_is_narrowed_like_any_list(goods, client):
    by_hand(*Product.objects.all())
    work()

    page = client.get("/collections/picked/?clay=buff")

    assert [card.title for card in page.context["listing"].cards] == ["Jug"]
    assert page.context["seo"].canonical == "http://127.0.0.1:8000/collections/picked/"
    assert page.context["seo"].noindex
    assert client.get("/collections/picked/?page=2").status_code == 404


def test_the_page_tells_search_engines_where_it_stands(goods, client):
    by_hand(Product.objects.get(title="Cup"), meta_title="Our pick", meta_description="All good.")
    work()

    seo = client.get("/collections/picked/").context["seo"]

    crumbs = seo.json_ld[0]
    assert seo.title == "Our pick"
    assert seo.description.startswith("All good.")
    assert [one["name"] for one in crumbs["itemListElement"]] == [
        "Home", "Collections", "Picked for you",
    ]  # fmt: skip


def test_cards_name_the_shown_collections_that_hold_them(goods):
    cup = Product.objects.get(title="Cup")
    by_hand(cup, slug="second")
    by_hand(cup, slug="first")

    work()

    assert Card.objects.get(product=cup).collections == ["first", "second"]


def test_hidden_gone_and_renamed_collections_leave_no_trace(goods, client):
    cup = Product.objects.get(title="Cup")
    by_hand(cup, slug="hidden")
    by_hand(cup, slug="gone")
    by_hand(cup, slug="renamed")
    work()
    Collection.objects.filter(slug="hidden").update(is_active=False)
    Collection.objects.get(slug="gone").delete()
    Collection.objects.filter(slug="renamed").update(slug="anew")

    work()

    assert Card.objects.get(product=cup).collections == ["anew"]
    assert client.get("/collections/hidden/").status_code == 404


def test_nothing_is_owed_when_nothing_changed(goods):
    by_rules(("price", "lt", 50))
    work()

    assert assortment.refresh_collections(now=timezone.now()) == 0


def test_an_empty_collection_offers_a_way_on(goods, client):
    by_rules(("price", "gt", 5000))
    work()

    page = client.get("/collections/picked/")

    assert [card.title for card in page.context["popular"]][:1] == ["Cup"]
    assert "Nothing is in this collection" in page.content.decode()


def test_all_collections_are_listed(goods, client):
    by_hand(slug="hidden", is_active=False)
    by_hand(slug="picked")

    page = client.get("/collections/")

    assert [tile.url for tile in page.context["collections"]] == ["/collections/picked/"]


def test_the_page_of_no_collections_offers_a_way_on(goods, client):
    page = client.get("/collections/")

    assert page.status_code == 200
    assert page.context["popular"]


def test_a_collection_takes_at_most_twelve_queries(goods, client, django_assert_max_num_queries):
    by_hand(*Product.objects.all())
    work()

    with django_assert_max_num_queries(12):
        client.get("/collections/picked/?clay=buff&stock=in")


def test_any_number_of_products_is_found_in_a_few_queries(goods, django_assert_max_num_queries):
    collection = by_rules(("price", "lt", 50), ("margin", "gt", 1), ("stock", "gt", 0))
    now = timezone.now()

    with django_assert_max_num_queries(14):
        collections.refresh(collection=collection, ground=assortment.ground_at(now))
