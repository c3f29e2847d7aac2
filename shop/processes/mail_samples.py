"""Sample letters of every kind that staff may word, about the newest order that fits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from orders.emails import backorder_letter, letter
from orders.emails.cases import return_letter
from orders.emails.changes import changed_letter
from orders.emails.claims import claim_letter
from orders.models import Claim, Order, OrderEdit, OrderLine, Return
from payments.emails import canceled_letter, money_letter, refund_letter
from payments.models import GrantedRefund
from shipping.emails import parcel_letter, ready_letter
from shipping.models import Fulfilment
from shop.outbox import mail
from shop.outbox.mail import Letter
from shop.outbox.models import Mail, MailText

KEY = "sample"
Maker = Callable[[Any, str], Letter]
MONEY = ("payment_reminder", "payment_part_received", "invoice_reminder")


def sample(kind: str, language: str) -> Letter | None:
    """A letter of a kind in a language; None while there is nothing to write about."""
    name = kind.partition("/")[2]
    rows, make = _source(kind, name)
    row = rows.order_by("-pk").first()
    if row is None:
        return None
    (row if isinstance(row, Order) else row.order).language = language
    return replace(make(row, name), kind=kind, secret="")


def _source(kind: str, name: str) -> tuple["QuerySet[Any]", Maker]:
    """What a kind is about, and how its letter is made of a row and the kind's name."""
    if kind.startswith("shipping/"):
        return FULFILMENTS, _of_parcel
    for start, rows, make in SOURCES:
        if name.startswith(start):
            return rows, make
    return Order.objects.select_related("market"), _of_order


def _of_order(order: Order, name: str) -> Letter:
    if name in MONEY:
        return money_letter(order, name, key=KEY)
    if name == "order_canceled":
        return canceled_letter(order, key=KEY)
    return letter(order, name, key=KEY)


def _of_parcel(parcel: Fulfilment, name: str) -> Letter:
    if name == "ready_to_collect":
        return ready_letter(parcel)
    if name == "order_shipped":
        contents = list(parcel.lines.select_related("order_line"))
        extra = {"fulfilment": parcel, "contents": contents}
        return letter(parcel.order, name, key=KEY, extra=extra)
    return parcel_letter(parcel, name)


def _of_line(line: OrderLine, name: str) -> Letter:
    return backorder_letter(line.order, name, line, key=KEY)


def _of_claim(claim: Claim, name: str) -> Letter:
    return claim_letter(claim, name, tell=claim.status)


def _of_edit(edit: OrderEdit, _name: str) -> Letter:
    return changed_letter(edit)


def _of_grant(grant: GrantedRefund, _name: str) -> Letter:
    return refund_letter(grant, key=KEY)


def rendered(own: MailText) -> Mail | None:
    """The mail as it would look with these words; nothing is sent or kept."""
    found = sample(own.kind, own.language)
    return mail.rendered(found, own) if found else None


def send_test(*, text_id: int, user_id: int, key: str) -> Mail | None:
    """Send a kind's sample to one of the staff, marked as a test, even when it is switched off."""
    own = MailText.objects.get(pk=text_id)
    found = sample(own.kind, own.language)
    if found is None:
        return None
    to = User.objects.get(pk=user_id).email
    about = replace(found, to=to, key=key, reference="", headers={})
    return mail.send_test(about, own)


FULFILMENTS = Fulfilment.objects.select_related("order__market")
# The beginning of a kind's name, what it is about, and how it is written.
SOURCES: list[tuple[str, "QuerySet[Any]", Maker]] = [
    ("order_shipped", FULFILMENTS, _of_parcel),
    ("backorder_", OrderLine.objects.select_related("order__market"), _of_line),
    ("claim_", Claim.objects.select_related("order__market"), _of_claim),
    ("order_changed", OrderEdit.objects.select_related("order__market"), _of_edit),
    ("order_refunded", GrantedRefund.objects.select_related("order__market"), _of_grant),
    *(
        (start, Return.objects.select_related("order__market"), return_letter)
        for start in ("return_", "exchange_", "withdrawal_")
    ),
]
