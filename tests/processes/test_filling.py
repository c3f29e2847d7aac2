"""What is there again goes to those who wait for it, oldest first, and they hear of it once."""

import datetime as dt
from uuid import UUID

import pytest

from inventory.models import Backorder, PurchaseOrder, StockMovement, StockPolicy
from inventory.queries import availability
from inventory.services import stock
from inventory.services.stock import OutOfStock, Why
from orders.models import OrderEvent
from shop.outbox.models import Message
from shop.processes import checkout, filling
from tests.factories import VariantFactory, in_stock, paid_order, placed_order
from tests.factories.ahead import on_order, preordered, sold_ahead

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def comes(variant, units, now=NOW):
    why = Why(kind=StockMovement.Kind.RECEIPT, now=now)
    stock.change_on_hand(variant_id=variant.pk, change=units, why=why)
    return filling.fill(variant_ids=[variant.pk], now=now)


def told(topic):
    return list(
        Message.objects.filter(topic=topic).order_by("pk").values_list("payload", flat=True)
    )


def deliver():
    for one in told("stock.tell_filled"):
        holder = UUID(one["holder"])
        filling.tell(holder=holder, units=one["units"], left=one["left"], now=NOW)


def holder_of(order):
    return order.lines.get().holder


def waiting(order):
    return sum(Backorder.objects.filter(holder=holder_of(order)).values_list("quantity", flat=True))


@pytest.fixture
def mug():
    return sold_ahead(VariantFactory(), limit=10)


def test_the_oldest_is_served_first(mug):
    first = placed_order(variant=mug, quantity=3, now=NOW)
    second = placed_order(variant=mug, quantity=2, now=NOW + DAY)

    filled = comes(mug, 4)

    assert [(one.holder, one.units, one.left) for one in filled] == [
        (holder_of(first), 3, 0),
        (holder_of(second), 1, 1),
    ]
    assert (waiting(first), waiting(second)) == (0, 1)
    assert StockPolicy.objects.get(variant=mug).waiting == 1


def test_the_order_remembers_what_came(mug):
    order = placed_order(variant=mug, quantity=3, now=NOW)
    comes(mug, 2)

    deliver()

    note = OrderEvent.objects.get(order=order, axis="note")
    assert note.note == f"2 × {mug.sku} came and are set aside, 1 still to come."


def test_the_buyer_is_mailed_once_when_a_line_is_complete(mug):
    order = placed_order(variant=mug, quantity=3, now=NOW)

    comes(mug, 2)
    deliver()
    assert not told("mail.backorder_ready")

    comes(mug, 1, NOW + DAY)
    deliver()
    deliver()
    line = order.lines.get()
    assert told("mail.backorder_ready") == [{"order_id": order.pk, "tell": str(line.pk)}]


def test_nobody_is_mailed_about_an_order_that_was_called_off(mug):
    order = placed_order(variant=mug, quantity=1, now=NOW)
    comes(mug, 1)
    type(order).objects.filter(pk=order.pk).update(status="canceled")

    deliver()

    assert not told("mail.backorder_ready")


def test_what_an_expired_order_had_goes_to_whoever_waits():
    variant = sold_ahead(in_stock(2), limit=5)
    placed_order(variant=variant, quantity=2, now=NOW - 60 * DAY)
    second = placed_order(variant=variant, quantity=2, now=NOW)

    assert waiting(second) == 2
    checkout.expire(now=NOW)

    assert waiting(second) == 0
    assert availability([variant.pk], now=NOW)[variant.pk].available == 0


def test_the_limit_holds_and_frees_itself_as_goods_come(mug):
    placed_order(variant=mug, quantity=10, now=NOW)

    with pytest.raises(OutOfStock):
        placed_order(variant=mug, quantity=1, now=NOW)

    comes(mug, 4)
    assert waiting(placed_order(variant=mug, quantity=4, now=NOW)) == 4


def test_new_cards_are_owed_for_what_can_be_had_again(mug):
    placed_order(variant=mug, quantity=10, now=NOW)
    Message.objects.all().delete()

    comes(mug, 4)

    assert {"product_ids": [mug.product_id]} in told("browsing.refresh_cards")


def test_filling_nothing_tells_nobody(mug):
    Message.objects.all().delete()

    assert comes(mug, 4) == []
    assert not Message.objects.exists()


class TestPreorders:
    FIRST = dt.date(2026, 12, 12)

    def test_units_stay_put_until_the_first_day(self):
        variant = preordered(in_stock(5), self.FIRST)
        order = placed_order(variant=variant, quantity=2, now=NOW)

        assert filling.fill(variant_ids=[variant.pk], now=NOW) == []
        assert Backorder.objects.get().promised_on == self.FIRST
        assert waiting(order) == 2

    def test_on_the_first_day_those_who_ordered_get_theirs(self):
        variant = preordered(in_stock(5), self.FIRST)
        order = placed_order(variant=variant, quantity=2, now=NOW)

        filling.follow_calendar(now=dt.datetime(2026, 12, 12, 0, 10, tzinfo=dt.UTC))

        assert waiting(order) == 0

    def test_no_more_are_sold_than_the_cap(self):
        variant = preordered(in_stock(50), self.FIRST, limit=3)
        placed_order(variant=variant, quantity=3, now=NOW)

        with pytest.raises(OutOfStock):
            placed_order(variant=variant, quantity=1, now=NOW)


class TestRedating:
    def test_a_delivery_that_moves_moves_the_promise_and_is_told(self, mug):
        line = on_order(mug, 5, dt.date(2026, 12, 1))
        order = placed_order(variant=mug, quantity=2, now=NOW)
        moved(line, dt.date(2026, 12, 20))

        assert filling.redate(variant_ids=[mug.pk], now=NOW) == 1
        filling.redate(variant_ids=[mug.pk], now=NOW)

        assert Backorder.objects.get().promised_on == dt.date(2026, 12, 20)
        tell = f"{order.lines.get().pk}-2026-12-20"
        assert told("mail.backorder_later") == [{"order_id": order.pk, "tell": tell}]

    def test_an_earlier_day_is_no_news(self, mug):
        line = on_order(mug, 5, dt.date(2026, 12, 20))
        placed_order(variant=mug, quantity=2, now=NOW)
        moved(line, dt.date(2026, 12, 1))

        filling.redate(variant_ids=[mug.pk], now=NOW)

        assert Backorder.objects.get().promised_on == dt.date(2026, 12, 1)
        assert not told("mail.backorder_later")

    def test_later_orders_wait_for_later_deliveries(self, mug):
        first = placed_order(variant=mug, quantity=3, now=NOW)
        second = placed_order(variant=mug, quantity=3, now=NOW + DAY)
        on_order(mug, 4, dt.date(2026, 12, 1))
        on_order(mug, 4, dt.date(2026, 12, 9))

        filling.redate(variant_ids=[mug.pk], now=NOW)

        days = dict(Backorder.objects.values_list("holder", "promised_on"))
        assert days[holder_of(first)] == dt.date(2026, 12, 1)
        assert days[holder_of(second)] == dt.date(2026, 12, 9)

    def test_a_promise_by_lead_time_holds_until_it_is_broken(self, mug):
        placed_order(variant=mug, quantity=1, now=NOW)
        (promised,) = Backorder.objects.values_list("promised_on", flat=True)

        filling.redate(variant_ids=[mug.pk], now=NOW + 10 * DAY)
        assert Backorder.objects.get().promised_on == promised

        filling.follow_calendar(now=NOW + 22 * DAY)
        assert Backorder.objects.get().promised_on == promised + 22 * DAY
        assert len(told("mail.backorder_later")) == 1

    def test_a_delivery_that_is_called_off_is_told(self, mug):
        line = on_order(mug, 5, dt.date(2026, 12, 1))
        placed_order(variant=mug, quantity=2, now=NOW)
        PurchaseOrder.objects.filter(pk=line.order_id).update(status="canceled")

        filling.redate(variant_ids=[mug.pk], now=NOW)

        assert Backorder.objects.get().promised_on == dt.date(2026, 12, 13)
        assert len(told("mail.backorder_later")) == 1


def moved(line, day):
    PurchaseOrder.objects.filter(pk=line.order_id).update(expected_on=day)


def test_a_paid_order_waits_like_any_other(mug):
    order = paid_order(variant=mug, quantity=2)

    comes(mug, 2)

    assert order.status == "confirmed"
    assert waiting(order) == 0
