"""Finding one's way: the menu, and no dead ends."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, Collection
from tests.factories import CategoryFactory, MarketFactory
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


@pytest.fixture
def shelves():
    kitchen = CategoryFactory(name="Kitchen")
    for name in ("Jugs", "Bowls"):
        slug = name.lower()
        kitchen = Category.objects.get(pk=kitchen.pk)
        below = Category(name=name, slug=slug, url_path=f"kitchen/{slug}")
        Category.objects.add_child(kitchen, instance=below)
    CategoryFactory(name="Linen")
    Collection.objects.create(title="Presents", slug="presents")
    Collection.objects.create(title="Hidden", slug="hidden", is_active=False)


def test_the_menu_holds_two_levels_of_shelves_and_the_collections(client, shelves):
    nav = client.get("/").context["nav"]

    assert [(one.name, [child.url for child in one.children]) for one in nav.links] == [
        ("Kitchen", ["/c/kitchen/jugs/", "/c/kitchen/bowls/"]),
        ("Linen", []),
    ]
    assert [(one.name, one.url) for one in nav.collections] == [
        ("Presents", "/collections/presents/")
    ]


def test_the_menu_opens_without_script_and_its_links_are_plain_links(client, shelves):
    page = client.get("/").content.decode()

    assert 'popovertarget="menu"' in page
    assert '<a class="mega-menu__link" href="/c/kitchen/jugs/">Jugs</a>' in page


def test_the_menu_says_where_one_is(client, shelves):
    nav = client.get("/c/kitchen/jugs/").context["nav"]

    assert [one.is_current for one in nav.links] == [True, False]


def test_addresses_in_the_menu_are_those_of_the_market(client, shelves):
    MarketFactory(eu=True)

    nav = client.get("/eu/").context["nav"]

    assert nav.links[0].url == "/eu/c/kitchen/"


def test_the_menu_takes_one_query_for_all_pages(client, shelves):
    def reads_menu(address):
        with CaptureQueriesContext(connection) as counted:
            client.get(address)
        return sum('"catalog_collection"' in query["sql"] for query in counted.captured_queries)

    assert (reads_menu("/c/linen/"), reads_menu("/c/kitchen/")) == (1, 0)


def test_an_empty_shelf_leads_to_those_beside_it_and_to_what_others_buy(client, shelves):
    product_with(title="Mug")
    shelve()

    page = client.get("/c/kitchen/jugs/")

    assert [tile.name for tile in page.context["beside"]] == ["Bowls"]
    assert [card.title for card in page.context["popular"]] == ["Mug"]
    assert "/c/kitchen/bowls/" in page.content.decode()
