"""Noticing: money that went back without us, at a provider's own pages, is written down as well."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from orders.services import orders
from orders.services.orders import Move
from payments.gateways.base import Outcome, Refunded
from payments.models import Payment, Refund
from payments.services import payments, refunds
from shop.processes import refunding


@transaction.atomic(durable=True)
def refund_made(
    *, payment_id: int, amount: Decimal, answer: Refunded, now: dt.datetime
) -> Refund | None:
    """A refund that nobody here asked for, once. None when it is known, or came to nothing.

    It has no grant: what it was for, a person says by granting it. The order tells of it.
    """
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = orders.lock(order_id=order_id)
    payment = payments.lock(payment_id=payment_id)
    known = Refund.objects.filter(payment=payment, provider_ref=answer.reference)
    if answer.outcome == Outcome.REFUSED or known.exists():
        return None
    if not 0 < amount <= payments.give_back_left(payment):
        return None
    reason = _("Made at the provider's own pages.")
    refund = refunds.request(payment=payment, amount=amount, reason=reason, actor=None, now=now)
    refund.payment = payment
    refunds.settle(refund=refund, answer=answer, now=now)
    text = _("%(amount)s went back at the provider's own pages: say what for.")
    words = text % {"amount": f"{amount} {payment.currency}"}
    orders.note(order=order, text=words, move=Move(now=now))
    refunding.money_went_back(order=order, now=now)
    return refund
