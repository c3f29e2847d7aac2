"""Promises about invoices and credit notes: kept by a day of business, and each found when broken."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from payments.models import Document, Series
from payments.services import documents
from shop.demo.seeding import documents as demo_documents
from shop.outbox.models import Message
from shop.processes import bookkeeping, fulfilment
from shop.processes.bookkeeping.documents import DOCUMENTS
from tests.factories import paid_order, shipped_order
from tests.factories.documents import credit_note_of, granted, issue_when

pytestmark = pytest.mark.django_db
NAMES = {invariant.name for invariant in DOCUMENTS}


def found(now=None):
    findings = bookkeeping.reconcile(now=now or timezone.now())
    return {finding.name for finding in findings} & NAMES


def by_hand(text):
    """What the database would not let anybody do, done by its owner."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table payments_document disable trigger document_stays")
        cursor.execute(text)
        cursor.execute("alter table payments_document enable trigger document_stays")


def strange_order():
    """An order that was confirmed without anybody hearing of it."""
    issue_when(Series.When.SHIPPED)
    paid_order()
    issue_when(Series.When.CONFIRMED)


BREAKS = {
    "documents.numbers": lambda order: by_hand(
        "update payments_document set number = 9 where number = 1 and kind = 'invoice'"
    ),
    "documents.invoices": lambda order: strange_order(),
    "documents.credit_notes": lambda order: granted(order, share=Decimal("0.1")),
    "documents.totals": lambda order: by_hand(
        "update payments_document set total = total + 1, tax = tax + 1"
    ),
    "documents.content": lambda order: by_hand(
        "update payments_document set content = jsonb_set(content, '{lines,0,net}', '\"1.00\"')"
    ),
}


def test_a_day_of_invoices_and_credit_notes_is_clean(demo_market):
    paid_order()
    order = shipped_order(quantity=3)
    credit_note_of(order, share=Decimal("0.5"), quantity=1)
    fulfilment.cancel(order_id=paid_order().pk, reason="No", actor=None, now=timezone.now())

    assert found() == set()
    assert Document.objects.filter(kind="credit_note").count() == 2


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_promise_about_documents_is_found(demo_market, name):
    paid_order()
    order = paid_order(quantity=2)
    credit_note_of(order, share=Decimal("0.5"), quantity=1)
    assert found() == set()

    BREAKS[name](order)

    assert name in found()


def test_a_series_that_gave_out_more_than_there_is_is_found(demo_market):
    paid_order()
    Series.objects.filter(kind="invoice").update(next_number=5)

    assert found() == {"documents.numbers"}


def test_a_credit_note_over_another_sum_than_its_grant_is_found(demo_market):
    credit_note_of(paid_order())

    by_hand("update payments_document set net = net - 1, total = total - 1 where kind <> 'invoice'")

    assert "documents.totals" in found()


def test_a_page_that_nobody_made_is_told(demo_market):
    paid_order()

    assert found(timezone.now() + dt.timedelta(minutes=11)) == {"documents.made"}


def test_orders_from_before_the_first_invoice_are_left_alone(demo_market):
    issue_when(Series.When.SHIPPED)
    paid_order()
    issue_when(Series.When.CONFIRMED)
    paid_order()

    assert found() == set()


def test_what_a_new_rule_asks_for_is_issued(demo_market):
    paid_order()
    strange_order()
    assert found() == {"documents.invoices"}

    for order in documents.missing():
        documents.happened(order=order, when=Series.When.CONFIRMED, now=timezone.now())

    assert found() == set()
    assert Document.objects.count() == 2


def test_the_demo_has_invoices_of_its_newest_orders(demo_market):
    issue_when(Series.When.SHIPPED)
    orders = [paid_order().pk for _ in range(3)]
    issue_when(Series.When.CONFIRMED)
    told = []

    for _ in range(2):
        demo_documents.fill(now=timezone.now(), say=told.append)

    assert list(Document.objects.order_by("number").values_list("order", flat=True)) == orders
    assert told == ["3 invoices and credit notes"]
    owed = Message.objects.filter(topic="documents.make", done_at=None)
    assert {one.payload["is_mailed"] for one in owed} == {False}
    assert found() == set()
