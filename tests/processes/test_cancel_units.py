"""Units taken off an order: what is missing goes first, what they cost comes back to the cent."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Allocation, Backorder, Shortage, StockPolicy
from payments.models import GrantedRefund
from shop.processes import bookkeeping, fulfilment, shortages
from shop.processes.fulfilment import NotNow
from shop.processes.shortages.canceling import NothingToCancel
from tests.factories import in_stock, paid_order, placed_order, stock_of
from tests.factories.promotions import promotion
from tests.factories.specials import bundle_of
from tests.processes.shorts import lose, short_order
from tests.processes.test_fulfilment import PARCEL

pytestmark = pytest.mark.django_db


def cancel(order, units, key="1"):
    return shortages.cancel_units(
        order_id=order.pk,
        units={order.lines.get().pk: units},
        reason="Fewer will do",
        key=key,
        actor=None,
        now=timezone.now(),
    )


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


def test_the_parts_of_a_discounted_line_add_up_to_the_line():
    promotion("percent", {"percent": "10"})
    order = paid_order(variant=in_stock(3, price="9.99"), quantity=3)
    line = order.lines.get()

    for key in ("1", "2"):
        cancel(order, 1, key)
    fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )

    order.refresh_from_db()
    granted = sum(GrantedRefund.objects.values_list("total", flat=True))
    assert order.status == "completed"
    assert abs(granted - line.gross * 2 / 3) < Decimal("0.01")
    assert all(grant.tax > 0 for grant in GrantedRefund.objects.all())
    assert broken() == []


def test_what_is_missing_is_given_up_before_what_is_to_come_and_what_is_there():
    variant = in_stock(3)
    StockPolicy.objects.create(variant=variant, selling="backorder", limit=9)
    order = paid_order(variant=variant, quantity=5)
    lose(variant, 1)

    cancel(order, 2)

    assert list(Shortage.objects.values_list("outcome", flat=True)) == ["cancel"]
    assert Backorder.objects.get().quantity == 1
    assert StockPolicy.objects.get().waiting == 1
    assert Allocation.objects.get().quantity == 2
    assert broken() == []


def test_a_bundle_is_cancelled_with_all_its_parts():
    cup, saucer = in_stock(8), in_stock(4)
    order = paid_order(variant=bundle_of({cup: 2, saucer: 1}), quantity=3)
    lose(saucer, 2)
    line = order.lines.get()

    shortages.cancel(order_id=order.pk, line_id=line.pk, reason="", actor=None, now=timezone.now())

    line.refresh_from_db()
    assert (line.canceled, line.unfulfilled) == (1, 2)
    assert (stock_of(cup), stock_of(saucer)) == ((8, 4), (2, 2))
    assert broken() == []


def test_only_whole_bundles_leave():
    cup, saucer = in_stock(6), in_stock(3)
    order = paid_order(variant=bundle_of({cup: 2, saucer: 1}), quantity=3)
    lose(cup, 3)

    parcel = fulfilment.dispatch(
        order_id=order.pk, quantities=None, parcel=PARCEL, actor=None, now=timezone.now()
    )

    assert parcel.lines.get().quantity == 1
    assert (stock_of(cup), stock_of(saucer)) == ((1, 1), (2, 2))
    assert broken() == []


@pytest.mark.parametrize("units", [0, -1, 4])
def test_no_more_is_cancelled_than_is_left(units):
    order = paid_order(variant=in_stock(3), quantity=3)

    with pytest.raises(NothingToCancel):
        cancel(order, units)

    assert not GrantedRefund.objects.exists()


def test_an_unconfirmed_order_is_not_cancelled_by_halves():
    order = placed_order(variant=in_stock(3), quantity=3, payment_method="bank_transfer")

    with pytest.raises(NotNow):
        cancel(order, 1)

    assert stock_of(order.lines.get().variant) == (3, 3)


def test_all_units_of_an_unconfirmed_order_call_it_off():
    order = short_order(make=placed_order, payment_method="bank_transfer")

    cancel(order, 3)

    order.refresh_from_db()
    assert order.status == "canceled"
    assert broken() == []
