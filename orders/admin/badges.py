"""The colours of the three states of an order."""

from django.utils.translation import gettext as _

from orders.models import Order, OrderEvent

STATUS = {
    Order.Status.DRAFT: "default",
    Order.Status.PENDING: "warning",
    Order.Status.CONFIRMED: "info",
    Order.Status.COMPLETED: "success",
    Order.Status.EXPIRED: "default",
    Order.Status.CANCELED: "danger",
}
PAYMENT = {
    Order.Payment.PENDING: "warning",
    Order.Payment.AUTHORIZED: "info",
    Order.Payment.PARTIALLY_PAID: "warning",
    Order.Payment.PAID: "success",
    Order.Payment.PARTIALLY_REFUNDED: "info",
    Order.Payment.REFUNDED: "default",
    Order.Payment.VOIDED: "default",
}
FULFILLMENT = {
    Order.Fulfillment.UNFULFILLED: "warning",
    Order.Fulfillment.PARTIALLY_FULFILLED: "info",
    Order.Fulfillment.FULFILLED: "success",
    Order.Fulfillment.DELIVERED: "success",
}
AXES = {
    "status": Order.Status,
    "payment": Order.Payment,
    "fulfilment": Order.Fulfillment,
    "return": Order.Return,
}


def headline(event: OrderEvent) -> str:
    """An event in words: "Payment: Paid"."""
    names = {
        "status": _("Order"),
        "payment": _("Payment"),
        "fulfilment": _("Delivery"),
        "return": _("Return"),
        "note": _("Note"),
        "hold": _("On hold"),
    }
    name = names.get(event.axis, event.axis.capitalize())
    if event.axis not in AXES:
        return name
    return f"{name}: {AXES[event.axis](event.to_state).label}"
