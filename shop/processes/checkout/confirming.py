"""Confirming: from here on an order counts. It may be sent, its sale is in the books."""

from django.utils.translation import gettext as _

from orders.models import Hold, Order, OrderRule
from orders.services import orders
from orders.services.orders import Move
from payments.models import RiskAssessment, Series
from payments.services import documents, methods, risk
from payments.services.books import sales
from shop.processes import handing_off, handover, ruling

When = Series.When


def accept(*, order: Order, move: Move) -> bool:
    """Look a new order over and confirm it, or let it wait for a person. It must be locked.

    False when it waits.
    """
    if not order.can_confirm:
        return False
    found = risk.assess(order=order, now=move.now)
    if found.verdict == RiskAssessment.Verdict.HELD:
        wait_for_person(order=order, found=found, move=move)
    if orders.holds(order).exists():
        return False
    confirm(order=order, move=move)
    return True


def look_again(*, order: Order, move: Move) -> None:
    """News of a card came after its money: weigh again what nobody has sent or decided yet.

    A confirmed order stays confirmed, its sale is in the books, but it waits before it is sent.
    The order must be locked.
    """
    is_sent = order.fulfillment_status != Order.Fulfillment.UNFULFILLED
    if is_sent or order.status not in (Order.Status.PENDING, Order.Status.CONFIRMED):
        return
    found = risk.look_again(order=order, now=move.now)
    if found is not None and found.verdict == RiskAssessment.Verdict.HELD:
        wait_for_person(order=order, found=found, move=move)


def wait_for_person(*, order: Order, found: RiskAssessment, move: Move) -> None:
    """Stop an order that may be fraud; its hold says why. It must be locked."""
    reason = "; ".join(one["words"] for one in found.reasons if one["score"] > 0)
    orders.hold(
        order=order,
        kind=Hold.Kind.HIGH_RISK,
        reason=reason or _("Every order is looked at."),
        move=Move(move.now, move.actor),
    )


def confirm(*, order: Order, move: Move) -> None:
    """The order counts. It must be locked."""
    orders.move_to(order=order, status=Order.Status.CONFIRMED, move=move)
    methods.set_due(order=order, now=move.now)
    sales.post_sale(order=order, now=move.now)
    documents.happened(order=order, when=When.CONFIRMED, now=move.now)
    handing_off.refresh(order=order, move=move)
    ruling.happened(order=order, when=OrderRule.When.CONFIRMED, now=move.now)
    if order.payment_status == Order.Payment.PAID:
        paid(order=order, move=move)


def paid(*, order: Order, move: Move) -> None:
    """A confirmed order has all of its money: hand over what needs no parcel."""
    documents.happened(order=order, when=When.PAID, now=move.now)
    ruling.happened(order=order, when=OrderRule.When.PAID, now=move.now)
    handover.hand_over(order=order, move=Move(now=move.now))
    _complete(order, move)


def _complete(order: Order, move: Move) -> None:
    """What was sent before it was paid for is done with now."""
    has_left = order.fulfillment_status in (
        Order.Fulfillment.FULFILLED,
        Order.Fulfillment.DELIVERED,
    )
    if has_left and order.status == Order.Status.CONFIRMED:
        orders.move_to(order=order, status=Order.Status.COMPLETED, move=move)
