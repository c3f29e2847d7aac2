"""Search: whatever is typed or pasted, it is looked for and never run."""

import pytest

from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
ODD = [
    "'", '"', "a & | !", "\\", "%", "the", "(((", "*:*", "<->", "mug:*", "-", "--", "- mug", "é" * 500,
    "ａ", "🍵", "🍵 mug", "x" * 4000, "mug " * 1000, "5 " * 2000, "l" * 70, "1e999999999 ml", "0 l",
    "999999999999999999999 kg", "0,000001 mg", "'; drop table catalog_card; --", "1' or '1'='1",
    "<script>alert(1)</script>", "{{ 7 * 7 }}", "%s %(market)s %%", "mug\\' & cup", "\u202e\u200b mug",
    "a:b:c", "!mug", "mug & !cup", "NULL", "\ud7ff", "ß", "İ", "ﷺ" * 50, "-a-b-c- -d",
]  # fmt: skip


@pytest.fixture(autouse=True)
def shop(demo_market):
    product_with(title="Foot-ring mug", slug="foot-ring-mug")
    shelve()


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize("exact", [{}, {"exact": "1"}])
def test_odd_words_are_no_error(client, words, exact):
    page = client.get("/search/", {"q": words, **exact})
    suggested = client.get("/search/suggest/", {"q": words})

    assert (page.status_code, suggested.status_code) == (200, 200)
    assert "<script>alert" not in page.text
    assert suggested["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%F0%28%8C%28", "q[]=mug", "q=mug&q=cup", "q=%ED%A0%80"]
)
def test_broken_bytes_are_no_error(client, query):
    assert client.get(f"/search/?{query}").status_code == 200
    assert client.get(f"/search/suggest/?{query}").status_code == 200


def test_null_bytes_are_turned_away(client):
    assert client.get("/search/?q=mug%00").status_code == 400


@pytest.mark.parametrize("page", ["-1", "abc", "0", "1.5"])
def test_odd_pages_are_the_first(client, page):
    assert client.get("/search/", {"q": "mug", "page": page}).context["listing"].page == 1


def test_a_page_beyond_the_last_is_not_there(client):
    assert client.get("/search/", {"q": "mug", "page": "99999999"}).status_code in (200, 404)
