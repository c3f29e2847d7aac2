"""Gift cards on their day, letters about money, and the night's look at what has run out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from celery import shared_task
from django.utils import timezone

from orders.emails import letter
from orders.models import Order
from orders.services import orders
from orders.services.receipts import Row
from payments.emails import (
    canceled_letter,
    document_letter,
    enclosing,
    gift_card_letter,
    money_letter,
    refund_letter,
)
from payments.models import Document, GrantedRefund, ValueAccount
from payments.services import balances, documents
from shop.lib.locks import locked
from shop.outbox import mail
from shop.outbox.delivery import asks, delivers
from shop.outbox.mail import Letter
from shop.outbox.models import Message, post

# How long a document waits for another mail about its order.
TAKEN_ALONG = dt.timedelta(minutes=1)


@delivers("mail.gift_card")
def email_gift_card(*, account_id: int, key: str) -> None:
    """Send a card to whom it is for, unless it was switched off meanwhile."""
    rows = ValueAccount.objects.filter(pk=account_id, is_active=True).exclude(recipient_email="")
    found = locked(rows.select_related("line__order__market"))
    if found and mail.send(gift_card_letter(found[0], key=key)):
        found[0].sent_at = timezone.now()
        found[0].save(update_fields=["sent_at"])


@shared_task(name="payments.expire_value")
def expire_value() -> None:
    """Write off the balances whose last day is over."""
    balances.expire(now=timezone.now())


@delivers("mail.payment_reminder")
def email_payment_reminder(*, order_id: int, tell: str) -> None:
    """Ask for the money of an order, unless it came or somebody stopped the order meanwhile."""
    _send_if_unpaid(order_id, "payment_reminder", tell)


@delivers("mail.invoice_reminder")
def email_invoice_reminder(*, order_id: int, tell: str) -> None:
    """Remind of an invoice on its last day and after it, on the same terms."""
    _send_if_unpaid(order_id, "invoice_reminder", tell)


def _send_if_unpaid(order_id: int, kind: str, tell: str) -> None:
    order = Order.objects.select_related("market").get(pk=order_id)
    if order.can_be_paid and not orders.holds(order).exists():
        _send(order, kind, tell)


@delivers("mail.payment_part_received")
def email_payment_part_received(*, order_id: int, tell: str) -> None:
    """Thank for a part, and say what is left."""
    _send(Order.objects.select_related("market").get(pk=order_id), "payment_part_received", tell)


@delivers("mail.late_payment_accepted")
def email_late_payment_accepted(*, order_id: int, tell: str) -> None:
    """Money came after the order was closed, and everything was still there."""
    _send(Order.objects.select_related("market").get(pk=order_id), "late_payment_accepted", tell)


@delivers("mail.late_payment_returned")
def email_late_payment_returned(*, order_id: int, tell: str) -> None:
    """Money came after the order was closed, and goes back."""
    _send(Order.objects.select_related("market").get(pk=order_id), "late_payment_returned", tell)


def _send(order: Order, kind: str, tell: str) -> None:
    _send_enclosing(order, money_letter(order, kind, key=f"order-{order.number}-{kind}-{tell}"))


# Letters that take documents along


@delivers("mail.order_confirmation")
def email_confirmation(*, order_id: int, paid: Sequence[Sequence[str]] = ()) -> None:
    """Thank the buyer and say what happens next. paid: (name, amount) where gift cards paid."""
    _send_about(order_id, "order_confirmation", [Row(name, Decimal(sum_)) for name, sum_ in paid])


@delivers("mail.payment_received")
def email_payment_received(*, order_id: int) -> None:
    """Tell a buyer who paid by transfer that the money is in."""
    _send_about(order_id, "payment_received")


@delivers("mail.order_canceled")
def email_canceled(*, order_id: int) -> None:
    """Tell the buyer that the order is called off, and where its money goes."""
    order = Order.objects.select_related("market").get(pk=order_id)
    _send_enclosing(order, canceled_letter(order, key=f"order-{order.number}-order_canceled"))


@delivers("mail.order_refunded")
def email_refunded(*, grant_id: int) -> None:
    """Tell the buyer what goes back and where to."""
    grant = GrantedRefund.objects.select_related("order__market").get(pk=grant_id)
    _send_enclosing(grant.order, refund_letter(grant, key=f"grant-{grant.pk}-refunded"))


def _send_about(order_id: int, kind: str, paid: Iterable[Row] = ()) -> None:
    order = Order.objects.select_related("market").get(pk=order_id)
    key = f"order-{order.number}-{kind}"
    _send_enclosing(order, letter(order, kind, key=key, paid=paid))


def _send_enclosing(order: Order, found: Letter) -> None:
    """Send it with the documents that were not told of; none of them needs a mail of its own then."""
    now = timezone.now()
    taken = documents.untold(order, now=now)
    if mail.send(enclosing(found, taken)) and taken:
        owed = Message.objects.filter(key__in=[_own_mail(one.pk) for one in taken], done_at=None)
        # One that is being sent holds its row and waits for the document, which is ours.
        free = owed.select_for_update(skip_locked=True)
        Message.objects.filter(pk__in=free.values("pk")).update(done_at=now)


def _own_mail(document_id: int) -> str:
    return f"document-{document_id}-mail"


# Documents


@asks("documents.make")
def make_document(*, document_id: int, is_mailed: bool = True) -> None:
    """Print an invoice or a credit note; it gets a mail of its own if no other takes it along."""
    now = timezone.now()
    made = documents.make(document_id=document_id, now=now)
    if is_mailed and not documents.is_told(made):
        post(
            topic="mail.document",
            key=_own_mail(document_id),
            payload={"document_id": document_id},
            now=now,
            due_at=now + TAKEN_ALONG,
        )


@delivers("mail.document")
def email_document(*, document_id: int) -> None:
    """Send a document that no mail about its order has told of."""
    found = locked(Document.objects.filter(pk=document_id).select_related("order__market"))[0]
    if not documents.is_told(found):
        mail.send(document_letter(found, key=f"document-{found.label}"))


@asks("documents.catch_up")
def catch_up_on_documents() -> None:
    """Issue what a new rule asks for, until nothing is missing."""
    while documents.catch_up(now=timezone.now()):
        pass
