"""Until picking starts buyers call off, correct the address, and any time they order again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Price
from orders.models import OrderEdit
from orders.services.orders import Move
from shipping.models import Rate
from shipping.services import parcels
from shop.outbox.models import Message
from shop.processes import bookkeeping, selfservice
from shop.processes.editing import NewAddress
from shop.processes.selfservice import TooLate
from tests.factories import CartFactory, in_stock, paid_order, placed_order, shipped_order, stock_of
from tests.processes.editing.changing import added, amend

pytestmark = pytest.mark.django_db
LEEDS = NewAddress("Alice Byron", "1 New Row", "", "Leeds", "LS1 1AA", "GB")


def cancel(order, reason="Changed my mind"):
    return selfservice.cancel(order_id=order.pk, reason=reason, now=timezone.now())


def readdress(order, address=LEEDS):
    return selfservice.readdress(order_id=order.pk, address=address, now=timezone.now())


def begun(order, status="picking"):
    line = order.lines.get()
    return parcels.make(
        order=order,
        contents=[(line, line.quantity)],
        location=None,
        move=Move(timezone.now()),
        status=status,
    )


def broken():
    return [one for one in bookkeeping.reconcile(now=timezone.now()) if one.is_broken]


@pytest.mark.parametrize("make", [placed_order, paid_order])
def test_an_order_is_called_off_and_its_goods_are_free(make):
    order = make()
    begun(order, "pending")

    assert selfservice.may_change(order).cancel == ""
    cancel(order)
    cancel(order)

    order.refresh_from_db()
    assert order.status == "canceled"
    assert stock_of(order.lines.get().variant) == (10, 0)
    assert broken() == []


def test_once_somebody_picks_it_is_too_late():
    order = paid_order()
    begun(order)

    with pytest.raises(TooLate) as caught:
        cancel(order)
    with pytest.raises(TooLate):
        readdress(order)

    allowed = selfservice.may_change(order)
    assert caught.value.message == allowed.cancel == allowed.address != ""


def test_what_has_left_stays_what_it_is():
    allowed = selfservice.may_change(shipped_order())

    assert allowed.cancel
    assert allowed.address


def test_an_address_is_corrected_once_and_told():
    order = paid_order()

    readdress(order)
    readdress(order)

    order.refresh_from_db()
    edit = OrderEdit.objects.get()
    assert (order.city, edit.cause, edit.difference) == ("Leeds", "customer", 0)
    assert Message.objects.filter(topic="mail.order_changed").count() == 1
    assert broken() == []


def test_another_country_is_not_for_the_buyer_to_choose():
    order = paid_order()

    with pytest.raises(TooLate):
        readdress(order, NewAddress("A", "1", "", "Bonn", "53111", "DE"))


def test_where_delivery_costs_something_else_staff_are_asked():
    order = paid_order()
    method = Rate.objects.get().method
    method.not_postcodes = ["BT"]
    method.save()

    with pytest.raises(TooLate) as caught:
        readdress(order, NewAddress("A", "1", "", "Belfast", "BT1 1AA", "GB"))

    assert "costs something else" in caught.value.message


class TestOrderingAgain:
    def again(self, order):
        cart = CartFactory(market=order.market)
        return cart, selfservice.reorder(order=order, cart=cart, now=timezone.now())

    def test_the_same_pieces_are_in_the_basket(self):
        order = shipped_order(quantity=2)

        cart, found = self.again(order)

        assert cart.lines.get().quantity == 2
        assert (len(found.added), found.changed, found.missing) == (1, [], [])

    def test_another_price_and_fewer_units_are_told(self):
        order = paid_order(variant=in_stock(3), quantity=2)
        variant = order.lines.get().variant
        Price.objects.filter(variant=variant).update(amount=Decimal("25.00"))

        cart, found = self.again(order)

        assert cart.lines.get().quantity == 1
        assert any("only 1 left" in one for one in found.changed)
        assert any("£25.00 today, it was £22.00" in one for one in found.changed)

    def test_what_is_gone_is_named(self):
        order = paid_order(variant=in_stock(1))

        cart, found = self.again(order)

        assert not cart.lines.exists()
        assert len(found.missing) == 1

    def test_fees_and_changes_of_delivery_are_nothing_to_buy(self):
        order = paid_order()
        amend(order, add=[added(None, 1, "5.00", title="Gift wrap")])

        cart, found = self.again(order)

        assert cart.lines.count() == len(found.added) == 1
        assert found.missing == []
