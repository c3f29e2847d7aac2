"""Least, step and most per order: told on the page, kept in the basket, checked at the checkout."""

import pytest
from django.urls import reverse

from catalog.queries.quantities import Quantities
from orders.models import CartLine
from shop.processes import checkout
from shop.processes.checkout import CartChanged
from tests.factories import CartLineFactory, MarketFactory, RateFactory, checkout_of, in_stock
from tests.factories.shelf import shelve
from tests.factories.specials import extra_of
from tests.orders.test_cart import NOW, add, change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def glasses(**fields):
    """Sold by the half dozen."""
    fields = {"quantity_step": 6, "max_quantity": 20, **fields}
    return in_stock(100, **fields)


@pytest.mark.parametrize(
    ("least", "step", "most", "asked", "allowed"),
    [
        (1, 1, 99, 5, 5),
        (1, 6, 99, 1, 6),
        (1, 6, 99, 7, 12),
        (10, 6, 99, 1, 12),
        (1, 6, 20, 19, 18),
        (1, 6, 20, 900, 18),
        (3, 1, 99, 1, 3),
        (1, 1, 5000, 5000, 999),
    ],
)
def test_a_quantity_is_rounded_up_to_what_is_sold(least, step, most, asked, allowed):
    rule = Quantities.within(least, step, most)

    assert rule.fitting(asked) == allowed
    assert rule.allows(allowed)


def test_adding_rounds_up_to_the_step_and_says_so(client):
    answer = add(client, glasses(), "1")

    assert CartLine.objects.get().quantity == 6
    assert "sold in steps of 6" in answer.content.decode()


def test_script_is_told_as_well(client):
    answer = add(client, glasses(min_quantity=12), "1", **{"HX-Request": "true"})

    assert "12 of these or more" in answer.content.decode()
    assert CartLine.objects.get().quantity == 12


def test_an_allowed_quantity_is_taken_without_a_word(client):
    answer = add(client, glasses(), "12")

    assert answer.status_code == 302
    assert CartLine.objects.get().quantity == 12


def test_changing_rounds_up_and_says_so(client):
    add(client, glasses(), "6")

    answer = change(client, CartLine.objects.get(), "7")

    assert "steps of 6" in answer.content.decode()
    assert CartLine.objects.get().quantity == 12


def test_the_most_is_kept_when_changing(client):
    add(client, glasses(), "6")

    answer = change(client, CartLine.objects.get(), "100")

    assert "18 of these at a time" in answer.content.decode()
    assert CartLine.objects.get().quantity == 18


def test_the_most_counts_all_lines_of_a_piece(client):
    variant = glasses(quantity_step=1, max_quantity=4)
    extra = extra_of(variant)
    for words in ("Anna", "Bob"):
        add(client, variant, "2", extras={f"extra-{extra.pk}": words})

    answer = add(client, variant, "1", extras={f"extra-{extra.pk}": "Carol"})

    assert answer.status_code == 422
    assert "4 of these at a time" in answer.content.decode()
    assert CartLine.objects.count() == 2


def test_nothing_is_lost_when_a_change_is_refused(client):
    variant = glasses(quantity_step=1, max_quantity=4)
    extra = extra_of(variant)
    add(client, variant, "4", extras={f"extra-{extra.pk}": "Anna"})

    answer = add(client, variant, "1")

    assert answer.status_code == 422
    assert CartLine.objects.get().quantity == 4


def test_the_product_page_asks_in_steps(client):
    variant = glasses()
    shelve()

    html = client.get(variant.product.get_absolute_url()).content.decode()

    assert 'min="6" max="18" step="6" value="6"' in html
    assert "sold in steps of 6" in html


def test_the_basket_asks_in_steps(client):
    add(client, glasses(), "6")

    html = client.get(reverse("orders:cart")).content.decode()

    assert 'min="0" max="18" step="6" value="6"' in html


def test_a_rule_that_came_later_is_told_in_the_basket_and_checked_at_the_checkout(client):
    MarketFactory()
    line = CartLineFactory(variant=glasses(quantity_step=1), quantity=5)
    client.cookies["cart"] = line.cart.token
    line.variant.quantity_step = 6
    line.variant.save()

    html = client.get(reverse("orders:cart")).content.decode()
    with pytest.raises(CartChanged, match="steps of 6"):
        checkout.place_order(cart=line.cart, choice=checkout_of(), now=NOW)

    assert "steps of 6" in html
    assert reverse("orders:checkout") not in html
