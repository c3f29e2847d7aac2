"""How long suppliers really take."""

import datetime as dt

import pytest

from inventory.queries.lead_times import lead_times
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


def delivered(by, *, after, units=5):
    """An order of five, of which so many came after so many days."""
    order = on_order(by, (offer(by).variant, 5), now=NOW)
    came(order, units, now=NOW + dt.timedelta(days=after))
    return order


def test_the_days_from_ordering_to_each_delivery_are_the_record():
    maker = supplier()
    delivered(maker, after=10)
    delivered(maker, after=14)

    found = lead_times([maker.pk])[maker.pk]

    assert (found.count, found.mean, found.sigma) == (2, 12, 2)


def test_two_parts_of_an_order_are_two_deliveries():
    maker = supplier()
    order = delivered(maker, after=10, units=2)
    came(order, 3, now=NOW + dt.timedelta(days=20))

    found = lead_times([maker.pk])[maker.pk]

    assert (found.count, found.mean) == (2, 15)


def test_who_never_delivered_has_no_record():
    maker = supplier()
    on_order(maker, (offer(maker).variant, 5), now=NOW)

    assert lead_times([maker.pk]) == {}


def test_the_record_of_others_does_not_count():
    maker, other = supplier(), supplier()
    delivered(other, after=40)

    assert lead_times([maker.pk]) == {}
