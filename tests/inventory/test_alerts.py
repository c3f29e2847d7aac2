"""What ran low is noticed once, told once, and over with the next delivery."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from inventory.models import StockAlert
from inventory.services import alerts, reservations
from tests.factories import in_stock
from tests.factories.shelves import place, promise, put

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def _open():
    rows = StockAlert.objects.filter(closed_at=None)
    return {one.stock_item.variant: one.level for one in rows.select_related("stock_item__variant")}


def test_opens_for_what_is_low_and_for_what_is_out():
    low, _enough, out = in_stock(3), in_stock(4), in_stock(2)
    promise(out, 2, NOW)

    alerts.look(now=NOW)

    assert _open() == {low: "low", out: "out"}


def test_what_others_keep_while_they_pay_is_not_there():
    variant = in_stock(5)
    reservations.reserve(
        holder=uuid4(), wanted={variant.pk: 5}, now=NOW, until=NOW + dt.timedelta(minutes=9)
    )

    alerts.look(now=NOW)

    assert _open() == {variant: "out"}


def test_looking_twice_opens_once():
    in_stock(1)

    assert alerts.look(now=NOW) == 1
    assert alerts.look(now=NOW) == 0

    assert StockAlert.objects.count() == 1


def test_the_level_moves_with_the_stock():
    variant = in_stock(2)
    alerts.look(now=NOW)
    promise(variant, 2, NOW)

    alerts.look(now=NOW)

    assert _open() == {variant: "out"}
    assert StockAlert.objects.count() == 1


def test_closes_itself_on_restock_and_opens_anew():
    variant = in_stock(1)
    alerts.look(now=NOW)
    put(variant, 9)

    alerts.look(now=NOW)
    assert _open() == {}

    promise(variant, 9, NOW)
    alerts.look(now=NOW)
    assert StockAlert.objects.count() == 2


def test_what_is_not_sold_any_more_alarms_nobody():
    variant = in_stock(1)
    alerts.look(now=NOW)
    variant.is_active = False
    variant.save()

    alerts.look(now=NOW)

    assert _open() == {}


def test_each_location_has_its_own():
    variant = in_stock(9)
    put(variant, 1, place("counter", 5))

    alerts.look(now=NOW)

    assert StockAlert.objects.get().stock_item.location.code == "counter"


def test_is_told_once_and_again_when_it_is_out():
    variant = in_stock(2)
    alerts.look(now=NOW)

    assert [one.level for one in alerts.digest(now=NOW)] == ["low"]
    assert alerts.digest(now=NOW) == []

    promise(variant, 2, NOW)
    alerts.look(now=NOW)
    assert [one.level for one in alerts.digest(now=NOW)] == ["out"]


def test_what_is_out_is_told_before_what_is_low():
    low, out = in_stock(1), in_stock(1)
    promise(out, 1, NOW)
    alerts.look(now=NOW)

    assert [one.stock_item.variant for one in alerts.untold()] == [out, low]
