"""Reviving: money that comes when an order is closed brings it back, or goes back itself."""

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.services.stock import OutOfStock
from marketing.services import uses
from marketing.services.uses import UsedUp
from orders.models import Hold, Order
from orders.queries import holders_of
from orders.services import orders
from orders.services.orders import Move
from payments.models import Payment, RiskAssessment
from payments.services import payments, risk
from shop.lib.money import ZERO
from shop.processes import refunding
from shop.processes.checkout import confirming, reserving
from shop.processes.checkout.telling import owe_confirmation, owe_mail


def came_late(*, order: Order, payment: Payment, move: Move) -> bool:
    """A payment of a closed order was charged. Order and payment must be locked.

    True when the order is alive again; the buyer is told either way.
    """
    if order.status == Order.Status.EXPIRED and _revive(order, move):
        owe_mail("late_payment_accepted", order, move.now, tell=payment.pk)
        # Whoever pays on a provider's page has not been thanked before.
        owe_confirmation(order=order, now=move.now)
        return True
    orders.set_payment(order=order, status=payments.status_of(order), move=move)
    reason = _("Paid after the order was closed.")
    refunding.give_back(payment=payment, reason=reason, actor=None, now=move.now)
    orders.note(order=order, text=_("Paid too late: the money goes back."), move=Move(move.now))
    owe_mail("late_payment_returned", order, move.now, tell=payment.pk)
    return False


def _revive(order: Order, move: Move) -> bool:
    """Set everything aside once more and confirm; False when something is gone or unpaid."""
    if payments.left_to_pay(order) > ZERO or not _all_known(order):
        return False
    try:
        with transaction.atomic():
            # Shelves before uses, as when an order is placed.
            reserving.set_aside(order=order, now=move.now)
            uses.take_again(order=order)
    except (OutOfStock, UsedUp):
        return False
    orders.note(
        order=order,
        text=_("Paid after its time: everything was still there, the order goes ahead."),
        move=Move(move.now),
    )
    orders.set_payment(order=order, status=payments.status_of(order), move=move)
    _look_over(order, move)
    confirming.confirm(order=order, move=move)
    return True


def _all_known(order: Order) -> bool:
    """Whether everything to be sent is still in the catalogue: there is nothing to set aside else."""
    lines = order.lines.filter(is_shipped=True).prefetch_related("parts")
    units = [one for line in lines for one in holders_of(line).values()]
    return all(variant_id is not None for variant_id, _each in units)


def _look_over(order: Order, move: Move) -> None:
    """It can't wait unconfirmed any more: when a person has to look at it, it is not sent."""
    found = risk.assess(order=order, now=move.now)
    if found.verdict == RiskAssessment.Verdict.HELD:
        orders.hold(
            order=order,
            kind=Hold.Kind.HIGH_RISK,
            reason="; ".join(one["words"] for one in found.reasons),
            move=Move(move.now),
        )
