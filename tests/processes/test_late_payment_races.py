"""Money, the clock and other shoppers at the same moment: nothing is sold twice, no money is lost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from marketing.models import PromotionUse
from orders.models import Order
from payments.gateways.base import Standing, State
from payments.models import BankLine, Payment, Refund
from payments.services import payments, statements
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day
from shop.outbox.models import Message
from shop.processes import banking, bookkeeping, checkout
from shop.processes.banking import Upload
from tests.factories import CartLineFactory, checkout_of, in_stock, placed_order, stock_of
from tests.factories.customers import member
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
LATER = NOW + dt.timedelta(days=8)


def carded(variant):
    order = placed_order(variant=variant, now=NOW)
    payment = payments.open_attempt(order=order, provider="card", now=NOW)
    payments.name_reference(payment=payment, reference=f"cs_{order.number}")
    return order, payment


def charge(payment):
    standing = Standing(State.CHARGED, payment.amount, payment.currency, f"pi_{payment.pk}")
    return lambda: checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=LATER)


def buy(variant):
    line = CartLineFactory(variant=variant)
    choice = checkout_of("card", email="bob@example.com")

    def run():
        try:
            return checkout.place_order(cart=line.cart, choice=choice, now=LATER)
        except Refused:
            return None

    return run


def broken():
    found = bookkeeping.reconcile(now=LATER)
    return [one.name for one in found if one.is_broken and one.name != "orders.expired"]


def charged_and_kept():
    return sum(one.charged - one.refunded - one.refund_pending for one in Payment.objects.all())


@pytest.mark.parametrize("turn", range(4))
def test_a_payment_that_meets_the_clock_is_never_lost(turn):
    variant = in_stock(1)
    order, payment = carded(variant)

    at_once([charge(payment), lambda: checkout.expire(now=LATER)] * 2)

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert stock_of(variant) == (1, 1)
    assert charged_and_kept() == order.total
    assert not broken()


def test_two_sweeps_close_an_order_once():
    variant = in_stock(1)
    order = placed_order(variant=variant, now=NOW)

    closed = at_once([lambda: checkout.expire(now=LATER)] * 4)

    assert sum(closed) == 1
    assert order.events.filter(axis="status", to_state="expired").count() == 1
    assert stock_of(variant) == (1, 0)


@pytest.mark.parametrize("turn", range(4))
def test_the_last_unit_goes_to_the_late_payer_or_to_the_new_buyer(turn):
    variant = in_stock(1)
    late, payment = carded(variant)
    checkout.expire(now=LATER)

    _paid, bought = at_once([charge(payment), buy(variant)])

    late.refresh_from_db()
    assert (late.status == "confirmed") == (bought is None)
    assert stock_of(variant) == (1, 1)
    if bought is None:
        assert charged_and_kept() == late.total
        assert Message.objects.filter(topic="mail.late_payment_accepted").count() == 1
    else:
        assert Refund.objects.get().amount == late.total
        assert charged_and_kept() == 0
        assert Message.objects.filter(topic="mail.late_payment_returned").count() == 1
    assert not broken()


def test_the_same_late_news_ten_times_revives_once():
    variant = in_stock(3)
    late, payment = carded(variant)
    checkout.expire(now=LATER)

    at_once([charge(payment)] * 6)

    late.refresh_from_db()
    assert late.status == "confirmed"
    assert stock_of(variant) == (3, 1)
    assert not Refund.objects.exists()
    assert not broken()


def test_reminders_by_two_sweeps_are_owed_once():
    placed_order(payment_method="bank_transfer", now=NOW)
    day = NOW + dt.timedelta(hours=25)

    owed = at_once([lambda: checkout.remind(now=day)] * 4)

    assert sum(owed) == 1


def test_a_line_matched_by_many_at_once_pays_once():
    order = placed_order(payment_method="bank_transfer", now=NOW)
    data = (
        "Date,Amount,Currency,Reference\n"
        f"{shop_day(NOW)},{order.total},GBP,{order.number}"
    ).encode()  # fmt: skip
    banking.import_statement(
        statement=statements.read(data), upload=Upload("s.csv", data), actor=None, now=LATER
    )

    found = at_once([lambda: banking.match_open(now=LATER)] * 4)

    assert sum(found) == 1
    assert charged_and_kept() == order.total
    assert BankLine.objects.get().status == "matched"


def test_one_file_brought_by_two_is_one_statement():
    data = f"Date,Amount,Currency,Reference\n{shop_day(NOW)},7,GBP,x".encode()

    def bring():
        try:
            return banking.import_statement(
                statement=statements.read(data), upload=Upload("s", data), actor=None, now=NOW
            ).added
        except Refused:
            return 0

    assert sorted(at_once([bring] * 4)) == [0, 0, 0, 1]


def test_two_orders_at_once_stay_within_one_credit_limit():
    variant = in_stock(10, price=Decimal("50.00"))
    customer = member("trade@example.com")
    customer.invoice_days, customer.credit_limit = 30, Decimal(80)
    customer.save()
    choice = checkout_of("invoice", email="trade@example.com")
    carts = []
    for _cart in range(3):
        line = CartLineFactory(variant=variant)
        line.cart.customer = customer
        line.cart.save()
        carts.append(line.cart)

    def place(cart):
        def run():
            try:
                return checkout.place_order(cart=cart, choice=choice, now=NOW)
            except Refused:
                return None

        return run

    placed = [one for one in at_once([place(cart) for cart in carts]) if one]

    assert len(placed) == 1
    assert Order.objects.count() == 1
    assert not PromotionUse.objects.exists()
