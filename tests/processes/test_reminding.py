"""Who ordered and has not paid hears of it, each time once, until it is paid, stopped or closed."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from payments.models import PaymentMethod
from payments.services import methods
from payments.tasks import email_payment_reminder
from shop.outbox.models import Mail, Message
from shop.processes import checkout, fulfilment
from tests.factories import CartLineFactory, checkout_of, placed_order
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def transfer(**fields):
    return placed_order(payment_method="bank_transfer", now=NOW, **fields)


def invoiced(days=30):
    customer = member("trade@example.com")
    customer.invoice_days = days
    customer.save()
    line = CartLineFactory()
    line.cart.customer = customer
    line.cart.save()
    choice = checkout_of("invoice", email="trade@example.com")
    return checkout.place_order(cart=line.cart, choice=choice, now=NOW)


def remind(after):
    return checkout.remind(now=NOW + after)


def keys(kind):
    found = Message.objects.filter(topic=f"mail.{kind}").order_by("pk")
    return [one.key.rpartition("-")[2] for one in found]


def deliver(topic):
    """As the worker would, now."""
    for message in Message.objects.filter(topic=f"mail.{topic}", done_at=None):
        email_payment_reminder.app.tasks[message.topic](message_id=message.pk)


class TestUnpaidOrders:
    def test_each_hour_of_the_schedule_sends_one_letter(self):
        transfer()

        sent = [remind(hours * HOUR) for hours in (23, 24, 25, 95, 96, 97, 120)]

        assert sent == [0, 1, 0, 0, 1, 0, 0]
        assert keys("payment_reminder") == ["24", "96"]

    def test_after_a_break_only_the_latest_is_sent(self):
        transfer()

        assert [remind(100 * HOUR), remind(101 * HOUR)] == [1, 0]
        assert keys("payment_reminder") == ["96"]

    def test_the_schedule_is_the_methods_own(self):
        methods.rows()
        PaymentMethod.objects.filter(code="bank_transfer").update(remind_after_hours=[2])
        transfer()

        assert remind(3 * HOUR) == 1
        assert keys("payment_reminder") == ["2"]

    @pytest.mark.parametrize("end", ["paid", "canceled", "held", "expired"])
    def test_it_stops_when_the_order_no_longer_waits(self, end):
        order = transfer()
        if end == "paid":
            checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)
        elif end == "canceled":
            fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)
        elif end == "held":
            orders.hold(order=order, reason="Look", move=Move(NOW))
        else:
            checkout.expire(now=NOW + 8 * DAY)

        assert remind(24 * HOUR) == 0

    def test_a_letter_that_is_owed_is_not_sent_once_the_money_is_in(self):
        order = transfer()
        remind(24 * HOUR)
        checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)

        deliver("payment_reminder")

        assert mail.outbox == []

    def test_the_letter_says_how_much_how_until_when_and_links_to_the_order(self):
        order = transfer()
        remind(24 * HOUR)

        deliver("payment_reminder")

        letter = Mail.objects.get(kind="orders/payment_reminder")
        for words in (f"£{order.total}", "GB33 BUKB", order.number, order.link_token, "until"):
            assert words in letter.text
            assert words in letter.html


class TestInvoices:
    def test_on_the_last_day_and_one_and_two_weeks_after(self):
        invoiced(days=30)

        sent = [remind(days * DAY) for days in (29, 30, 31, 36, 37, 43, 44, 60)]

        assert sent == [0, 1, 0, 0, 1, 0, 1, 0]
        assert keys("invoice_reminder") == ["0", "7", "14"]

    def test_a_paid_invoice_is_left_alone(self):
        order = invoiced()
        checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)

        assert remind(44 * DAY) == 0

    def test_the_letter_says_by_when(self):
        invoiced(days=30)
        remind(37 * DAY)

        deliver("invoice_reminder")

        assert "is to be paid by" in Mail.objects.get(kind="orders/invoice_reminder").text


class TestOtherLetters:
    def test_an_invoice_order_is_thanked_with_its_last_day(self):
        invoiced()

        deliver("order_confirmation")

        assert "by " in Mail.objects.get(kind="orders/order_confirmation").text

    def test_cash_is_to_be_ready(self):
        placed_order(payment_method="cash_on_delivery")

        deliver("order_confirmation")

        assert "ready in cash" in Mail.objects.get().text

    def test_late_money_is_told_of_either_way(self):
        first = transfer()
        checkout.expire(now=NOW + 8 * DAY)
        Order.objects.filter(pk=first.pk).update(status=Order.Status.EXPIRED)
        for kind in ("late_payment_accepted", "late_payment_returned", "payment_part_received"):
            checkout.owe_mail(kind, first, NOW, tell=1)
            deliver(kind)

        assert Mail.objects.filter(reference=first.number).count() == 3
