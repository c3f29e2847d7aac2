"""Expenses, and entries an accountant makes by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import LedgerAccount
from payments.services.books import chart, expenses, manual
from payments.services.books.drafts import NotBalanced
from payments.services.books.expenses import Bill, KnownExpense
from payments.services.books.manual import ByHand, KnownEntry, NoLines, NoMemo, Note
from payments.services.books.roles import Role
from tests.factories.people import UserFactory
from tests.payments.books.reading import booked, check_now

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _chart(db):
    chart.ensure()


def account(code):
    return LedgerAccount.objects.get(code=code)


def bill(net="100.00", tax="20.00"):
    return Bill(
        account=account("6200"),
        paid_from=chart.account(Role.BANK),
        on=TODAY,
        net=Decimal(net),
        tax=Decimal(tax),
        currency="GBP",
        memo="November",
    )


def note(**changes):
    return Note(**{"memo": "Opening", "on": TODAY, "currency": "GBP", "key": "1"} | changes)


def enter(*amounts, **changes):
    accounts = [account("1000"), account("3000"), account("6900")]
    lines = [ByHand(accounts[place], Decimal(amount)) for place, amount in enumerate(amounts)]
    return manual.enter(lines=lines, note=note(**changes), actor=None, now=NOW)


def test_an_expense_is_spent_and_its_tax_to_be_got_back():
    person = UserFactory()

    entry = expenses.post_expense(bill=bill(), digest="abc", actor=person, now=NOW)

    check_now()
    lines = dict(entry.lines.values_list("account__code", "amount"))
    assert lines == {"6200": 100, "1300": 20, "1000": -120}
    assert (entry.on, entry.actor, entry.memo) == (TODAY, person, "November")


def test_an_expense_is_booked_once():
    expenses.post_expense(bill=bill(), digest="abc", actor=None, now=NOW)

    with pytest.raises(KnownExpense):
        expenses.post_expense(bill=bill(), digest="abc", actor=None, now=NOW)


def test_an_accountant_books_by_hand():
    entry = enter("50.00", "-50.00")

    check_now()
    assert booked(entry.source) == {"bank": 50, "opening": -50}


def test_a_second_click_adds_nothing():
    enter("50.00", "-50.00")

    with pytest.raises(KnownEntry):
        enter("50.00", "-50.00")


@pytest.mark.parametrize(
    ("amounts", "changes", "refusal"),
    [
        (("50.00", "-49.00"), {}, NotBalanced),
        (("0.00", "0.00"), {}, NoLines),
        (("50.00", "-50.00"), {"memo": "  "}, NoMemo),
    ],
)
def test_what_makes_no_sense_is_refused(amounts, changes, refusal):
    with pytest.raises(refusal):
        enter(*amounts, **changes)
