"""Attempts to pay an order that costs something else by now."""

import datetime as dt

from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import BALANCES, ELSEWHERE, GATEWAYS
from payments.models import Payment
from payments.services import payments
from shop.lib.locks import locked


def align(*, order: Order, now: dt.datetime) -> None:
    """Close what is open at another amount; wait for the right one where nobody opens a page.

    The order must be locked.
    """
    left = payments.left_to_pay(order)
    open_ones = Payment.objects.filter(order=order, is_open=True).exclude(provider__in=BALANCES)
    waited = False
    for one in locked(open_ones):
        if one.amount != left and not one.authorized:
            payments.stop(payment=one, message=_("Another amount is to be paid."), now=now)
            waited = True
    way = (GATEWAYS | ELSEWHERE).get(order.payment_method)
    if waited and left and way is not None and not way.is_online:
        payments.open_attempt(order=order, provider=order.payment_method, now=now)
