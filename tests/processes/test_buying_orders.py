"""A draft becomes an order: its rate, its days, its paper and its mail."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from celery import current_app
from django.core import mail as django_mail
from pypdf import PdfReader

from catalog.models import ExchangeRate
from inventory.models import PurchaseOrder, StockItem
from inventory.services import purchase_papers
from inventory.services.purchase_moves import By, NothingOrdered
from inventory.services.purchase_papers import NotSent
from inventory.services.purchases import WrongState
from shop.outbox.models import Mail, Message
from shop.processes.replenishment import ordering
from shop.processes.replenishment.ordering import NoRate
from tests.factories.buying import came, draft_of, offer, on_order, supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]

MONDAY = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def _work():
    """Do all that is owed to suppliers, as a worker would."""
    topics = ("documents.purchase_order", "mail.purchase_order", "mail.purchase_order_canceled")
    for topic in topics:
        for message in Message.objects.filter(topic=topic, done_at=None).order_by("pk"):
            current_app.tasks[topic](message_id=message.pk)


def _incoming(order):
    return [item.incoming for item in StockItem.objects.filter(location=order.location)]


def _text(order):
    order.refresh_from_db()
    with order.pdf.open("rb") as file:
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(BytesIO(file.read())).pages).split()
        )


def _bought(by=None, units=12, **fields):
    by = by or supplier()
    return on_order(by, (offer(by).variant, units), now=MONDAY, **fields)


def test_ordering_fixes_the_rate_and_the_day_and_expects_the_units():
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate=Decimal("0.86"), at=MONDAY)
    order = _bought(supplier(currency="EUR", lead_days=10))

    order.refresh_from_db()

    # The tenth day is a Thursday.
    assert order.expected_on == dt.date(2026, 3, 12)
    assert order.lines.get().expected_on == dt.date(2026, 3, 12)
    assert (order.status, order.rate) == ("ordered", Decimal("0.86000000"))
    assert _incoming(order) == [12]
    assert order.events.get().to_state == "ordered"


def test_nobody_is_there_on_a_sunday_and_an_offer_may_take_longer_than_its_supplier():
    by = supplier(lead_days=6)
    slow = offer(by, lead_days=20).variant

    order = on_order(by, (offer(by).variant, 1), (slow, 1), now=MONDAY)

    days = list(order.lines.order_by("position").values_list("expected_on", flat=True))
    assert days == [dt.date(2026, 3, 9), dt.date(2026, 3, 23)]
    assert order.expected_on == dt.date(2026, 3, 23)


def test_a_day_that_was_agreed_on_is_kept():
    order = _bought(expected_on=dt.date(2026, 5, 4))

    assert order.lines.get().expected_on == dt.date(2026, 5, 4)


def test_a_currency_without_a_rate_is_refused():
    by = supplier(currency="JPY")
    draft = draft_of(by, (offer(by).variant, 1))

    with pytest.raises(NoRate) as refused:
        ordering.order(order_id=draft.pk, now=MONDAY, actor=None)

    assert "JPY" in refused.value.message
    assert _incoming(draft) == []


def test_nothing_is_ordered_twice_or_without_lines():
    order, by = _bought(), supplier()
    empty = draft_of(by)

    with pytest.raises(WrongState):
        ordering.order(order_id=order.pk, now=MONDAY, actor=None)
    with pytest.raises(NothingOrdered):
        ordering.order(order_id=empty.pk, now=MONDAY, actor=None)

    assert _incoming(order) == [12]


@time_machine.travel(MONDAY)
def test_the_supplier_gets_one_mail_with_the_order_as_pdf():
    by = supplier(name="Töpferei Grün", terms="Ex works.", account_number="K-77")
    one = offer(by, cost="0.345", supplier_sku="TG-1", pack_size=6)
    order = on_order(by, (one.variant, 12), now=MONDAY, note="Please pack well.")

    _work()
    _work()

    [sent] = django_mail.outbox
    text = _text(order)
    assert sent.to == [by.email]
    assert [name for name, *_ in sent.attachments] == [f"{order.number}.pdf"]
    for words in (
        *(order.number, "Töpferei Grün", one.variant.sku, "TG-1", "2 × pack of 6", "£0.345"),
        *("£4.14", "K-77", "Please pack well.", "Ex works.", "16 March 2026"),
    ):
        assert words in text
    assert order.sent_at is not None


@time_machine.travel(MONDAY)
def test_an_order_is_mailed_again_only_when_somebody_asks():
    order = _bought()
    _work()

    for _click in range(2):
        ordering.resend(order_id=order.pk, now=MONDAY)
    _work()

    assert Mail.objects.filter(reference=order.number).count() == 2


@time_machine.travel(MONDAY)
def test_a_supplier_without_an_address_gets_no_mail_but_there_is_a_pdf():
    order = _bought(supplier(email=""))

    _work()

    assert django_mail.outbox == []
    assert order.number in _text(order)
    with pytest.raises(NotSent):
        ordering.resend(order_id=order.pk, now=MONDAY)


@time_machine.travel(MONDAY + dt.timedelta(days=30))
def test_what_was_ordered_long_ago_is_not_mailed():
    order = _bought()

    _work()

    assert django_mail.outbox == []
    assert order.number in _text(order)


@time_machine.travel(MONDAY)
def test_cancelling_tells_the_supplier_and_expects_nothing():
    order = _bought()
    _work()

    ordering.cancel(order_id=order.pk, reason="wrong glaze", now=MONDAY, actor=None)
    _work()

    assert _incoming(order) == [0]
    assert [one.subject for one in django_mail.outbox][-1] == (
        f"Purchase order {order.number} is cancelled"
    )
    assert order.events.order_by("pk").last().note == "wrong glaze"


@time_machine.travel(MONDAY)
def test_an_order_called_off_before_its_mail_left_is_never_mailed():
    order = _bought()

    ordering.cancel(order_id=order.pk, reason="", now=MONDAY, actor=None)
    _work()

    assert django_mail.outbox == []


def test_closing_short_expects_the_rest_no_more():
    order = _bought(units=10)
    came(order, 4)

    ordering.close(order_id=order.pk, reason="discontinued", now=MONDAY, actor=None)

    order.refresh_from_db()
    assert order.status == PurchaseOrder.Status.CLOSED
    assert _incoming(order) == [0]


def test_an_order_of_which_something_came_is_closed_and_not_cancelled():
    order = _bought(units=10)
    came(order, 4)

    with pytest.raises(WrongState):
        ordering.cancel(order_id=order.pk, reason="", now=MONDAY, actor=None)


def test_another_day_is_kept_with_the_day_before_it():
    order = _bought()

    ordering.reschedule(order_id=order.pk, on=dt.date(2026, 4, 1), by=By(MONDAY, note="kiln broke"))

    order.refresh_from_db()
    line = order.lines.get()
    event = order.events.get(axis=f"expected-{line.pk}")
    assert (order.expected_on, line.expected_on) == (dt.date(2026, 4, 1),) * 2
    assert (event.from_state, event.to_state) == ("2026-03-16", "2026-04-01")
    assert event.note == f"{line.variant.sku}: kiln broke"


def test_the_paper_is_made_once():
    order = _bought()

    first = purchase_papers.make(order_id=order.pk).pdf.name
    again = purchase_papers.make(order_id=order.pk).pdf.name

    assert first == again
