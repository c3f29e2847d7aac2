"""Bills: booked at once, imported once, undone by a reversal."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Sum

from payments.models import Expense, JournalEntry, JournalLine
from payments.services import expense_files, expenses
from payments.services.books import posting
from payments.services.books.chart import account
from payments.services.books.expenses import KnownExpense
from payments.services.books.roles import Role
from payments.services.expenses import Facts, WrongBill
from tests.factories import MarketFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 21, 19, 0, tzinfo=dt.UTC)
HEAD = "date,supplier,reference,category,paid_from,currency,net,tax,gross,note"


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()


def rent(**fields):
    facts = {
        "account": expenses.categories()[0],
        "paid_from": account(Role.BANK),
        "on": dt.date(2026, 11, 1),
        "supplier": "Harbour Lofts",
        "currency": "GBP",
        "net": Decimal("500.00"),
        "tax": Decimal("100.00"),
        "reference": "R-11",
    }
    return Facts(**facts | fields)


def enter(**fields):
    return expenses.enter(facts=rent(**fields), actor=None, now=NOW)


def balance(role):
    lines = JournalLine.objects.filter(account__role=role)
    return lines.aggregate(sum=Sum("base"))["sum"] or 0


@pytest.fixture
def file(tmp_path):
    def write(*lines):
        path = tmp_path / "bills.csv"
        path.write_text("\n".join((HEAD, *lines)))
        return path

    return write


def read(path):
    return expense_files.read(path=path, now=NOW)


def test_a_bill_is_booked_at_once():
    bill = enter()

    assert balance(Role.BANK) == -600
    assert balance(Role.INPUT_TAX) == 100
    assert bill.entry.lines.get(account=bill.account).base == 500
    assert (bill.gross, bill.entry.on) == (600, dt.date(2026, 11, 1))


def test_a_bill_that_is_not_paid_yet_is_owed_to_its_supplier():
    enter(paid_from=account(Role.SUPPLIERS))

    assert (balance(Role.BANK), balance(Role.SUPPLIERS)) == (0, -600)


def test_the_same_bill_is_booked_once():
    enter()

    with pytest.raises(KnownExpense):
        enter(supplier="HARBOUR lofts")

    assert Expense.objects.count() == JournalEntry.objects.count() == 1


def test_a_bill_is_undone_by_its_opposite_once():
    bill = enter()

    undone = expenses.undo(expense_id=bill.pk, reason="Not ours", actor=None, now=NOW)

    assert undone.memo == "Not ours"
    assert balance(Role.BANK) == balance(Role.INPUT_TAX) == 0
    with pytest.raises(posting.ReversedBefore):
        expenses.undo(expense_id=bill.pk, reason="Again", actor=None, now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"net": Decimal(0), "tax": Decimal(0)},
        {"tax": Decimal(-1)},
        {"on": dt.date(2026, 11, 22)},
    ],
)
def test_a_bill_of_nothing_or_of_tomorrow_is_refused(fields):
    with pytest.raises(WrongBill):
        enter(**fields)

    assert not JournalEntry.objects.exists()


def test_a_bill_can_be_for_an_expense_only():
    with pytest.raises(WrongBill):
        enter(account=account(Role.SALES))


def test_a_file_is_looked_at_before_anything_is_booked(file):
    sheet = read(
        file(
            "2026-11-02,Clay & Co,77,6900,,GBP,80.00,16.00,96.00,Stoneware",
            "2026-11-03,Post,,6000,2000,,,,12.50,",
        )
    )

    assert [line.facts.gross for line in sheet.lines] == [96, Decimal("12.50")]
    assert sheet.lines[1].facts.paid_from == account(Role.SUPPLIERS)
    assert not sheet.problems
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("02/11/2026,Clay,,6900,,,80,,,", "no date"),
        ("2026-11-02,,,6900,,,80,,,", "supplier is missing"),
        ("2026-11-02,Clay,,4000,,,80,,,", "no account"),
        ("2026-11-02,Clay,,1000,,,80,,,", "no account of expenses"),
        ("2026-11-02,Clay,,6900,,,,,,", "Neither net nor gross"),
        ("2026-11-02,Clay,,6900,,,80,16,90,", "do not add up"),
        ("2026-11-02,Clay,,6900,,,eighty,,,", "no amount"),
        ("2026-11-02,Clay,,6900,,,NaN,,,", "no amount"),
        ("2026-11-02,Clay,,6900,,,1.234,,,", "too many decimals"),
        ("2026-11-02,Clay,,6900,,pounds,1,,,", "no currency"),
        ("2027-11-02,Clay,,6900,,,1,,,", "future"),
        ("2026-11-02,Clay,,6900,,,-5,,,", "zero or more"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_of_the_file_is_booked(file, line, problem):
    sheet = read(file("2026-11-02,Clay,1,6900,,,5,,,", line))

    (wrong,) = sheet.problems
    assert wrong.number == 3
    assert problem in wrong.problem
    with pytest.raises(WrongBill):
        expense_files.add_all(sheet=sheet, actor=None, now=NOW)
    assert not Expense.objects.exists()


def test_the_same_file_adds_nothing(file):
    path = file("2026-11-02,Clay,1,6900,,,5,,,", "2026-11-02,Clay,2,6900,,,5,,,")
    first = expense_files.add_all(sheet=read(path), actor=None, now=NOW)

    sheet = read(path)
    second = expense_files.add_all(sheet=sheet, actor=None, now=NOW)

    assert (first, second) == (2, 0)
    assert all(line.is_known for line in sheet.lines)
    assert balance(Role.BANK) == -10


def test_the_same_line_twice_in_a_file_counts_once(file):
    line = "2026-11-02,Clay,1,6900,,,5,,,"

    assert expense_files.add_all(sheet=read(file(line, line)), actor=None, now=NOW) == 1


def test_a_file_without_a_column_it_needs_is_refused(tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text("date,net\n2026-11-01,5")

    with pytest.raises(WrongBill, match="supplier, category"):
        read(path)
