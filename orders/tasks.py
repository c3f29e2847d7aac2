import datetime as dt

from celery import shared_task
from django.utils import timezone

from orders.emails import backorder_letter, handed_over_letter, rule_letter
from orders.emails.cases import return_letter
from orders.emails.changes import changed_letter, link_letter
from orders.emails.claims import claim_letter
from orders.emails.offers import offer_letter
from orders.emails.withdrawals import receipt, to_read
from orders.models import Claim, Draft, Order, OrderEdit, Return
from orders.services import extras
from shop.outbox import mail
from shop.outbox.delivery import delivers


@delivers("mail.order_downloads")
def email_downloads(*, order_id: int) -> None:
    """Send the buyer the links and keys of a paid order."""
    order = Order.objects.select_related("market").get(pk=order_id)
    found = handed_over_letter(order, key=f"order-{order.number}-downloads", now=timezone.now())
    if found is not None:
        mail.send(found)


@delivers("mail.backorder_ready")
def email_backorder_ready(*, order_id: int, tell: str) -> None:
    """Tell the buyer that what a line waited for has arrived."""
    _send_about(order_id, "backorder_ready", line_id=int(tell), key_end=tell)


@delivers("mail.backorder_later")
def email_backorder_later(*, order_id: int, tell: str) -> None:
    """Tell the buyer a later day than before; not if the goods came first."""
    _send_about(order_id, "backorder_later", line_id=int(tell.partition("-")[0]), key_end=tell)


@delivers("mail.order_rule")
def email_order_rule(*, order_id: int, to: str, rule: str, key: str) -> None:
    """Tell a colleague or a partner that a rule met an order."""
    order = Order.objects.select_related("market").get(pk=order_id)
    mail.send(rule_letter(order, to=to, rule=rule, key=key))


def _send_about(order_id: int, kind: str, *, line_id: int, key_end: str) -> None:
    order = Order.objects.select_related("market").get(pk=order_id)
    line = order.lines.get(pk=line_id)
    key = f"order-{order.number}-{kind}-{key_end}"
    found = backorder_letter(order, kind, line, key=key)
    is_news = found.context["day"] is not None or kind == "backorder_ready"
    if is_news and not order.is_called_off:
        mail.send(found)


@delivers("mail.return")
def email_return(*, rma_id: int, kind: str) -> None:
    """Write to the buyer about a step of a return, an exchange or a withdrawal."""
    rma = Return.objects.select_related("order__market", "location").get(pk=rma_id)
    mail.send(return_letter(rma, kind))


@delivers("mail.claim")
def email_claim(*, claim_id: int, kind: str, tell: str) -> None:
    """Write to the buyer about a step of a claim."""
    claim = Claim.objects.select_related("order__market").get(pk=claim_id)
    mail.send(claim_letter(claim, kind, tell=tell))


@delivers("mail.order_changed")
def email_order_changed(*, edit_id: int) -> None:
    """Tell the buyer what is different now, and what it costs."""
    edit = OrderEdit.objects.select_related("order__market").get(pk=edit_id)
    mail.send(changed_letter(edit))


@delivers("mail.order_link")
def email_order_link(*, number: str, email: str, asked: str) -> None:
    """Send the link of an order to its own address, if that is who asked."""
    orders = Order.objects.select_related("market").exclude(status=Order.Status.DRAFT)
    order = orders.filter(number=number, email__iexact=email).first()
    if order is not None:
        mail.send(link_letter(order, key=f"order-{number}-link-{asked}"))


@delivers("mail.withdrawal_doubtful")
def email_withdrawal_receipt(*, order_id: int, statement: str, at: str, why: str, key: str) -> None:
    """Confirm to the buyer that a statement came, though a person has to read it first."""
    order = Order.objects.select_related("market").get(pk=order_id)
    when = dt.datetime.fromisoformat(at)
    mail.send(receipt(order, statement=statement, at=when, why=why, key=f"{key}-receipt"))


@delivers("mail.withdrawal_to_read")
def email_withdrawal_to_read(*, statement: str, number: str, at: str, why: str, key: str) -> None:
    """Give the staff a withdrawal to read that was not carried out by itself."""
    when = dt.datetime.fromisoformat(at)
    mail.send(to_read(statement=statement, number=number, at=when, why=why, key=f"{key}-to-read"))


@delivers("mail.order_offer")
def email_offer(*, order_id: int, key: str) -> None:
    """Send a buyer the offer that staff put together."""
    draft = Draft.objects.select_related("order__market").get(order_id=order_id)
    if draft.order.status in (Order.Status.DRAFT, Order.Status.PENDING):
        mail.send(offer_letter(draft, key=key))


@shared_task(name="orders.sweep_uploads")
def sweep_uploads() -> None:
    """Delete the pictures that no basket and no order needs."""
    extras.sweep(now=timezone.now())
