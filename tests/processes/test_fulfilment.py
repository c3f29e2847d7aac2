import pytest
from django.utils import timezone

from orders.services import orders
from orders.services.orders import Move
from payments.models import Refund
from shipping.models import Fulfilment
from shop.outbox.models import Message
from shop.processes import fulfilment
from shop.processes.fulfilment import NothingToShip, NotNow, Parcel
from tests.factories import in_stock, paid_order, placed_order, shipped_order, stock_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PARCEL = Parcel("Royal Mail", "QB1")


def _dispatch(order, quantities=None):
    return fulfilment.dispatch(
        order_id=order.pk, quantities=quantities, parcel=PARCEL, actor=None, now=NOW
    )


def test_a_shipped_and_paid_order_is_complete():
    order = shipped_order()

    assert order.status == "completed"
    assert order.fulfillment_status == "fulfilled"


def test_shipping_takes_the_goods_off_the_shelf():
    variant = in_stock(5)

    shipped_order(variant=variant, quantity=2)

    assert stock_of(variant) == (3, 0)


def test_shipping_tells_the_buyer_once_per_parcel():
    order = paid_order(variant=in_stock(5), quantity=3)
    line = order.lines.get()

    _dispatch(order, {line.pk: 1})
    _dispatch(order, {line.pk: 2})

    assert Message.objects.filter(topic="mail.order_shipped").count() == 2
    assert [one.position for one in order.fulfilments.order_by("pk")] == [1, 2]


def test_a_part_shipment_leaves_the_order_open():
    order = paid_order(variant=in_stock(5), quantity=3)

    _dispatch(order, {order.lines.get().pk: 1})

    order.refresh_from_db()
    assert (order.status, order.fulfillment_status) == ("confirmed", "partially_fulfilled")


def test_the_tracking_page_is_the_carriers():
    order = paid_order()

    parcel = _dispatch(order)

    assert parcel.tracking_url == "https://carrier.example/QB1"


@pytest.mark.parametrize("quantities", [{}, {0: 1}])
def test_an_empty_parcel_is_refused(quantities):
    with pytest.raises(NothingToShip):
        _dispatch(paid_order(), quantities)


def test_more_than_was_sold_is_refused():
    order = paid_order()

    with pytest.raises(NothingToShip):
        _dispatch(order, {order.lines.get().pk: 2})

    assert not Fulfilment.objects.exists()


def test_an_unpaid_order_is_not_shipped():
    with pytest.raises(NotNow):
        _dispatch(placed_order())


def test_an_order_on_hold_is_not_shipped():
    order = paid_order()
    orders.hold(order=order, reason="odd address", move=Move(NOW))

    with pytest.raises(NotNow):
        _dispatch(order)


def test_confirming_lets_an_unpaid_order_be_shipped():
    order = placed_order(payment_method="bank_transfer")

    fulfilment.verify(order_id=order.pk, actor=None, now=NOW)
    _dispatch(order)

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("confirmed", "pending")


def test_cancelling_puts_the_goods_back_on_sale():
    variant = in_stock(5)
    order = placed_order(variant=variant, quantity=2)

    fulfilment.cancel(order_id=order.pk, reason="changed mind", actor=None, now=NOW)

    order.refresh_from_db()
    assert order.status == "canceled"
    assert stock_of(variant) == (5, 0)


def test_cancelling_a_paid_order_owes_the_money_back():
    order = paid_order()

    fulfilment.cancel(order_id=order.pk, reason="broken", actor=None, now=NOW)

    refund = Refund.objects.get()
    assert (refund.amount, refund.status) == (order.total, "pending")
    # Paid by transfer: a person sends it back, no provider is asked.
    assert not Message.objects.filter(topic="payments.refund").exists()


def test_what_has_left_is_not_cancelled():
    order = shipped_order()

    with pytest.raises(NotNow):
        fulfilment.cancel(order_id=order.pk, reason="late", actor=None, now=NOW)


def test_every_move_is_on_record_with_its_actor():
    order = shipped_order()

    moves = order.events.exclude(axis="note").order_by("pk").values_list("axis", "to_state")

    assert list(moves) == [
        ("status", "pending"),
        ("payment", "paid"),
        ("status", "confirmed"),
        ("fulfilment", "fulfilled"),
        ("status", "completed"),
    ]
