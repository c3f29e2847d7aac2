"""How well suppliers keep their word."""

import datetime as dt
from decimal import Decimal

import pytest

from inventory.queries.scorecards import scorecards
from inventory.services.purchase_moves import By
from shop.processes.replenishment import ordering
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]

# A Monday; two weeks later is a Monday as well.
ORDERED = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
MARCH = {"since": dt.date(2026, 3, 1), "until": dt.date(2026, 3, 31)}


def _day(number):
    return ORDERED + dt.timedelta(days=number)


def _bought(by, *units):
    return on_order(by, *[(offer(by).variant, count) for count in units], now=ORDERED)


def _card(by, *, today=dt.date(2026, 4, 10)):
    return scorecards(**MARCH, today=today, supplier_ids=[by.pk])


def test_judges_a_supplier_by_what_was_promised_first():
    by = supplier(lead_days=14)
    order = _bought(by, 10, 10)
    ordering.reschedule(order_id=order.pk, on=dt.date(2026, 3, 20), by=By(_day(10)))
    came(order, 10, 4, now=_day(14))
    came(order, 0, (4, 2), now=_day(18))

    [card] = _card(by)

    assert card.lines == 2
    assert card.on_time == Decimal("0.5")
    assert card.fill == Decimal("0.9")
    assert (card.promised_days, card.real_days) == (Decimal("14.0"), Decimal("16.0"))
    assert (card.received, card.rejected) == (18, 2)
    assert card.defects == Decimal("0.1")


def test_what_is_overdue_and_never_came_counts_against_him():
    by = supplier(lead_days=14)
    _bought(by, 10)

    [card] = _card(by)

    assert (card.on_time, card.fill) == (Decimal(0), Decimal(0))
    assert card.real_days is None
    assert card.defects is None


def test_what_is_not_due_yet_is_not_judged():
    by = supplier(lead_days=14)
    _bought(by, 10)

    assert _card(by, today=dt.date(2026, 3, 15)) == []


def test_a_cancelled_order_is_nobody_s_fault():
    by = supplier(lead_days=14)
    order = _bought(by, 10)
    ordering.cancel(order_id=order.pk, reason="", now=_day(1), actor=None)

    assert _card(by) == []


def test_suppliers_are_listed_by_name_in_one_query(django_assert_num_queries):
    by, other = supplier(name="Birch"), supplier(name="Alder")
    for one in (by, other):
        came(_bought(one, 3), 3, now=_day(5))

    with django_assert_num_queries(1):
        cards = scorecards(**MARCH, today=dt.date(2026, 4, 10))

    assert [card.name for card in cards] == ["Alder", "Birch"]
