"""The paper of a purchase order: printed once, and mailed to its supplier."""

import datetime as dt

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from inventory.models import PurchaseOrder
from inventory.services import purchase_wording
from inventory.services.purchases import Status, WrongState, locked_order
from shop.lib.errors import Refused
from shop.lib.paper import printed
from shop.outbox import delivery as outbox
from shop.outbox.models import Mail, post

KIND = "inventory/purchase_order"
TEMPLATE = "purchase.typ"


class NotSent(Refused):
    """Raised when nobody knows where to mail an order."""


def owe(*, order: PurchaseOrder, now: dt.datetime) -> None:
    """Owe an order's PDF, and its mail where the supplier has an address for it.

    Asked twice before the mail has left, it is owed once.
    """
    count = Mail.objects.filter(reference=order.number, kind=KIND).count()
    key = f"purchase-{order.number}-{count + 1}"
    payload = {"order_id": order.pk, "key": key, "asked_at": now}
    post(topic="documents.purchase_order", key=key, payload=payload, now=now)
    outbox.ring()


@transaction.atomic
def send_again(*, order_id: int, now: dt.datetime) -> None:
    """Raises NotSent, WrongState."""
    order = locked_order(order_id)
    if order.status in (Status.DRAFT, Status.CANCELED):
        words = _("%(order)s is not ordered; there is nothing to mail.")
        raise WrongState(words % {"order": order.number})
    if not order.supplier.email:
        words = _("%(supplier)s has no e-mail address for orders.")
        raise NotSent(words % {"supplier": order.supplier})
    owe(order=order, now=now)


def owe_cancellation(*, order: PurchaseOrder, now: dt.datetime) -> None:
    """Owe the word that an order is called off, to a supplier who has heard of it or is about to."""
    if order.supplier.email:
        key = f"purchase-{order.number}-canceled"
        payload = {"order_id": order.pk, "key": key}
        post(topic="mail.purchase_order_canceled", key=key, payload=payload, now=now)
        outbox.ring()


def make(*, order_id: int) -> PurchaseOrder:
    """Print an order and keep it, unless it is kept already. Raises NotPrinted.

    Nothing is locked while it is printed; of two workers one keeps it, the other finds it.
    """
    order = PurchaseOrder.objects.select_related("supplier", "location").get(pk=order_id)
    if order.pdf:
        return order
    with translation.override(settings.LANGUAGE_CODE):
        page = purchase_wording.page(order)
    return _keep(order_id, printed(TEMPLATE, page))


@transaction.atomic
def _keep(order_id: int, pdf: bytes) -> PurchaseOrder:
    order = locked_order(order_id)
    if not order.pdf:
        order.pdf.save(f"{order.number}.pdf", ContentFile(pdf), save=False)
        order.save(update_fields=["pdf"])
    return order
