"""Rows of recommendations: beside a product, a basket, and what somebody looked at."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from catalog.models import Product, Recommendation
from catalog.queries.products import sheets
from catalog.queries.recommendations import around, for_basket, for_viewer
from catalog.queries.relatives import introduce
from catalog.services import recommendations
from shop.lib.affinity import Companion
from tests.factories import CartFactory, CartLineFactory, CategoryFactory, MarketFactory
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def market(demo_market):
    return demo_market


def shelf_of(*titles, **fields):
    made = [product_with(title=title, slug=title.lower(), **fields) for title in titles]
    shelve()
    return made


def prepared(product, *others, kind="goes_with"):
    for place, other in enumerate(others):
        Recommendation.objects.create(
            product=product,
            other=other,
            kind=kind,
            position=place,
            confidence=0.5 / (place + 1),
            computed_at=NOW,
        )


def around_it(product, market):
    return around(sheets(product.slug, market.pk).get(), market)


def titles(cards):
    return [card.title for card in cards]


def shown(page):
    """The titles of a page's cards."""
    return re.findall(r'product-card__link" href="[^"]*">([^<]*)<', page.content.decode())


def test_beside_a_product_stands_what_is_bought_with_it_best_first(market):
    mug, tea, bowl = shelf_of("Mug", "Tea", "Bowl")
    prepared(mug, bowl, tea)

    _, beside = around_it(mug, market)

    assert titles(beside) == ["Bowl", "Tea"]


def test_what_staff_chose_comes_first_and_once(market):
    mug, tea, bowl = shelf_of("Mug", "Tea", "Bowl")
    prepared(mug, bowl, tea)
    mug.goes_with.add(tea)

    _, beside = around_it(mug, market)

    assert titles(beside) == ["Tea", "Bowl"]


def test_what_is_sold_out_is_left_out(market):
    mug, bowl = shelf_of("Mug", "Bowl")
    tea = product_with(title="Tea", units=0)
    shelve()
    prepared(mug, tea, bowl)
    prepared(mug, tea, kind="related")
    mug.goes_with.add(tea)

    like, beside = around_it(mug, market)

    assert titles(beside) == ["Bowl"]
    assert titles(like) == []


def test_like_it_is_what_was_found_alike_and_not_in_the_row_above(market):
    mug, tea, bowl, cup = shelf_of("Mug", "Tea", "Bowl", "Cup")
    prepared(mug, tea)
    prepared(mug, tea, cup, bowl, kind="related")

    like, _ = around_it(mug, market)

    assert titles(like) == ["Cup", "Bowl"]


def test_a_product_of_today_stands_beside_what_its_shelf_sells_best(market):
    new, _bowl = shelf_of("New", "Bowl")
    shelf_of("Cloth", category=CategoryFactory(name="Linen"))

    like, beside = around_it(new, market)

    assert (titles(like), titles(beside)) == (["Bowl"], [])


def test_one_that_has_company_enough_asks_nothing_of_its_shelf(market, django_assert_num_queries):
    mug, *others = shelf_of("Mug", "Tea", "Bowl", "Cup", "Jug")
    prepared(mug, *others, kind="related")
    found = sheets(mug.slug, market.pk).get()

    with django_assert_num_queries(0):
        like, _ = around(found, market)

    assert titles(like) == ["Tea", "Bowl", "Cup", "Jug"]


def test_another_market_shows_only_what_it_sells(market):
    mug, tea = shelf_of("Mug", "Tea")
    prepared(mug, tea)

    assert around_it(mug, MarketFactory(eu=True)) == ([], [])


def test_asks_nothing_where_the_shelf_is_known(market, django_assert_num_queries):
    mug, *others = shelf_of("Mug", "Tea", "Bowl", "Cup")
    prepared(mug, *others)
    prepared(mug, *others, kind="related")

    found = introduce(sheets(mug.slug, market.pk).get())
    around_it(others[0], market)

    with django_assert_num_queries(0):
        around(found, market)


def test_a_basket_is_shown_what_goes_with_all_of_it(market):
    mug, tea, bowl, cup = shelf_of("Mug", "Tea", "Bowl", "Cup")
    prepared(mug, bowl, cup)
    prepared(tea, cup, mug)

    cards = for_basket({mug.pk, tea.pk}, market)

    assert titles(cards) == ["Cup", "Bowl"]


def test_a_basket_is_filled_up_with_best_sellers_and_starts_with_what_staff_chose(market):
    mug, tea, bowl = shelf_of("Mug", "Tea", "Bowl")
    Product.objects.filter(pk=bowl.pk).update(popularity=9)
    shelve()
    mug.goes_with.add(tea)

    assert titles(for_basket({mug.pk}, market)) == ["Tea", "Bowl"]


def test_an_empty_basket_is_shown_best_sellers(client, market):
    shelf_of("Mug")

    page = client.get(reverse("orders:cart"))

    assert shown(page) == ["Mug"]
    assert "Best sellers" in page.content.decode()


def test_the_basket_page_recommends_nothing_that_is_in_the_basket(client, market):
    mug, tea, _cup = shelf_of("Mug", "Tea", "Cup")
    prepared(mug, tea)
    line = CartLineFactory(cart=CartFactory(market=market), variant=mug.variants.get())
    client.cookies["cart"] = line.cart.token

    page = client.get(reverse("orders:cart"))

    assert shown(page) == ["Tea", "Cup"]
    assert "Goes well with your basket" in page.content.decode()


def test_who_looked_around_sees_it_again_latest_first_and_what_may_follow(market):
    mug, tea, bowl, cup = shelf_of("Mug", "Tea", "Bowl", "Cup")
    prepared(mug, bowl, cup)
    prepared(tea, cup, mug)

    seen, picked = for_viewer(["tea", "mug"], market)

    assert titles(seen) == ["Tea", "Mug"]
    assert titles(picked) == ["Cup", "Bowl"]


def test_the_rows_for_who_looked_around_are_the_same_for_everybody_who_asks(client, market):
    mug, tea = shelf_of("Mug", "Tea")
    prepared(mug, tea)

    answer = client.get("/recommended/?seen=mug")

    assert answer.is_public_page
    assert not answer.cookies
    assert "Recently viewed" in answer.content.decode()
    assert "Picked for you" in answer.content.decode()


@pytest.mark.parametrize(
    "seen",
    [
        "",
        ",,,",
        "no-such-thing",
        "<script>alert(1)</script>",
        "' or 1=1 --",
        "../../etc/passwd",
        "😀,%ff",
        "a" * 4_000,
        ",".join(f"thing-{number}" for number in range(2_000)),
    ],
)
def test_made_up_names_of_products_show_nothing_and_act_on_nothing(client, market, seen):
    shelf_of("Mug")

    answer = client.get("/recommended/", {"seen": seen})

    assert answer.status_code == 200
    assert not answer.content.decode().strip()


def test_a_long_list_takes_no_more_queries_than_a_short_one(market, django_assert_num_queries):
    *made, last = shelf_of(*(f"Thing{number}" for number in range(9)))
    prepared(made[0], last)

    with django_assert_num_queries(3):
        for_viewer([product.slug for product in made], market)


def test_looks_at_eight_names_at_most(client, market):
    shelf_of("Mug")
    names = [*(f"gone-{number}" for number in range(8)), "mug"]

    answer = client.get("/recommended/", {"seen": ",".join(names)})

    assert "Mug" not in answer.content.decode()


def companion(product, *, confidence=0.5):
    return Companion(product.pk, 1.0, confidence=confidence, lift=2.0, together=5, baskets=10)


def test_prepared_rows_hold_the_figures_they_come_from(market):
    mug, tea = shelf_of("Mug", "Tea")

    recommendations.keep_companions({mug.pk: [companion(tea)]}, now=NOW)

    row = Recommendation.objects.get()
    assert (row.product, row.other, row.kind, row.position) == (mug, tea, "goes_with", 0)
    assert (row.confidence, row.lift, row.together, row.baskets) == (0.5, 2.0, 5, 10)


def test_only_what_differs_is_written_and_what_is_gone_goes(market):
    mug, tea, cup = shelf_of("Mug", "Tea", "Cup")
    recommendations.keep_companions(
        {mug.pk: [companion(tea), companion(cup)], tea.pk: [companion(mug)]}, now=NOW
    )
    later = NOW + dt.timedelta(days=1)

    changed = recommendations.keep_companions({mug.pk: [companion(tea, confidence=0.6)]}, now=later)

    rows = Recommendation.objects.order_by("pk")
    assert [(row.product, row.other, row.computed_at) for row in rows] == [(mug, tea, later)]
    assert changed == 2


def test_figures_that_change_alone_change_no_page(market):
    mug, tea = shelf_of("Mug", "Tea")
    recommendations.keep_companions({mug.pk: [companion(tea)]}, now=NOW)

    assert not recommendations.keep_companions({mug.pk: [companion(tea, confidence=0.7)]}, now=NOW)


def test_what_is_not_on_sale_is_not_prepared(market):
    mug, tea = shelf_of("Mug", "Tea")
    Product.objects.filter(pk=tea.pk).update(status=Product.Status.ARCHIVED)
    shelve()

    recommendations.keep_companions({mug.pk: [companion(tea)], tea.pk: [companion(mug)]}, now=NOW)

    assert not Recommendation.objects.exists()


def test_alike_is_what_shares_shelf_options_and_tags(market):
    clay = {"Glaze": ["Ash", "Moss"]}
    mug = product_with(clay, title="Ash mug", slug="ash-mug", tags=["everyday"])
    cup = product_with(clay, title="Moss mug", slug="moss-mug", tags=["everyday"])
    cloth = product_with(
        {"Size": ["S"]}, title="Cloth", slug="cloth", category=CategoryFactory(name="Linen")
    )
    product_with(title="Bowl", slug="bowl")
    shelve()

    recommendations.keep_related(now=NOW)

    rows = Recommendation.objects.filter(product=mug, kind="related").order_by("position")
    assert rows[0].other == cup
    assert cloth not in {row.other for row in rows}
