"""Orders whose parcels have all arrived."""

from orders.models import Order
from orders.services.orders import Move, event


def set_delivered(*, order: Order, move: Move) -> None:
    """All of it has arrived. The order must be held, and all of it sent."""
    if order.fulfillment_status != Order.Fulfillment.FULFILLED:
        return
    was, order.fulfillment_status = order.fulfillment_status, Order.Fulfillment.DELIVERED
    order.save(update_fields=["fulfillment_status"])
    event(order, axis="fulfilment", from_state=was, to_state=order.fulfillment_status, move=move)
