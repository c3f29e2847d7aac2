"""Posting: each event once, two queries, nothing into a closed month; wrong ones are reversed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import JournalEntry, LedgerAccount, MonthClose
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, Line, against
from payments.services.books.posting import MonthIsClosed, ReversedBefore
from payments.services.books.roles import CHART, Role
from tests.factories import MarketFactory
from tests.factories.people import UserFactory
from tests.payments.books.reading import balance, booked, check_now

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
LINES = against(Role.BANK, Decimal("10.00"), Role.SALES)


def draft(source="test-1", *, lines=LINES, on=TODAY, currency="GBP", rate="1"):
    return Draft(JournalEntry.Kind.MANUAL, source, on, NOW, currency, Decimal(rate), lines)


def test_an_event_is_booked_once():
    first = posting.post(draft())
    second = posting.post(draft())

    assert (first is not None, second) == (True, None)
    assert balance(Role.BANK) == 10


def test_an_event_of_nothing_is_not_booked():
    assert posting.post(draft(lines=against(Role.BANK, Decimal(0), Role.SALES))) is None
    assert not JournalEntry.objects.exists()


def test_posting_takes_two_queries_however_many_entries(django_assert_num_queries):
    MarketFactory()
    chart.ensure()
    chart.books_currency()

    with django_assert_num_queries(2):
        posting.post(draft())
    with django_assert_num_queries(4):  # and a savepoint around them
        count = posting.post_many([draft(f"test-{number}") for number in range(200)])

    assert count == 199
    check_now()


def test_the_books_value_an_entry_in_their_own_currency():
    MarketFactory()

    posting.post(draft(currency="EUR", rate="0.86"))

    assert (balance(Role.BANK), balance(Role.BANK, base=True)) == (10, Decimal("8.60"))


def test_accounts_come_to_be_when_they_are_needed():
    assert not LedgerAccount.objects.exists()

    posting.post(draft())

    assert LedgerAccount.objects.count() == len(CHART)
    assert chart.account(Role.BANK).code == "1000"


def test_accounts_may_be_renumbered_and_renamed():
    chart.ensure()
    LedgerAccount.objects.filter(role=Role.BANK).update(code="1800", name="Giro")

    posting.post(draft())

    assert chart.account(Role.BANK).name == "Giro"
    assert LedgerAccount.objects.count() == len(CHART)


def test_a_number_somebody_gave_away_is_passed_over():
    LedgerAccount.objects.create(code="1000", name="Till", kind="asset")

    posting.post(draft())

    assert chart.account(Role.BANK).code == "1001"
    assert balance(Role.BANK) == 10


def test_a_closed_month_takes_nothing():
    MonthClose.objects.create(month=NOW.date().replace(day=1), closed_at=NOW)

    with pytest.raises(MonthIsClosed):
        posting.post(draft())


def test_a_month_that_was_opened_again_does():
    MonthClose.objects.create(
        month=NOW.date().replace(day=1), closed_at=NOW, opened_at=NOW, reason="A bill came late"
    )

    assert posting.post(draft())


def test_what_is_heard_of_late_is_booked_today():
    MonthClose.objects.create(month=dt.date(2026, 10, 1), closed_at=NOW)

    assert posting.day_for(dt.date(2026, 10, 30), now=NOW) == dt.date(2026, 11, 20)
    assert posting.day_for(dt.date(2026, 9, 30), now=NOW) == dt.date(2026, 9, 30)


def test_a_wrong_entry_is_undone_by_its_opposite():
    lines = [
        Line(Role.CUSTOMERS, Decimal("12.00")),
        Line(Role.SALES, Decimal("-10.00"), "GB", "", Decimal(20)),
        Line(Role.OUTPUT_TAX, Decimal("-2.00"), "GB", "", Decimal(20)),
    ]
    entry = JournalEntry.objects.get(pk=posting.post(draft(lines=lines)))
    person, now = UserFactory(), timezone.now()

    reversal = posting.reverse(entry=entry, reason="Typed twice", actor=person, now=now)

    check_now()
    assert (reversal.reverses, reversal.actor, reversal.memo) == (entry, person, "Typed twice")
    assert booked(reversal.source) == {"customers": -12, "sales": 10, "output_tax": 2}
    assert reversal.lines.get(account__role=Role.SALES).tax_rate == 20


def test_an_entry_is_reversed_once():
    entry = JournalEntry.objects.get(pk=posting.post(draft()))
    posting.reverse(entry=entry, reason="Wrong", actor=None, now=NOW)

    with pytest.raises(ReversedBefore):
        posting.reverse(entry=entry, reason="Wrong", actor=None, now=NOW)
