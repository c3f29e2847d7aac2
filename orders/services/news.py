"""What an order's life has to say to systems outside."""

import datetime as dt

from orders.models import Order, OrderEvent
from shop.outbox.happenings import happened

Status, Payment, Fulfillment = Order.Status, Order.Payment, Order.Fulfillment
TOPICS: dict[tuple[str, str], str] = {
    ("status", Status.PENDING): "order.placed",
    ("status", Status.CONFIRMED): "order.confirmed",
    ("status", Status.COMPLETED): "order.completed",
    ("status", Status.CANCELED): "order.canceled",
    ("status", Status.EXPIRED): "order.expired",
    ("payment", Payment.PAID): "order.paid",
    ("fulfilment", Fulfillment.DELIVERED): "order.delivered",
    ("return", Order.Return.RETURNED): "order.returned",
}


def of_event(event: OrderEvent) -> None:
    """An order moved. Parcels and refunds have news of their own: each counts, moved or not."""
    topic = TOPICS.get((event.axis, event.to_state))
    if topic:
        _tell(event.order, topic, f"order-event-{event.pk}", event.at)


def sent(order: Order, *, units: int, now: dt.datetime) -> None:
    """So many units of it have left in all."""
    if units:
        _tell(order, "order.shipped", f"order-{order.pk}-sent-{units}", now)


def paid_back(order: Order, *, now: dt.datetime) -> None:
    """More of its money went back."""
    key = f"order-{order.pk}-refunded-{order.refunded.normalize():f}-{now.timestamp():.6f}"
    _tell(order, "order.refunded", key, now)


def _tell(order: Order, topic: str, key: str, now: dt.datetime) -> None:
    happened(topic=topic, key=key, facts={"order_id": order.pk}, now=now)
