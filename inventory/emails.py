"""Letters to suppliers, and to staff about stock."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from inventory.models import PurchaseOrder, StockAlert
from shop.outbox.mail import Attachment, Letter

# A mail is read on a phone; the rest is in the list it leads to.
MOST_ALERTS = 40


def purchase_letter(order: PurchaseOrder, *, key: str) -> Letter:
    """An order with its PDF, which must be made. Raises OSError when it can't be read."""
    with order.pdf.open("rb") as file:
        pdf = file.read()
    name = f"{order.number}.pdf"
    enclosed = Attachment(name, pdf, "application/pdf", name)
    return replace(_letter(order, "purchase_order", key), attachments=(enclosed,))


def cancellation_letter(order: PurchaseOrder, *, key: str) -> Letter:
    return _letter(order, "purchase_order_canceled", key)


def _letter(order: PurchaseOrder, kind: str, key: str) -> Letter:
    return Letter(
        kind=f"inventory/{kind}",
        to=order.supplier.email,
        key=key,
        reference=order.number,
        language=settings.LANGUAGE_CODE,
        context={"order": order, "url": settings.SITE_URL},
    )


def alerts_letter(person: User, alerts: Sequence[StockAlert], *, key: str) -> Letter:
    """What ran low or out; only the first of them when there are many."""
    return Letter(
        kind="inventory/stock_alerts",
        to=person.email,
        key=key,
        reference="",
        language=settings.LANGUAGE_CODE,
        context={
            "alerts": alerts[:MOST_ALERTS],
            "count": len(alerts),
            "more": max(0, len(alerts) - MOST_ALERTS),
            "url": f"{settings.SITE_URL}{reverse('admin:inventory_stockitem_changelist')}",
        },
    )
