"""Gapless under fire, and unchangeable: what the law asks, asked of the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from orders.models import Order
from payments.models import Document, Series
from payments.services import documents
from tests.factories import paid_order
from tests.factories.documents import invoice_of
from tests.factories.value import bare_order

NOW = timezone.now()
ORDERS, THREADS, EVERY_SO_MANY_FAILS = 200, 12, 7


class Crash(Exception):
    """What a process does that dies before its commit."""


@pytest.mark.django_db(transaction=True)
def test_two_hundred_invoices_at_once_have_no_gap_and_no_double():
    orders = [bare_order().pk for _ in range(ORDERS)]
    start = Barrier(THREADS)

    def work(share):
        start.wait(60)
        try:
            for place, order_id in share:
                issue(order_id, fails=place % EVERY_SO_MANY_FAILS == 0)
        finally:
            connection.close()

    numbered = list(enumerate(orders))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, [numbered[place::THREADS] for place in range(THREADS)]))

    numbers = list(Document.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, ORDERS + 1))
    assert documents.series_of(Series.Kind.INVOICE).next_number == ORDERS + 1
    assert Document.objects.values("order").distinct().count() == ORDERS


def issue(order_id, *, fails):
    """Two attempts where the first dies with its number in hand, as a killed worker does."""
    if fails:
        with pytest.raises(Crash):
            issue_and_die(order_id)
    with transaction.atomic():
        locked_and_issued(order_id)


def issue_and_die(order_id):
    with transaction.atomic():
        locked_and_issued(order_id)
        raise Crash


def locked_and_issued(order_id):
    order = Order.objects.select_for_update().get(pk=order_id)
    documents.happened(order=order, when=Series.When.CONFIRMED, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_one_order_from_many_sides_has_one_invoice():
    order = bare_order()
    start = Barrier(THREADS)

    def work(_place):
        start.wait(60)
        try:
            with transaction.atomic():
                locked_and_issued(order.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))

    assert Document.objects.get().number == 1


CHANGES = {
    "total": "update payments_document set total = total + 1, net = net + 1",
    "number": "update payments_document set number = number + 1",
    "label": "update payments_document set label = 'INV-1'",
    "content": "update payments_document set content = '{}'",
    "day": "update payments_document set issued_on = issued_on + 1",
    "order": "update payments_document set order_id = order_id + 1",
    "deletion": "delete from payments_document",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses_to_change_what_was_issued(demo_market, name):
    invoice_of(paid_order())

    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(CHANGES[name])


@pytest.mark.django_db
def test_the_database_takes_the_pdf_once(demo_market):
    invoice = invoice_of(paid_order())
    Document.objects.filter(pk=invoice.pk).update(pdf="private/a.pdf", digest="a" * 64)

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Document.objects.filter(pk=invoice.pk).update(pdf="private/b.pdf")
