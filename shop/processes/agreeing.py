"""What a buyer agrees to by ordering: the policies in force, and texts if they were ticked."""

import datetime as dt
from collections.abc import Sequence

from accounts.models import PolicyVersion, Purpose
from accounts.services import consents, policies
from orders.models import Order
from shop.lib.writing import insert

SOURCE = "checkout"


def at_placement(
    *, order: Order, now: dt.datetime, written: Sequence[PolicyVersion] | None = None
) -> None:
    """Keep with the order every text as it stood, in the transaction that places it.

    written: what the order was written with.
    """
    current = policies.in_force(now=now) if written is None else written
    if written is None:
        # The order is new: there is nothing to compare with.
        kept = Order.policies.through
        insert(kept(order=order, policyversion=one) for one in current)
    if order.customer is not None:
        policies.agree(customer=order.customer, policies=current, now=now)
    if order.wants_sms:
        consents.give(
            customer=order.customer, email=order.email, purpose=Purpose.SMS, source=SOURCE, now=now
        )
