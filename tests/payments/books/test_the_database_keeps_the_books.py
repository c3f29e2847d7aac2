"""What PostgreSQL itself refuses, whoever asks."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import JournalEntry, JournalLine, MonthClose
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, against
from payments.services.books.roles import Role
from tests.payments.books.reading import check_now

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
TODAY = NOW.date()


def entry(*amounts, on=TODAY, base=None):
    """An entry written past the shop's own services."""
    account = chart.account(Role.BANK)
    made = JournalEntry.objects.create(
        kind="manual", source="raw", on=on, at=NOW, currency="GBP", rate=1
    )
    for place, amount in enumerate(amounts):
        JournalLine.objects.create(
            entry=made,
            account=account,
            amount=Decimal(amount),
            base=Decimal((base or amounts)[place]),
        )
    return made


def posted():
    lines = against(Role.BANK, Decimal(10), Role.SALES)
    draft = Draft("manual", "posted", NOW.date(), NOW, "GBP", Decimal(1), lines)
    return JournalEntry.objects.get(pk=posting.post(draft))


@pytest.mark.parametrize(
    ("amounts", "base"),
    [
        ((10, -9), None),
        ((10, -10), (10, -9)),
        ((), None),
        ((10,), None),
    ],
    ids=["out of balance", "out of balance in the books", "no lines", "one line"],
)
def test_an_entry_that_does_not_balance_is_refused(amounts, base):
    entry(*amounts, base=base)

    with pytest.raises(IntegrityError, match="out of balance"):
        check_now()


def test_an_entry_that_balances_stays():
    entry(10, -4, -6)

    check_now()


def test_an_entry_takes_no_line_later(transactional_db):
    kept, account = posted(), chart.account(Role.BANK)

    with pytest.raises(IntegrityError, match="takes no more lines"):
        JournalLine.objects.create(entry=kept, account=account, amount=1, base=1)


@pytest.mark.parametrize(
    "statement",
    [
        "update payments_journalline set amount = amount + 1",
        "delete from payments_journalline",
        "update payments_journalentry set memo = 'other'",
        "delete from payments_journalentry",
    ],
)
def test_what_is_booked_is_never_changed_or_deleted(statement):
    posted()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement)

    assert JournalLine.objects.filter(amount=10).exists()


def test_a_closed_month_takes_no_entry():
    MonthClose.objects.create(month=NOW.date().replace(day=1), closed_at=NOW)

    with pytest.raises(IntegrityError, match="are closed"), transaction.atomic():
        entry(10, -10)
    assert entry(10, -10, on=dt.date(2026, 12, 1))
