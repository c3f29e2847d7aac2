"""What the outbox starts for stock: papers and mails to suppliers, and mails to staff."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from inventory.emails import alerts_letter, cancellation_letter, purchase_letter
from inventory.models import PurchaseOrder, StockAlert
from inventory.services import alerts, purchase_papers
from shop.lib.locks import locked
from shop.outbox import mail
from shop.outbox.delivery import asks, delivers
from shop.outbox.models import post

# What was ordered longer ago was ordered elsewhere, and is only written down here.
OLD = dt.timedelta(days=7)


@asks("documents.purchase_order")
def make_purchase_order(*, order_id: int, key: str, asked_at: str) -> None:
    """Print a purchase order; then it goes to its supplier."""
    order, now = purchase_papers.make(order_id=order_id), timezone.now()
    if order.supplier.email and now - dt.datetime.fromisoformat(asked_at) < OLD:
        payload = {"order_id": order_id, "key": key}
        post(topic="mail.purchase_order", key=f"{key}-mail", payload=payload, now=now)


@delivers("mail.purchase_order")
def email_purchase_order(*, order_id: int, key: str) -> None:
    """Send an order to its supplier, unless it was called off meanwhile."""
    order = _locked(order_id)
    is_off = order.status == PurchaseOrder.Status.CANCELED
    if not is_off and mail.send(purchase_letter(order, key=key)):
        order.sent_at = timezone.now()
        order.save(update_fields=["sent_at"])


@delivers("mail.purchase_order_canceled")
def email_purchase_order_canceled(*, order_id: int, key: str) -> None:
    """Tell a supplier that an order is called off, if the order was mailed."""
    order = _locked(order_id)
    if order.sent_at:
        mail.send(cancellation_letter(order, key=key))


@delivers("mail.stock_alerts")
def email_stock_alerts(*, user_id: int, alert_ids: list[int], key: str) -> None:
    """Tell one of the staff what ran low, unless it is over by now or the person has left."""
    person = User.objects.filter(pk=user_id, is_staff=True, is_active=True).first()
    rows = list(alerts.told_of(StockAlert.objects.filter(pk__in=alert_ids, closed_at=None)))
    if person is not None and rows:
        mail.send(alerts_letter(person, rows, key=key))


def _locked(order_id: int) -> PurchaseOrder:
    return locked(PurchaseOrder.objects.select_related("supplier").filter(pk=order_id))[0]
