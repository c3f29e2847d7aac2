"""Addresses that move leave word where they went."""

import pytest
from django.utils import timezone

from catalog.models import Category, Product, Redirect
from catalog.services import categories, redirects
from catalog.services.redirects import BadRedirect
from tests.factories import CategoryFactory, MarketFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db


def add(old_path, new_path):
    return redirects.add(old_path=old_path, new_path=new_path, now=timezone.now())


def test_a_new_slug_leaves_a_301_that_keeps_the_question(client, demo_market):
    variant = VariantFactory(product__slug="old-mug")
    Product.objects.filter(pk=variant.product_id).update(slug="new-mug")

    answer = client.get("/p/old-mug/?v=MUG-1")

    assert (answer.status_code, answer["Location"]) == (301, "/p/new-mug/?v=MUG-1")


def test_a_market_keeps_to_its_own_addresses(client, demo_market):
    MarketFactory(eu=True)
    add("/p/old-mug/", "/p/new-mug/")

    assert client.get("/eu/p/old-mug/")["Location"] == "/eu/p/new-mug/"


def test_chains_collapse_to_one_step():
    product = ProductFactory(slug="first")

    for slug in ("second", "third", "fourth"):
        product.slug = slug
        product.save()

    steps = dict(Redirect.objects.values_list("old_path", "new_path"))
    assert steps == {
        "/p/first/": "/p/fourth/",
        "/p/second/": "/p/fourth/",
        "/p/third/": "/p/fourth/",
    }


def test_going_back_to_the_first_slug_leaves_no_loop(client, demo_market):
    product = VariantFactory(product__slug="first").product

    for slug in ("second", "first"):
        product.slug = slug
        product.save()

    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {"/p/second/": "/p/first/"}
    assert client.get("/p/first/").status_code == 200
    assert client.get("/p/second/")["Location"] == "/p/first/"


def test_what_was_never_on_sale_leaves_nothing():
    draft = ProductFactory(slug="draft", status=Product.Status.DRAFT, published_at=None)

    draft.slug = "better"
    draft.save()

    assert not Redirect.objects.exists()


def test_a_shelf_that_moves_takes_the_addresses_below_it_along(client, demo_market):
    mugs = CategoryFactory(name="Mugs")
    categories.place(category=Category(name="Small", slug="small"), parent=mugs)

    mugs.refresh_from_db()
    mugs.slug = "cups"
    categories.place(category=mugs, parent=None)

    assert client.get("/c/mugs/small/")["Location"] == "/c/cups/small/"


def test_staff_enter_one_and_what_led_there_follows():
    add("/p/a/", "/p/b/")
    add("/p/b", "/c/mugs/")

    steps = dict(Redirect.objects.values_list("old_path", "new_path"))
    assert steps == {"/p/a/": "/c/mugs/", "/p/b/": "/c/mugs/"}


def test_a_new_one_goes_straight_to_where_its_aim_has_gone():
    add("/p/b/", "/p/c/")

    assert add("/p/a/", "/p/b/").new_path == "/p/c/"


@pytest.mark.parametrize(
    ("old_path", "new_path"),
    [
        ("/p/a/", "/p/a"),
        ("/p/a/", "https://elsewhere.example/"),
        ("/p/a/", "//elsewhere.example/"),
        ("/p/a/", "/\\elsewhere.example"),
        ("p/a", "/p/b/"),
        ("/p/a b/", "/p/b/"),
    ],
)
def test_what_leads_back_or_out_of_the_shop_is_refused(old_path, new_path):
    with pytest.raises(BadRedirect):
        add(old_path, new_path)


def test_a_loop_of_two_is_refused():
    add("/p/a/", "/p/b/")

    with pytest.raises(BadRedirect):
        add("/p/b/", "/p/a/")


def test_a_post_is_not_redirected(client, demo_market):
    add("/nowhere/", "/c/mugs/")

    assert client.post("/nowhere/").status_code == 404
