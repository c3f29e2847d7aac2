"""Collections by hand and by rules, and addresses that moved."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Collection, CollectionEntry, Redirect
from shop.processes import assortment
from tests.factories import ProductFactory, VariantFactory
from tests.staff.test_products import form_of

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/collection/"
REDIRECTS = "/admin/catalog/redirect/"
NO_ENTRIES = {"entries-TOTAL_FORMS": 0, "entries-INITIAL_FORMS": 0}


@pytest.fixture
def mugs(demo_market):
    cheap, dear = ProductFactory(title="Cheap mug"), ProductFactory(title="Dear mug")
    VariantFactory(product=cheap, price=Decimal(12))
    VariantFactory(product=dear, price=Decimal(60))
    return cheap, dear


def page_of(collection):
    return f"{LIST}{collection.pk}/change/"


def rule(number, field, op, value):
    return {
        f"rule_{number}_field": field,
        f"rule_{number}_op": op,
        f"rule_{number}_value": value,
    }


def make(owner, **values):
    data = {"title": "Gifts", "slug": "gifts", "kind": "rules", "is_active": "on", **NO_ENTRIES}
    return owner.post(f"{LIST}add/", data | {"match_all": "on"} | values)


def test_rules_are_typed_as_rows_and_fill_the_collection(
    owner, mugs, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = make(owner, **rule(0, "price", "lt", "25"))

    collection = Collection.objects.get()
    assert answer.status_code == 302
    assert collection.rules == [{"field": "price", "op": "lt", "value": "25"}]
    assert [one.title for one in collection.products.all()] == ["Cheap mug"]


def test_the_page_says_how_many_products_follow_the_rules_and_which(owner, mugs):
    make(owner, **rule(0, "price", "gt", "25"))

    page = owner.get(page_of(Collection.objects.get())).content.decode()

    assert "Dear mug</a>" in page
    assert "1: <a" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "needs at least one rule"),
        (rule(0, "price", "lt", "cheap"), "is not a number"),
        (rule(0, "brand", "lt", "Weft"), "is compared by"),
        (rule(0, "category", "eq", "no/such"), "there is no category"),
        (rule(0, "price", "lt", ""), "is not a number"),
        (rule(0, "", "eq", "Weft"), "nothing is called"),
        (rule(0, "'; drop table", "eq", "x"), "valid choice"),
    ],
)
def test_rules_that_say_nothing_are_refused_in_words(owner, mugs, typed, words):
    answer = make(owner, **typed)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Collection.objects.exists()


def test_a_rule_is_taken_away_by_emptying_its_row(owner, mugs):
    make(owner, **rule(0, "price", "gt", "25"), **rule(1, "brand", "in", "Weft, Marl"))
    collection = Collection.objects.get()
    assert collection.rules[1]["value"] == ["Weft", "Marl"]

    data = form_of(owner.get(page_of(collection))) | {"image": ""}
    owner.post(page_of(collection), data | rule(0, "", "eq", ""))

    collection.refresh_from_db()
    assert [one["field"] for one in collection.rules] == ["brand"]


def test_products_chosen_by_hand_keep_their_order(owner, mugs):
    cheap, dear = mugs
    entries = {
        "entries-TOTAL_FORMS": 2,
        "entries-INITIAL_FORMS": 0,
        "entries-0-product": cheap.pk,
        "entries-0-position": 5,
        "entries-1-product": dear.pk,
        "entries-1-position": 2,
    }

    make(owner, kind="manual", **entries)

    placed = CollectionEntry.objects.order_by("position").values_list("product__title", "position")
    assert list(placed) == [("Dear mug", 0), ("Cheap mug", 1)]


def test_a_collection_by_rules_is_kept_fresh_by_the_job(owner, mugs, demo_market):
    make(owner, **rule(0, "price", "lt", "25"))
    VariantFactory(product=ProductFactory(title="New mug"), price=Decimal(9))

    assortment.refresh_collections(now=timezone.now())

    titles = {one.title for one in Collection.objects.get().products.all()}
    assert titles == {"Cheap mug", "New mug"}


# Addresses that moved


def move(owner, old, new):
    return owner.post(f"{REDIRECTS}add/", {"old_path": old, "new_path": new})


def test_chains_are_one_step_long(owner, demo_market):
    move(owner, "/p/a", "/p/b/")
    move(owner, "/p/b/", "/p/c/")

    paths = dict(Redirect.objects.values_list("old_path", "new_path"))
    assert paths == {"/p/a/": "/p/c/", "/p/b/": "/p/c/"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("/p/b/", "/p/a/", "lead back to itself"),
        ("/p/x/", "/p/x/", "lead back to itself"),
        ("//evil.example/", "/p/x/", "an address of this shop"),
        ("/p/x/", "https://evil.example/", "an address of this shop"),
        ("/p/x y/", "/p/z/", "an address of this shop"),
        ("/p/" + "x" * 400, "/p/z/", "at most 300"),
    ],
)
def test_loops_and_strangers_are_refused_in_words(owner, demo_market, old, new, words):
    move(owner, "/p/a/", "/p/b/")

    answer = move(owner, old, new)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Redirect.objects.count() == 1


def test_redirects_are_searched(owner, demo_market):
    move(owner, "/p/old-mug/", "/p/mug/")
    move(owner, "/p/old-bowl/", "/p/bowl/")

    found = owner.get(f"{REDIRECTS}?q=bowl").context["cl"].result_list

    assert [one.old_path for one in found] == ["/p/old-bowl/"]


def test_marketing_arranges_collections_and_warehouse_does_not(sign_in, demo_market):
    assert sign_in("marketing").get(f"{LIST}add/").status_code == 200
    assert sign_in("warehouse").get(f"{LIST}add/").status_code == 403
