"""Receipts of withdrawals that need a person: the contract was not found, or the shop has doubts."""

import datetime as dt

from django.conf import settings
from django.utils import translation

from orders.emails import letter, withdraw_url
from orders.emails.cases import Told
from orders.models import Order
from orders.services.case_words import second
from shop.outbox.mail import Letter


def receipt(order: Order, *, statement: str, at: dt.datetime, why: str, key: str) -> Letter:
    """The receipt of a statement that was not carried out by itself. why: a sentence."""
    with translation.override(order.language):
        stamp = second(at)
    told = Told(
        number=order.number,
        sentences=(why,),
        url=withdraw_url(order),
        statement=statement,
        stamp=stamp,
    )
    return letter(order, "withdrawal_receipt", key=key, extra={"case": told})


def to_read(*, statement: str, number: str, at: dt.datetime, why: str, key: str) -> Letter:
    """A statement for the staff to read, as it came: no right is lost to a slip of the pen."""
    with translation.override(settings.LANGUAGE_CODE):
        stamp = second(at)
    return Letter(
        kind="orders/withdrawal_to_read",
        to=settings.SHOP["email"],
        key=key,
        reference=number,
        language=settings.LANGUAGE_CODE,
        context={"statement": statement, "number": number, "stamp": stamp, "why": why},
    )
