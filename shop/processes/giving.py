"""Giving: store credit to a customer."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from payments.models import ValueAccount
from payments.services import balances
from payments.services.balances import Cause
from payments.services.refund_accounts import customer_with


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
    return balances.give_credit(
        customer=customer_with(email=email, name="", now=now),
        amount=amount,
        currency=currency,
        cause=Cause(f"given-{uuid.uuid4()}", now, reason, actor),
        expires_on=expires_on,
    )
