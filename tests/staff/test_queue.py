"""The start page counts what waits, for those who may do it."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.models import Image, Review
from orders.models import Hold, Order
from shop.outbox.models import Message
from tests.factories import ImageFactory, in_stock, paid_order, placed_order

pytestmark = pytest.mark.django_db


def queue_of(client):
    return {row.title: row.count for row in client.get("/admin/").context["queue"]}


def test_each_kind_of_work_is_counted(owner):
    now = timezone.now()
    paid_order()
    placed_order(payment_method="bank_transfer")
    Hold.objects.create(order=paid_order(), reason="Odd address", placed_at=now)
    variant = in_stock(2)
    ImageFactory(product=variant.product, status=Image.Status.FAILED)
    Review.objects.create(
        product=variant.product, author="Bob", stars=5, text="Good", written_at=now
    )
    Message.objects.update(failed_at=now)

    queue = queue_of(owner)

    assert queue["To ship"] == 2
    assert queue["Unpaid transfers"] == 1
    assert queue["On hold"] == 1
    assert queue["Running low"] == 1
    assert queue["Pictures that failed"] == 1
    assert queue["Reviews to read"] == 1
    assert queue["Messages not delivered"] == Message.objects.count()


def test_an_order_is_late_when_its_first_promised_day_has_come(owner):
    order = paid_order()
    assert queue_of(owner)["Late"] == 0

    Order.objects.filter(pk=order.pk).update(arrives_from=timezone.localdate())

    assert queue_of(owner)["Late"] == 1


def test_an_order_is_late_after_two_working_days(owner):
    order = paid_order()

    Order.objects.filter(pk=order.pk).update(placed_at=timezone.now() - dt.timedelta(days=8))

    assert queue_of(owner)["Late"] == 1


def test_every_count_leads_to_its_rows(owner):
    paid_order()

    for row in owner.get("/admin/").context["queue"]:
        page = owner.get(row.link)
        assert page.status_code == 200
        if row.link.startswith("/admin/"):
            assert page.context["cl"].result_count == row.count, row.title


def test_people_see_their_own_work_only(sign_in):
    assert set(queue_of(sign_in("marketing"))) == {"Reviews to read", "Pictures that failed"}


def test_the_queue_is_one_question_per_line(owner, django_assert_max_num_queries):
    owner.get("/admin/")

    with django_assert_max_num_queries(35):
        owner.get("/admin/")


def test_search_finds_orders_products_and_people(owner):
    order = paid_order(email="grace@example.com")
    line = order.lines.get()

    page = owner.get("/admin/search/", {"s": line.sku, "extended": 1}).content.decode()

    assert order.number in page
    assert line.title in page


def test_search_shows_nobody_what_they_may_not_see(sign_in):
    order = paid_order(email="grace@example.com")

    page = sign_in("catalogue").get("/admin/search/", {"s": "grace@example.com", "extended": 1})

    assert order.number not in page.content.decode()
