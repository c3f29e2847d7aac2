"""Telling the buyer: a letter of a kind that an order gets once, or once for each of its causes."""

import datetime as dt

from orders.models import Order
from payments.gateways import BALANCES
from payments.models import Payment
from payments.services import payments
from shop.outbox import delivery as outbox
from shop.outbox.models import post


def owe_mail(kind: str, order: Order, now: dt.datetime, *, tell: int | str = "") -> bool:
    """Owe the buyer a letter. tell: what it is about, when an order may get several of its kind.

    False when it was owed before.
    """
    message = post(
        topic=f"mail.{kind}",
        key=key_of(kind, order, tell),
        payload={"order_id": order.pk} | ({"tell": str(tell)} if tell != "" else {}),
        now=now,
    )
    outbox.ring()
    return message is not None


def key_of(kind: str, order: Order, tell: int | str = "") -> str:
    """What a letter is known by, in the outbox and among the mails."""
    return "-".join(["order", order.number, kind, *([str(tell)] if tell != "" else [])])


Paid = list[tuple[str, str]]


def owe_confirmation(*, order: Order, now: dt.datetime, paid: Paid | None = None) -> None:
    """Owe the thanks for an order, once. paid: who paid what, for whoever knows it already."""
    post(
        topic="mail.order_confirmation",
        key=f"order-{order.number}-confirmation",
        payload={"order_id": order.pk, "paid": _paid(order) if paid is None else paid},
        now=now,
    )
    outbox.ring()


def _paid(order: Order) -> Paid:
    """Who paid what, for the mail to tell where gift cards or credit did a part."""
    if not Payment.objects.filter(order=order, provider__in=BALANCES).exists():
        return []
    return [(one.name, str(one.amount)) for one in payments.paid_with(order)]
