"""Giving: store credit to a customer, and money back as credit instead of the way it came."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from payments.gateways.stored_value import CODES
from payments.models import Payment, Refund, ValueAccount
from payments.services import balances, payments, refunds
from payments.services.balances import Cause
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.processes import refunding


class OnABalance(Refused):
    """Raised when credit is offered for what a card or credit paid: it goes back there anyway."""


@transaction.atomic(durable=True)
def give_credit(
    *,
    email: str,
    amount: Decimal,
    currency: str,
    reason: str,
    actor: User | None,
    now: dt.datetime,
    expires_on: dt.date | None = None,
) -> ValueAccount:
    """Credit for whoever has, or will have, an account with this address."""
    customer = _customer(email, "", now)
    return balances.give_credit(
        customer=customer,
        amount=amount,
        currency=currency,
        cause=Cause(f"given-{uuid.uuid4()}", now, reason, actor),
        expires_on=expires_on,
    )


@transaction.atomic(durable=True)
def refund_as_credit(
    *, payment_id: int, amount: Decimal, reason: str, actor: User | None, now: dt.datetime
) -> Refund:
    """Give back what a provider charged as store credit. Raises TooMuch or OnABalance."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = orders.lock(order_id=order_id)
    payment = payments.lock(payment_id=payment_id)
    if payment.provider in CODES:
        raise OnABalance(_("This was paid from a balance: a refund goes back there."))
    refund = refunds.request_as_credit(
        payment=payment,
        amount=amount,
        customer=_owner(order, now),
        cause=Cause("", now, reason, actor),
    )
    refunding.money_went_back(order=order, now=now)
    orders.note(order=order, text=_("Refunded as store credit."), move=Move(now, actor))
    return refund


def _owner(order: Order, now: dt.datetime) -> Customer:
    """Whoever bought; a guest's credit waits for them to sign in with the order's address."""
    return order.customer or _customer(order.email, order.name, now)


def _customer(email: str, name: str, now: dt.datetime) -> Customer:
    known = locked(Customer.objects.filter(email__iexact=email))
    return known[0] if known else Customer.objects.create(email=email, name=name, created_at=now)
