"""The whole demo shop as Google Merchant reads it."""

from collections import Counter

import pytest

from catalog.models import Market, Price, Product
from channels.models import Feed
from tests.channels.specification import feed_problems, read

pytestmark = pytest.mark.django_db
DOMAIN = "shop.example"


@pytest.mark.parametrize("code", ["uk", "eu"])
def test_the_feed_of_the_demo_shop_keeps_every_rule(demo_goods, made, code):
    market = Market.objects.get(code=code)

    run, text = made(market=market, now=demo_goods)

    items = read(text)
    assert feed_problems(items, DOMAIN) == []
    assert len(items) == run.accepted
    sellable = Price.objects.filter(
        market=market,
        variant__is_active=True,
        variant__product__in=Product.objects.on_sale(now=demo_goods),
    )
    assert run.accepted + run.rejected >= sellable.count() > 500
    assert run.accepted > 0.9 * sellable.count(), Counter(
        run.rejections.values_list("reason", flat=True)
    )


def test_the_demo_shop_shows_what_a_feed_can_say(demo_goods, made):
    _run, text = made(market=Market.objects.get(code="uk"), now=demo_goods)

    told = Counter(name for item in read(text) for name in item)

    for name in (
        "item_group_id", "color", "size", "sale_price", "sale_price_effective_date",
        "unit_pricing_measure", "unit_pricing_base_measure", "product_type", "shipping",
        "shipping_weight", "additional_image_link", "brand", "identifier_exists",
    ):  # fmt: skip
        assert told[name], name


def test_a_feed_takes_as_many_queries_for_many_goods_as_for_few(
    demo_goods, made, django_assert_max_num_queries
):
    market = Market.objects.get(code="uk")
    Feed.objects.create(name="feed-google", kind=Feed.Kind.GOOGLE, market=market)

    with django_assert_max_num_queries(40):
        made(market=market, now=demo_goods)
