from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Price
from orders.models import Cart, CartLine
from tests.factories import (
    CartFactory,
    CartLineFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()
    RateFactory()


NOW = timezone.now()


def add(client, variant, quantity="1", *, extras=None, **headers):
    return client.post(
        reverse("orders:cart_line_create"),
        {"sku": variant.sku, "quantity": quantity, **(extras or {})},
        headers={"Sec-Fetch-Site": "same-origin", **headers},
    )


def change(client, line, quantity, **headers):
    return client.post(
        reverse("orders:cart_line_update", args=[line.pk]), {"quantity": quantity}, headers=headers
    )


def test_adding_makes_a_cart_and_remembers_it(client):
    answer = add(client, in_stock())

    assert answer.status_code == 302
    assert answer.cookies["cart"]["httponly"]
    assert answer.cookies["cart_count"].value == "1"
    assert CartLine.objects.get().quantity == 1


def test_adding_again_adds_up(client):
    variant = in_stock()
    add(client, variant, "2")

    add(client, variant, "3")

    assert CartLine.objects.get().quantity == 5


def test_the_cart_survives_a_new_session(client):
    add(client, in_stock())
    token = client.cookies["cart"].value

    client.cookies.clear()
    client.cookies["cart"] = token

    assert "Foot-ring mug" in client.get(reverse("orders:cart")).content.decode()


def test_script_gets_a_confirmation_instead_of_the_basket(client):
    variant = in_stock()

    answer = add(client, variant, **{"HX-Request": "true"})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert variant.product.title in html
    assert "<html" not in html


@pytest.mark.parametrize("quantity", ["0", "-1", "1e3", "0.5", "²", "NaN", "", "99999", "٣"])
def test_odd_quantities_are_refused_with_a_reason(client, quantity):
    answer = add(client, in_stock(), quantity)

    assert answer.status_code == 422
    assert "whole number" in answer.content.decode()
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("sku", ["", "NO-SUCH-SKU", "' or 1=1 --", "x" * 500])
def test_an_unknown_sku_is_refused_with_a_reason(client, sku):
    answer = client.post(reverse("orders:cart_line_create"), {"sku": sku, "quantity": "1"})

    assert answer.status_code == 422
    assert "not for sale" in answer.content.decode()


def test_a_draft_is_not_for_sale(client):
    variant = in_stock()
    variant.product.status = "draft"
    variant.product.save()

    assert add(client, variant).status_code == 422


def test_another_site_cannot_fill_the_basket(client):
    answer = client.post(
        reverse("orders:cart_line_create"),
        {"sku": in_stock().sku, "quantity": "1"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert not CartLine.objects.exists()


def test_extra_fields_change_no_price(client):
    variant = in_stock()

    client.post(
        reverse("orders:cart_line_create"),
        {"sku": variant.sku, "quantity": "1", "price": "0.01", "unit_price": "0", "total": "0"},
    )

    assert CartLine.objects.get().price_seen == Decimal("22.00")


def test_no_more_than_the_most_per_order(client):
    variant = in_stock(50)
    variant.max_quantity = 6
    variant.save()

    add(client, variant, "10")

    assert CartLine.objects.get().quantity == 6


def test_the_basket_tells_delivery_and_tax_before_the_checkout(client):
    add(client, in_stock(), "2")

    html = client.get(reverse("orders:cart")).content.decode()

    assert "£44.00" in html
    assert "£3.90" in html
    assert "£47.90" in html
    assert "£16.00" in html  # what is missing for free delivery


def test_zero_takes_a_line_out_and_offers_it_back(client):
    add(client, in_stock())
    line = CartLine.objects.select_related("variant").get()

    answer = change(client, line, "0")

    assert answer.status_code == 200
    assert line.variant.sku in answer.content.decode()
    assert not CartLine.objects.exists()


def test_a_strangers_line_is_not_found(client):
    line = CartLineFactory()
    add(client, in_stock())

    assert change(client, line, "5").status_code == 404
    line.refresh_from_db()
    assert line.quantity == 1


def test_a_cart_that_was_ordered_is_empty_again(client):
    cart = CartFactory()
    CartLineFactory(cart=cart)
    client.cookies["cart"] = cart.token
    Cart.objects.update(ordered_at=cart.created_at)

    html = client.get(reverse("orders:cart")).content.decode()

    assert "Foot-ring mug" not in html


def test_a_price_change_since_adding_is_told(client):
    add(client, in_stock())
    Price.objects.update(amount=Decimal("25.00"))

    assert "gone up" in client.get(reverse("orders:cart")).content.decode()


def test_a_line_that_sold_out_is_told_and_blocks_the_checkout(client):
    variant = in_stock(1)
    add(client, variant, "3")

    html = client.get(reverse("orders:cart")).content.decode()

    assert "Only 1 left" in html


def test_an_empty_basket_leads_back_to_the_shop(client):
    html = client.get(reverse("orders:cart")).content.decode()

    assert "empty" in html.lower()


def test_a_first_piece_takes_few_questions(client, django_assert_max_num_queries):
    variant = in_stock()
    add(client, variant)
    client.cookies.clear()

    with django_assert_max_num_queries(12):
        add(client, variant)


def test_the_page_asks_little_once_the_rules_are_known(client, django_assert_max_num_queries):
    add(client, in_stock())
    client.get(reverse("orders:cart"))

    with django_assert_max_num_queries(24):
        client.get(reverse("orders:cart"))
