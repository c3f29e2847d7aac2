"""Books that begin late: what happened before is booked as it would have been."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from inventory.models import Valuation
from orders.models import OrderLine
from payments.models import JournalEntry, MonthClose
from payments.services.books import payouts, sales
from payments.services.books.roles import Role
from shop.processes import giving
from shop.processes.bookkeeping import history
from tests.factories import CartLineFactory, VariantFactory, in_stock, paid_order, shipped_order
from tests.factories.value import gift_card
from tests.payments.books.reading import balance, check_now, forget_all, journal
from tests.payments.books.test_goods import correct, mug
from tests.payments.books.test_payouts import charged, line, payout
from tests.payments.books.test_sales import granted, place
from tests.processes.test_stored_value_bought import basket, charge

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def quiet(_name, _count):
    """Say nothing."""


def book():
    return history.book(now=timezone.now(), say=quiet)


def a_little_of_everything():
    paid_out = payout("29.25")
    line(payment=charged())
    payouts.post_payout(payout=paid_out, now=timezone.now())
    paid_order()
    place(CartLineFactory().cart)
    shipped_order(variant=in_stock(variant=VariantFactory(cost=4), units=3), quantity=2)
    charge(place(basket(gift_card("15.00"), price="20.00")))
    order = paid_order()
    grant = granted(order, lines=list(order.tax_lines.all()))
    sales.post_credit(grant=grant, now=grant.granted_at)
    giving.give_credit(
        email="a@example.com", amount=5, currency="GBP", reason="Sorry", actor=None, now=NOW
    )


def test_history_is_what_would_have_been_booked_at_the_time():
    a_little_of_everything()
    before = journal()
    forget_all()

    count = book()

    check_now()
    assert count == len(before) > 10
    assert journal() == before


def test_running_it_again_adds_nothing():
    a_little_of_everything()
    book()
    before = journal()

    assert book() == 0
    assert journal() == before


def test_stock_is_booked_when_its_books_are_found():
    correct(mug(units=10), on_hand=12)
    forget_all()

    book()

    assert balance(Role.STOCK) == 96
    assert (balance(Role.SUPPLIERS), balance(Role.STOCK_CHANGES)) == (-80, -16)


def test_a_parcel_whose_cost_nobody_wrote_cost_what_its_lines_were_to_cost():
    order = shipped_order(variant=in_stock(variant=VariantFactory(cost=4)), quantity=2)
    order.fulfilments.update(goods_cost=None)
    OrderLine.objects.update(unit_cost=5)
    forget_all()

    book()

    assert balance(Role.COST_OF_GOODS, order=order) == 10


def test_books_older_than_the_values_of_stock_are_brought_to_them_once():
    order = shipped_order(variant=in_stock(variant=VariantFactory(cost=4)), quantity=2)
    order.fulfilments.update(goods_cost=None)
    OrderLine.objects.update(unit_cost=5)
    forget_all()

    book()

    # Ten came for 40 and two of them left: 32 are there, and 30 were in the books.
    assert balance(Role.STOCK) == Valuation.objects.get().value == 32
    assert balance(Role.STOCK_CHANGES) == -2
    assert book() == 0


def test_every_event_is_found_however_small_the_batches(monkeypatch):
    for _one in range(5):
        paid_order()
    before = journal()
    forget_all()
    monkeypatch.setattr(history, "BATCH", 2)

    book()

    assert journal() == before


def test_what_belongs_to_a_closed_month_is_booked_today():
    order = paid_order()
    forget_all()
    today = timezone.localdate()
    order.confirmed_at -= dt.timedelta(days=40)
    order.save()
    month = order.confirmed_at.date().replace(day=1)
    MonthClose.objects.create(month=month, closed_at=NOW)

    book()

    assert set(JournalEntry.objects.values_list("on", flat=True)) == {today}


def test_the_command_says_what_it_booked_and_how_fast():
    paid_order()
    forget_all()
    out = StringIO()

    call_command("book_history", stdout=out)

    assert out.getvalue().startswith("sales: 1\npayments and refunds: 1\n2 entries booked in ")
