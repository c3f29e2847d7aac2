"""The pages of an account: orders, reviews, preferences, stored value."""

import sys

import pytest
from django.utils import timezone

from accounts.models import Consent, Purpose
from accounts.services import consents
from catalog.models import Review
from orders.models import Order
from payments.models import ValueEntry
from tests.factories import RateFactory, in_stock, placed_order, shipped_order
from tests.factories.customers import member
from tests.factories.value import store_credit

pytestmark = pytest.mark.django_db
PAGES = ["", "orders/", "addresses/", "reviews/", "stored-value/", "preferences/", "cards/"]


@pytest.fixture
def alice(client, demo_market):
    RateFactory()
    customer = member()
    client.force_login(customer.user)
    return customer


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_where_one_is_and_nobody_keeps_it(client, alice, page):
    answer = client.get(f"/account/{page}")

    assert answer.status_code == 200
    assert answer.text.count('aria-current="page"') == 1
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_guests_are_asked_to_sign_in(client, demo_market, page):
    assert client.get(f"/account/{page}").status_code == 302


# Orders


def shown(client, **query):
    page = client.get("/account/orders/", query)
    return {order.number for order in page.context["orders"]}


def test_orders_are_found_by_number_and_by_what_was_bought(client, alice):
    mug = in_stock(product__title="Stoneware mug")
    tea = in_stock(product__title="Assam tea")
    first, second = placed_order(variant=mug), placed_order(variant=tea)
    placed_order(variant=in_stock(), email="bob@example.com")

    assert shown(client) == {first.number, second.number}
    assert shown(client, q="stoneware") == {first.number}
    assert shown(client, q=f"#{second.number}") == {second.number}
    assert shown(client, q=tea.sku.lower()) == {second.number}
    assert shown(client, q="nothing like it") == set()


def test_orders_are_narrowed_by_how_they_stand(client, alice):
    placed = placed_order()
    delivered = shipped_order()
    Order.objects.filter(pk=delivered.pk).update(fulfillment_status="delivered")

    assert shown(client, kind="unpaid") == {placed.number}
    assert shown(client, kind="delivered") == {delivered.number}
    assert shown(client, kind="' or 1=1") == {placed.number, delivered.number}


def test_long_lists_come_in_pages_and_keep_what_was_asked(client, alice, monkeypatch):
    monkeypatch.setattr(sys.modules["accounts.views.orders"], "PER_PAGE", 1)
    older, newer = placed_order(), placed_order()

    page = client.get("/account/orders/?kind=open")

    assert newer.number in page.text
    assert f">{older.number}<" not in page.text
    assert "?kind=open&amp;page=2" in page.text
    assert shown(client, page="99") == {older.number}


# Reviews


def delivered_order(**fields):
    order = shipped_order(**fields)
    Order.objects.filter(pk=order.pk).update(fulfillment_status="delivered")
    return order


def test_what_has_arrived_is_reviewed_once_and_read_before_it_is_shown(client, alice):
    product = in_stock(product__title="Stoneware mug").product
    delivered_order(variant=product.variants.get())
    said = {"stars": "4", "author": "Alice", "text": "Holds tea."}

    assert "Stoneware mug" in client.get("/account/reviews/").text
    client.post(f"/account/reviews/{product.pk}/new/", said)

    review = Review.objects.get()
    assert (review.customer, review.stars, review.is_verified) == (alice, 4, True)
    assert review.status == Review.Status.WAITING
    assert client.post(f"/account/reviews/{product.pk}/new/", said).status_code == 404


def test_what_has_not_arrived_is_not_reviewed(client, alice):
    order = placed_order()
    product = order.lines.get().variant.product

    assert client.get(f"/account/reviews/{product.pk}/new/").status_code == 404


def test_an_empty_review_is_refused_in_words(client, alice):
    order = delivered_order()
    product = order.lines.get().variant.product

    answer = client.post(f"/account/reviews/{product.pk}/new/", {"stars": "9"})

    assert answer.status_code == 422
    assert "Write a word or two." in answer.text


def test_own_reviews_are_removed_and_those_of_others_are_not_found(client, alice):
    product = in_stock().product
    bob = member("bob@example.com")
    own, theirs = (
        Review.objects.create(
            product=product,
            customer=by,
            author="A",
            stars=5,
            text="Good",
            written_at=timezone.now(),
        )
        for by in (alice, bob)
    )

    client.post(f"/account/reviews/{own.pk}/remove/")

    assert client.post(f"/account/reviews/{theirs.pk}/remove/").status_code == 404
    assert Review.objects.get() == theirs


# Preferences


def test_what_is_ticked_is_agreed_to_and_what_is_not_is_refused(client, alice):
    client.post("/account/preferences/", {"news": "on", "reviews": "on"})
    client.post("/account/preferences/", {"news": "on"})

    assert consents.allows(customer=alice, purpose=Purpose.NEWS)
    assert not consents.allows(customer=alice, purpose=Purpose.REVIEWS)
    assert not consents.allows(customer=alice, purpose=Purpose.REMINDERS)
    assert set(Consent.objects.values_list("source", flat=True)) == {"account"}


def test_nothing_is_ticked_for_anybody(client, alice):
    assert "checked" not in client.get("/account/preferences/").text


# Stored value


def test_balances_are_shown_with_every_change(client, alice):
    account = store_credit("20.00", owner=alice)
    store_credit("77.00", owner=member("bob@example.com"))

    page = client.get("/account/stored-value/").text

    assert "£20.00" in page
    assert ValueEntry.objects.filter(account=account).get().get_kind_display() in page
    assert "£77.00" not in page
