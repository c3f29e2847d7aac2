"""What there is to find, listed for search engines."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Card, Collection, Product
from marketing.models import ContentBlock, LandingPage
from shop.views import sitemaps
from tests.factories import ImageFactory, MarketFactory, PriceFactory
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"
I = "{http://www.google.com/schemas/sitemap-image/1.1}"  # noqa: E741 — a namespace


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"].startswith("application/xml")
    return ET.fromstring(b"".join(response.streaming_content))  # noqa: S314 — our own


def lists(client):
    return [one.text.removeprefix(SITE) for one in read(client, "/sitemap.xml").iter(f"{S}loc")]


def entries(client):
    """Every address in every list, with its element."""
    return {
        url.find(f"{S}loc").text.removeprefix(SITE): url
        for path in lists(client)
        for url in read(client, path).iter(f"{S}url")
    }


def alternates(url):
    return {link.get("hreflang"): link.get("href") for link in url.iter(f"{X}link")}


@pytest.fixture
def eu(demo_market):
    return MarketFactory(eu=True)


def test_every_page_of_every_market_is_in_one_of_the_lists(client, eu):
    product_with(slug="here")
    both = product_with(slug="both")
    PriceFactory(variant=both.variants.get(), market=eu)
    article("Delivery")
    Collection.objects.create(title="Gifts", slug="gifts")
    page = LandingPage.objects.create(title="Summer", slug="summer", is_published=True)
    ContentBlock.objects.create(page=page, kind="text", text="Sun.")
    shelve()

    found = entries(client)

    for path in (
        "/", "/eu/", "/c/mugs/", "/eu/c/mugs/", "/p/here/", "/p/both/", "/eu/p/both/",
        "/help/delivery/", "/collections/gifts/", "/explore/summer/", "/eu/explore/summer/",
    ):  # fmt: skip
        assert path in found
    assert "/eu/p/here/" not in found


def test_every_page_that_is_listed_answers_and_wants_to_be_found(client, eu):
    product_with(slug="here")
    article("Delivery")
    Collection.objects.create(title="Gifts", slug="gifts")
    shelve()

    for path in entries(client):
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 200, path
        assert f'<link rel="canonical" href="{SITE}{path}">' in page, path
        assert 'content="noindex' not in page, path


def test_a_product_names_its_markets_its_picture_and_its_last_change(client, eu):
    both = product_with(slug="both")
    PriceFactory(variant=both.variants.get(), market=eu)
    ImageFactory(product=both)
    shelve()
    changed_at = dt.datetime(2100, 10, 3, 8, 30, tzinfo=dt.UTC)
    Product.objects.filter(pk=both.pk).update(updated_at=changed_at)

    url = entries(client)["/p/both/"]

    assert alternates(url) == {
        "en-GB": f"{SITE}/p/both/",
        "en-IE": f"{SITE}/eu/p/both/",
        "x-default": f"{SITE}/p/both/",
    }
    assert url.find(f"{S}lastmod").text == "2100-10-03T08:30:00+00:00"
    assert "/media/products/" in url.find(f"{I}image/{I}loc").text


def test_a_new_price_counts_as_a_change(client, demo_market):
    product = product_with(slug="mug")
    shelve()
    long_ago = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    Product.objects.update(updated_at=long_ago)

    url = entries(client)["/p/mug/"]

    assert url.find(f"{S}lastmod").text > "2024-01-02"
    assert product.slug == "mug"


def test_one_market_alone_has_no_other_languages(client, demo_market):
    product_with(slug="mug")
    shelve()

    assert alternates(entries(client)["/p/mug/"]) == {}


def test_long_lists_go_on_in_another_file(client, demo_market, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    for number in range(5):
        product_with(slug=f"mug-{number}")
    shelve()

    paths = [path for path in lists(client) if "products" in path]

    assert paths == [f"/sitemaps/products-uk-{number}.xml" for number in (1, 2, 3)]
    assert sum("/p/" in path for path in entries(client)) == Card.objects.count() == 5


@pytest.mark.parametrize(
    "path",
    [
        "products-uk-2.xml", "products-uk-0.xml", "products-fr-1.xml", "nothing-uk-1.xml",
        "products-uk-99999999999999999999.xml", "products-1.xml", "landing-uk-2.xml",
    ],
)  # fmt: skip
def test_a_list_that_is_not_there_is_not_found(client, demo_market, path):
    product_with(slug="mug")
    shelve()

    assert client.get(f"/sitemaps/{path}").status_code == 404


def test_a_list_is_read_in_a_few_queries_however_long_it_is(client, eu):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            read(client, "/sitemaps/products-uk-1.xml")
        return len(captured)

    product_with(slug="one")
    shelve()
    few = cost()
    for number in range(6):
        product_with(slug=f"mug-{number}")
    shelve()

    assert cost() <= few <= 4


def test_what_is_not_published_is_not_listed(client, demo_market):
    page = LandingPage.objects.create(title="Winter", slug="winter")
    ContentBlock.objects.create(page=page, kind="text", text="Snow.")
    LandingPage.objects.create(title="Empty", slug="empty", is_published=True)
    Collection.objects.create(title="Old", slug="old", is_active=False)

    found = entries(client)

    assert not {"/explore/winter/", "/explore/empty/", "/collections/old/"} & found.keys()


def test_robots_leave_filters_open_so_that_their_canonical_address_is_read(client, demo_market):
    text = client.get("/robots.txt").content.decode()

    assert "?" not in text
    assert "/c/" not in text
    assert f"Sitemap: {SITE}/sitemap.xml" in text
