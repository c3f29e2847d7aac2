"""The colours of the three states of an order."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from orders.models import CallAttempt, Order, OrderEvent
from payments.models import RiskAssessment

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
RETURN = {
    Order.Return.REQUESTED: "warning",
    Order.Return.IN_PROGRESS: "info",
    Order.Return.RETURNED: "default",
}
VERDICT = {
    RiskAssessment.Verdict.PASSED: "success",
    RiskAssessment.Verdict.HELD: "warning",
    RiskAssessment.Verdict.ACCEPTED: "success",
    RiskAssessment.Verdict.REJECTED: "danger",
}
AXES = {
    "status": Order.Status,
    "payment": Order.Payment,
    "fulfilment": Order.Fulfillment,
    "return": Order.Return,
}


def delivery(order: Order) -> tuple[str, str]:
    """State and words of its delivery; nothing is on its way of an order that was called off."""
    if order.is_called_off and order.fulfillment_status == Order.Fulfillment.UNFULFILLED:
        return "", "–"
    return order.fulfillment_status, order.get_fulfillment_status_display()


def _tags(state: str) -> str:
    return _("added") if state == "added" else _("taken away")


# What a state of an axis without a place among the order's own is called.
WORDS: dict[str, Callable[[str], str]] = {
    "tag": _tags,
    "file": _tags,
    "assigned": lambda state: "" if state == "given" else _("nobody"),
    "call": lambda state: str(CallAttempt.Result(state).label),
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
        "line": _("Goods"),
        "tag": _("Tags"),
        "assigned": _("Looked after by"),
        "call": _("Call"),
        "file": _("File"),
        "edit": _("Changed"),
    }
    name = names.get(event.axis, event.axis.capitalize())
    if event.axis in WORDS:
        state = WORDS[event.axis](event.to_state)
        return f"{name}: {state}" if state else name
    if event.axis not in AXES:
        return name
    return f"{name}: {AXES[event.axis](event.to_state).label}"
