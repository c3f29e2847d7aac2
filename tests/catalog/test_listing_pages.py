"""Category pages: shelves, filters, sorting, paging."""

import datetime as dt
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from catalog.models import Category, OptionValue
from catalog.queries.filters import MOST_TOKENS
from tests.factories import CategoryFactory, ImageFactory, MarketFactory, PriceFactory
from tests.factories.shelf import product_with, review_of, shelve

pytestmark = pytest.mark.django_db
MUGS = "/c/mugs/"


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def listing(client, address=MUGS):
    response = client.get(address)
    assert response.status_code == 200
    return response.context["listing"]


def titles(client, address=MUGS):
    return [card.title for card in listing(client, address).cards]


def values(found, key):
    facet = next(facet for facet in found.facets if facet.key == key)
    return {value.label: value.count for value in facet.values}


@pytest.fixture
def mugs():
    glazes = {"Glaze": ["Ash", "Moss"]}, {"Glaze": ["Ash"]}, {"Glaze": ["Ink"], "Size": ["Large"]}
    days = [dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in (2, 3, 1)]
    first, second, third = [{"published_at": day} for day in days]
    product_with(glazes[0], title="Two-tone", price="18", popularity=3, **first)
    product_with(glazes[1], title="Ash only", price="22", popularity=2, **second)
    product_with(glazes[2], title="Ink", price="60", popularity=1, **third)
    shelve()


def test_shows_what_lies_on_the_shelf_and_on_those_below(client):
    root = CategoryFactory(name="Kitchen")
    below = Category.objects.add_child(
        root, instance=Category(name="Jugs", slug="jugs", url_path="kitchen/jugs")
    )
    product_with(title="Jug", category=below)
    product_with(title="Mug")
    shelve()

    response = client.get("/c/kitchen/")

    assert [card.title for card in response.context["listing"].cards] == ["Jug"]
    assert [tile.name for tile in response.context["children"]] == ["Jugs"]


def test_cards_wear_the_glaze_that_was_asked_for(client):
    mug = product_with({"Glaze": ["Ash", "Moss"]}, tiles=["Glaze"])
    for position, glaze in enumerate(("Ash", "Moss")):
        value = OptionValue.objects.get(name=glaze)
        ImageFactory(product=mug, value=value, alt=f"In {glaze}", position=position)
    shelve()

    assert [card.image.alt for card in listing(client).cards] == ["In Ash"]
    assert [card.image.alt for card in listing(client, f"{MUGS}?glaze=moss").cards] == ["In Moss"]


def test_a_shelf_that_is_not_there_is_not_found(client):
    assert client.get("/c/nothing/here/").status_code == 404


def test_values_of_one_facet_add_up(client, mugs):
    assert set(titles(client, f"{MUGS}?glaze=moss&glaze=ink")) == {"Two-tone", "Ink"}


def test_facets_narrow_each_other(client, mugs):
    assert titles(client, f"{MUGS}?glaze=ash&glaze=ink&size=large") == ["Ink"]


def test_each_value_says_how_many_it_would_leave(client, mugs):
    found = listing(client, f"{MUGS}?size=large")

    assert values(found, "glaze") == {"Ink": 1}
    assert values(found, "size") == {"Large": 1}


def test_the_other_values_of_a_facet_in_use_stay_in_reach(client, mugs):
    found = listing(client, f"{MUGS}?glaze=moss")

    assert values(found, "glaze") == {"Ash": 2, "Moss": 1, "Ink": 1}


def test_what_is_applied_can_be_taken_away_one_by_one(client, mugs):
    found = listing(client, f"{MUGS}?glaze=ash&stock=in&sort=price")

    chips = {chip.label: parse_qs(urlsplit(chip.remove_url).query) for chip in found.active}
    assert chips == {
        "Ash": {"stock": ["in"], "sort": ["price"]},
        "Can be ordered now": {"glaze": ["ash"], "sort": ["price"]},
    }
    assert found.clear_url == f"{MUGS}?sort=price"


def test_prices_are_parted_into_round_ranges_that_leave_something(client, mugs):
    found = listing(client)

    ranges = next(facet for facet in found.facets if facet.key == "price").values
    assert sum(one.count for one in ranges) == 3
    assert all(one.count for one in ranges)
    for one in ranges:
        assert len(titles(client, f"{MUGS}?price={one.value}")) == one.count


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("under-20", ["Two-tone"]),
        ("20-60", ["Ash only"]),
        ("over-60", ["Ink"]),
        ("under-20&price=over-60", ["Two-tone", "Ink"]),
    ],
)
def test_a_range_of_prices_includes_where_it_begins(client, mugs, price, expected):
    assert titles(client, f"{MUGS}?price={price}") == expected


def test_only_what_is_in_stock_or_well_rated(client):
    liked, gone = product_with(title="Liked"), product_with(title="Gone", units=0)
    review_of(liked, stars=4)
    review_of(gone, stars=2)
    shelve()

    assert titles(client, f"{MUGS}?stock=in") == ["Liked"]
    assert titles(client, f"{MUGS}?rating=4") == ["Liked"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("popular", ["Two-tone", "Ash only", "Ink"]),
        ("price", ["Two-tone", "Ash only", "Ink"]),
        ("-price", ["Ink", "Ash only", "Two-tone"]),
        ("newest", ["Ash only", "Two-tone", "Ink"]),
    ],
)
def test_sorts_as_asked(client, mugs, sort, expected):
    assert titles(client, f"{MUGS}?sort={sort}") == expected


def test_the_best_rated_come_first_and_the_unrated_last(client):
    for title, stars in (("None", ()), ("Good", (4,)), ("Best", (5,))):
        product = product_with(title=title)
        for one in stars:
            review_of(product, stars=one)
    shelve()

    assert titles(client, f"{MUGS}?sort=rating") == ["Best", "Good", "None"]


def test_what_is_sold_out_comes_last_whatever_the_sorting(client):
    product_with(title="Gone", units=0, price="1", popularity=9)
    product_with(title="There", price="5")
    shelve()

    for sort in ("popular", "price", "-price", "rating", "newest"):
        assert titles(client, f"{MUGS}?sort={sort}") == ["There", "Gone"]


def test_pages_hold_24_and_know_their_neighbours(client):
    for number in range(30):
        product_with(title=f"Mug {number}", popularity=30 - number)
    shelve()

    first, second = listing(client), listing(client, f"{MUGS}?page=2")

    assert (len(first.cards), first.shown, first.window) == (24, 24, "1–24 of 30")
    assert (first.next_url, first.previous_url) == (f"{MUGS}?page=2", "")
    assert [card.title for card in second.cards] == [f"Mug {n}" for n in range(24, 30)]
    assert (second.next_url, second.previous_url) == ("", MUGS)
    assert client.get(f"{MUGS}?page=2")["Link"] == f'<{MUGS}>; rel="prev"'


def test_a_page_behind_the_last_is_not_found(client, mugs):
    assert client.get(f"{MUGS}?page=2").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=x", "page=-1", "page=0", "page=%00", "page=99999999999999999999", "sort=best",
        "price=cheap", "price=50-10", "price=9999999999-1", "rating=9", "stock=out", "glaze=none",
        "utm_source=news", "glaze=%27%22%3Cb%3E", "glaze[]=ash", "=", "&&&", "size=" + "x" * 300,
        "&".join(f"glaze=g{number}" for number in range(3 * MOST_TOKENS)),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_out(client, mugs, query):
    assert client.get(f"{MUGS}?{query}").status_code in (200, 400)


def test_prices_are_those_of_the_market(client):
    eu = MarketFactory(eu=True)
    product = product_with(title="Mug", price="20")
    product_with(title="Not sold there")
    for variant in product.variants.all():
        PriceFactory(variant=variant, market=eu, amount=Decimal(25))
    shelve()

    [card] = listing(client, f"/eu{MUGS}").cards

    assert (card.price_from, card.currency) == (Decimal(25), "EUR")
    assert card.url == f"/eu/p/{product.slug}/"


def test_search_engines_see_the_shelf_and_not_its_filters(client, mugs):
    plain, narrowed = client.get(MUGS), client.get(f"{MUGS}?glaze=ash")

    assert plain.context["seo"].canonical == "http://127.0.0.1:8000/c/mugs/"
    assert narrowed.context["seo"].canonical == "http://127.0.0.1:8000/c/mugs/"
    assert (plain.context["seo"].noindex, narrowed.context["seo"].noindex) == (False, True)
