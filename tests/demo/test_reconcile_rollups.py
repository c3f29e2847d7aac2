"""Months that were added up once say what their orders say: found when they don't."""

import pytest
from django.db import connection

from analytics.models import SoldInMonth
from analytics.services import rollups
from tests.analytics.books import NOW, sale
from tests.demo.test_reconcile import broken
from tests.factories import CategoryFactory, ProductFactory, in_stock

pytestmark = pytest.mark.django_db
Part = SoldInMonth.Part


@pytest.fixture
def october():
    """Two orders on the two sides of a midnight in London, and goods that are no longer there."""
    cup = ProductFactory(category=CategoryFactory(name="Kitchen"))
    gone = sale("2026-10-10 22:59", variant=in_stock(9, product=cup), quantity=2)
    sale("2026-10-10 23:01", variant=in_stock(9, product=cup))
    gone.lines.update(variant=None)
    rollups.roll_up(now=NOW)
    assert {one.orders for one in SoldInMonth.objects.filter(part=Part.DAY)} == {0, 1}


def test_months_that_are_right_are_no_finding(october):
    assert "sales.months" not in broken(now=NOW)


@pytest.mark.parametrize("part", Part.values)
@pytest.mark.parametrize("figure", ["orders", "units", "gross", "net"])
def test_a_figure_that_is_wrong_is_found(october, part, figure):
    SoldInMonth.objects.filter(part=part, orders=1).update(**{figure: 7})

    assert "sales.months" in broken(now=NOW)


def test_a_line_that_changed_unseen_is_found(october):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table orders_orderline disable trigger sold_in_month_changed")
        cursor.execute("update orders_orderline set quantity = quantity + 1")

    assert "sales.months" in broken(now=NOW)


def test_a_row_that_is_missing_is_found(october):
    SoldInMonth.objects.filter(part=Part.PRODUCT).first().delete()

    assert "sales.months" in broken(now=NOW)
