"""A line that ran out in the basket, and what to take instead."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import CartLine
from orders.services import substitutes
from tests.factories import (
    CartFactory,
    CartLineFactory,
    CategoryFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    VariantFactory,
    in_stock,
)
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()
    RateFactory()


def gone_line(variant, quantity=1, **fields):
    return CartLineFactory(variant=variant, quantity=quantity, **fields)


def offered(line):
    found = substitutes.offers(lines=[line], market=line.cart.market)
    return [one.variant for one in found.get(line.pk, [])]


def swap(client, line, variant, **headers):
    client.cookies["cart"] = line.cart.token
    return client.post(
        reverse("orders:cart_line_swap", args=[line.pk]),
        {"sku": getattr(variant, "sku", variant)},
        headers={"Sec-Fetch-Site": "same-origin", **headers},
    )


def basket(client, cart):
    client.cookies["cart"] = cart.token
    return client.get(reverse("orders:cart")).content.decode()


def test_another_variant_of_the_same_product_comes_first():
    mug = product_with({"Glaze": ["Ash", "Moss"], "Size": ["Small", "Large"]}, units=0)
    product_with({"Glaze": ["Ash"]})
    ash_small, ash_large, moss_small, _moss_large = mug.variants.order_by("position")
    in_stock(variant=ash_large)
    in_stock(variant=moss_small)
    shelve()

    found = offered(gone_line(ash_small))

    assert {found[0], found[1]} == {ash_large, moss_small}
    assert found[2].product != mug


def test_what_shares_most_of_its_features_comes_before_the_nearest_price():
    gone = product_with({"Glaze": ["Ash"]}, units=0, price="22.00")
    dear = product_with({"Glaze": ["Ash"]}, price="30.00")
    near = product_with({"Glaze": ["Moss"]}, price="22.00")
    shelve()

    found = offered(gone_line(gone.variants.get()))

    assert [one.product for one in found] == [dear, near]


def test_another_shelf_is_no_substitute():
    gone = product_with(units=0)
    product_with(category=CategoryFactory(name="Candles"))
    shelve()

    assert offered(gone_line(gone.variants.get())) == []


def test_what_is_sold_out_itself_is_not_offered():
    gone = product_with(units=0)
    product_with(units=0)
    shelve()

    assert offered(gone_line(gone.variants.get())) == []


def test_a_card_that_is_out_of_date_offers_nothing_that_is_gone():
    gone, other = product_with(units=0), product_with(units=1)
    shelve()
    other.variants.get().stock_items.update(on_hand=0)

    assert offered(gone_line(gone.variants.get())) == []


def test_at_most_three_are_offered():
    gone = product_with(units=0)
    for _number in range(5):
        product_with()
    shelve()

    assert len(offered(gone_line(gone.variants.get()))) == 3


def test_the_basket_says_so_and_offers_a_swap_a_way_out_and_a_mail(client):
    gone, other = product_with(units=0), product_with()
    shelve()
    line = gone_line(gone.variants.get())

    html = basket(client, line.cart)

    assert "Sold out" in html
    assert reverse("orders:cart_line_swap", args=[line.pk]) in html
    assert other.variants.get().sku in html
    assert "Mail me when it is back" in html
    assert "Remove" in html


def test_a_basket_in_order_offers_nothing_else(client):
    line = CartLineFactory()

    assert "Take instead" not in basket(client, line.cart)


def test_a_basket_with_many_lines_that_ran_out_asks_a_bounded_number_of_questions(
    client, django_assert_max_num_queries
):
    cart = CartFactory()
    for number in range(8):
        shelf = CategoryFactory(name=f"Shelf {number}")
        gone_line(product_with(units=0, category=shelf).variants.get(), cart=cart)
        product_with(category=shelf)
    shelve()

    with django_assert_max_num_queries(42):
        basket(client, cart)


def test_a_swap_takes_the_place_of_the_line_and_keeps_the_quantity(client):
    line = gone_line(VariantFactory(), quantity=2)
    later = CartLineFactory(cart=line.cart)
    other = in_stock(10)

    answer = swap(client, line, other)

    assert answer.status_code == 302
    lines = list(CartLine.objects.filter(cart=line.cart).order_by("added_at", "pk"))
    assert [(one.variant, one.quantity) for one in lines] == [(other, 2), (later.variant, 1)]


def test_a_swap_takes_no_more_than_there_are_and_says_so(client):
    line = gone_line(VariantFactory(), quantity=5)
    other = in_stock(2)

    answer = swap(client, line, other)

    assert CartLine.objects.get().quantity == 2
    assert "There are 2 of these" in answer.content.decode()


def test_a_swap_for_what_is_in_the_basket_adds_up(client):
    line = gone_line(VariantFactory(), quantity=2)
    other = in_stock(10)
    CartLineFactory(cart=line.cart, variant=other, quantity=1)

    swap(client, line, other)

    assert CartLine.objects.get().quantity == 3


def test_a_swap_for_something_that_sold_out_changes_nothing(client):
    line = gone_line(VariantFactory(), quantity=2)

    answer = swap(client, line, VariantFactory())

    assert answer.status_code == 422
    assert "sold out in the meantime" in answer.content.decode()
    assert CartLine.objects.get() == line


def test_script_gets_the_basket_alone(client):
    line = gone_line(VariantFactory())

    answer = swap(client, line, in_stock(), **{"HX-Request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_a_strangers_line_is_not_swapped(client):
    mine, hers = gone_line(VariantFactory()), gone_line(VariantFactory())
    client.cookies["cart"] = mine.cart.token

    answer = client.post(reverse("orders:cart_line_swap", args=[hers.pk]), {"sku": in_stock().sku})

    assert answer.status_code == 404
    hers.refresh_from_db()


def test_another_site_cannot_swap(client):
    line = gone_line(VariantFactory())

    answer = swap(client, line, in_stock(), **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("sku", ["", "\x00", "' or 1=1 --", "<script>", "x" * 5000, "💥"])
def test_odd_pieces_are_refused_with_a_reason(client, sku):
    line = gone_line(VariantFactory())

    answer = swap(client, line, sku)

    assert answer.status_code == 422
    assert "not for sale" in answer.content.decode()
    assert CartLine.objects.get() == line


def test_what_was_engraved_is_not_swapped_by_a_click():
    gone = product_with(units=0)
    product_with()
    shelve()
    line = gone_line(gone.variants.get())
    line.answers = [{"code": "engraving", "value": "Anna"}]

    assert offered(line) == []


def test_a_price_is_the_one_of_the_market():
    gone, other = product_with(units=0), product_with(price="19.50")
    shelve()
    line = gone_line(gone.variants.get())

    (found,) = substitutes.offers(lines=[line], market=line.cart.market)[line.pk]

    assert (found.variant.product, found.price) == (other, Decimal("19.50"))
