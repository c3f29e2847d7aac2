import pytest

from analytics.queries import rankings
from analytics.queries.orders import GONE, Which, behind
from catalog.models import Category, Variant
from tests.analytics.books import november, sale
from tests.factories import CategoryFactory, MarketFactory, ProductFactory, in_stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def market():
    return MarketFactory()


def stocked(title, **fields):
    product = ProductFactory(title=title, slug=title.lower(), **fields)
    return in_stock(99, product=product)


def test_the_best_seller_comes_first(market):
    mug, teapot = stocked("Mug"), stocked("Teapot")
    sale(variant=mug, quantity=2)
    sale(variant=teapot, quantity=5)

    best = rankings.products(market, november())

    assert [(one.title, one.units, one.orders) for one in best] == [
        ("Teapot", 5, 1),
        ("Mug", 2, 1),
    ]


def test_best_sellers_are_ranked_by_units_on_request(market):
    dear = in_stock(9, product=ProductFactory(title="Vase"), price=200)
    cheap = in_stock(9, product=ProductFactory(title="Card"), price=3)
    sale(variant=dear)
    sale(variant=cheap, quantity=4)

    by_sales = rankings.products(market, november(), by="sales")
    by_units = rankings.products(market, november(), by="units")

    assert [one.title for one in by_sales] == ["Vase", "Card"]
    assert [one.title for one in by_units] == ["Card", "Vase"]


def test_a_products_orders_are_the_ones_its_link_lists(market):
    mug = stocked("Mug")
    sale(variant=mug)
    sale(variant=mug)
    sale(variant=stocked("Teapot"))

    (row,) = [one for one in rankings.products(market, november()) if one.title == "Mug"]

    assert behind(market, november(), Which(product="mug")).count() == row.orders == 2


def test_a_category_counts_what_lies_below_it(market):
    root = CategoryFactory(name="Mugs")
    child = Category.objects.add_child(
        root, {"name": "Tumblers", "slug": "tumblers", "url_path": "mugs/tumblers"}
    )
    sale(variant=stocked("Mug", category=root))
    sale(variant=stocked("Tumbler", category=child))

    (row,) = rankings.categories(market, november())

    assert (row.name, row.orders) == ("Mugs", 2)
    assert behind(market, november(), Which(category="mugs")).count() == 2


def test_what_has_left_the_catalogue_is_still_counted(market):
    mug = stocked("Mug")
    sale(variant=mug)
    order = sale(variant=mug)
    order.lines.update(variant=None)
    assert Variant.objects.exists()

    gone = [one for one in rankings.products(market, november()) if one.product_id is None]

    assert gone[0].orders == 1
    assert behind(market, november(), Which(product=GONE)).get() == order


def test_every_market_is_told_in_its_own_currency(market):
    eu = MarketFactory(eu=True)
    sale()

    rows = rankings.markets(november(), [market, eu])

    assert [(row.market.currency, row.orders) for row in rows] == [("GBP", 1), ("EUR", 0)]
