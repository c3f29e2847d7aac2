import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from orders.models import Order
from payments.models import Document, Series
from payments.services import documents
from shop.outbox.models import Message
from shop.processes import checkout, fulfilment
from shop.processes.fulfilment import Parcel
from tests.factories import paid_order, placed_order
from tests.factories.documents import credit_note_of, granted, invoice_of, issue_when
from tests.factories.specials import online_variant

pytestmark = pytest.mark.django_db
When = Series.When


def pay(order):
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=timezone.now())


def issue_and_fail(order):
    with transaction.atomic():
        documents.happened(order=order, when=When.CONFIRMED, now=timezone.now())
        raise RuntimeError


def dispatch(order):
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=Parcel(), actor=None, now=timezone.now()
    )


def test_a_confirmed_order_has_an_invoice_of_its_totals(demo_market):
    order = paid_order(quantity=3)

    invoice = invoice_of(order)
    assert (invoice.net, invoice.tax, invoice.total) == (order.net, order.tax, order.total)
    assert invoice.currency == order.currency


def test_an_order_that_waits_for_its_money_has_none(demo_market):
    order = placed_order(payment_method="bank_transfer")

    assert documents.of_order(order) == []


def test_the_first_number_names_the_series_and_the_year(demo_market):
    invoice = invoice_of(paid_order())

    year = invoice.issued_on.year
    assert invoice.label == f"INV-{year}-000001"
    assert invoice.content["label"] == invoice.label


def test_numbers_run_on_over_the_turn_of_the_year(demo_market):
    first = placed_order(payment_method="bank_transfer")
    second = placed_order(payment_method="bank_transfer")
    for order, year in ((first, 2026), (second, 2027)):
        with transaction.atomic():
            documents.happened(
                order=order, when=When.CONFIRMED, now=dt.datetime(year, 1, 3, 12, tzinfo=dt.UTC)
            )

    assert [one.label for one in Document.objects.order_by("pk")] == [
        "INV-2026-000001",
        "INV-2027-000002",
    ]


def test_the_same_news_twice_issues_one_invoice(demo_market):
    order = paid_order()

    again = documents.happened(order=order, when=When.CONFIRMED, now=timezone.now())

    assert again is None
    assert len(documents.of_order(order)) == 1


def test_an_invoice_can_wait_for_the_parcel(demo_market):
    issue_when(When.SHIPPED)
    order = paid_order()
    assert documents.of_order(order) == []

    dispatch(order)

    invoice = invoice_of(order)
    assert invoice.content["supply"]["on"] == invoice.issued_on.isoformat()


def test_what_needs_no_parcel_is_sent_when_it_is_handed_over(demo_market):
    issue_when(When.SHIPPED)

    order = paid_order(variant=online_variant())

    assert invoice_of(order).content["supply"]["on"]


def test_an_invoice_can_wait_for_the_money(demo_market):
    issue_when(When.PAID)
    order = placed_order(payment_method="bank_transfer")
    assert documents.of_order(order) == []

    pay(order)

    assert invoice_of(order)


def test_a_moment_that_passed_under_another_rule_is_made_up_for(demo_market):
    issue_when(When.SHIPPED)
    order = paid_order()
    issue_when(When.CONFIRMED)

    dispatch(order)

    assert invoice_of(order)


def test_a_number_comes_back_when_the_cause_fails(demo_market):
    order = placed_order(payment_method="bank_transfer")

    with pytest.raises(RuntimeError):
        issue_and_fail(order)

    assert not Document.objects.exists()
    assert documents.series_of(Series.Kind.INVOICE).next_number == 1


def test_a_grant_has_one_credit_note_against_the_invoice(demo_market):
    order = paid_order(quantity=2)

    note = credit_note_of(order, share=Decimal("0.5"), quantity=1)
    again = documents.credit_note(grant=note.grant, now=timezone.now())

    assert again is None
    assert note.total == note.grant.total
    assert note.label.startswith("CN-")
    assert note.content["invoice"]["label"] == invoice_of(order).label


def test_a_grant_on_an_order_without_an_invoice_has_none(demo_market):
    issue_when(When.SHIPPED)
    order = paid_order()

    assert credit_note_of(order) is None


def test_an_invoice_that_comes_late_brings_the_credit_notes_with_it(demo_market):
    issue_when(When.SHIPPED)
    order = paid_order(quantity=2)
    granted(order, share=Decimal("0.5"))

    dispatch(order)

    assert [one.kind for one in documents.of_order(order)] == ["invoice", "credit_note"]


def test_a_worker_is_asked_for_the_page(demo_market):
    invoice = invoice_of(paid_order())

    message = Message.objects.get(topic="documents.make")
    assert message.payload == {"document_id": invoice.pk}


def test_a_new_rule_is_caught_up_with(demo_market):
    invoice_of(paid_order())
    issue_when(When.SHIPPED)
    order = paid_order()
    issue_when(When.CONFIRMED)

    assert [one.pk for one in documents.missing()] == [order.pk]
    assert Order.objects.filter(documents__kind="invoice").count() == 1
