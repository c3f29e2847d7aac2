"""The same event told twice at once is booked once."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from payments.models import JournalEntry, JournalLine, LedgerAccount
from payments.services.books import posting
from payments.services.books.drafts import Draft, against
from payments.services.books.roles import CHART, Role
from tests.processes.test_stored_value_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def draft(source):
    lines = against(Role.BANK, Decimal(10), Role.SALES)
    return Draft("manual", source, NOW.date(), NOW, "GBP", Decimal(1), lines)


def test_one_event_booked_by_many_at_once_is_booked_once():
    def book():
        with transaction.atomic():
            return posting.post(draft("same"))

    found = at_once([book] * 6)

    assert sum(one is not None for one in found) == 1
    assert JournalLine.objects.count() == 2
    assert LedgerAccount.objects.count() == len(CHART)


def test_batches_that_overlap_book_each_event_once():
    def book(numbers):
        return lambda: posting.post_many([draft(f"event-{number}") for number in numbers])

    counts = at_once([book(range(100)), book(range(100))])

    assert sum(counts) == JournalEntry.objects.count() == 100
    assert JournalLine.objects.count() == 200
