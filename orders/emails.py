"""Letters about an order."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import set_script_prefix

from orders.models import Order
from orders.services import receipts
from orders.services.downloads import handed_over
from orders.services.receipts import Row
from shop.outbox.mail import Letter


def absolute(order: Order) -> str:
    """The order's page with its key, for a mail."""
    set_script_prefix(order.market.prefix)
    try:
        return f"{settings.SITE_URL}{order.get_absolute_url()}"
    finally:
        set_script_prefix("/")


def handed_over_letter(order: Order, *, key: str, now: dt.datetime) -> Letter | None:
    """The letter with links and keys; None when there is nothing (any more) to hand over."""
    set_script_prefix(order.market.prefix)
    try:
        lines = list(order.lines.order_by("position", "pk"))
        found = handed_over(order, lines, now=now)
    finally:
        set_script_prefix("/")
    if found is None:
        return None
    return letter(order, "order_downloads", key=key, extra={"handed_over": found})


def letter(
    order: Order,
    kind: str,
    *,
    key: str,
    extra: dict[str, Any] | None = None,
    paid: Iterable[Row] = (),
) -> Letter:
    """A letter to the buyer, from the templates emails/orders/<kind>.

    paid: what gift cards or credit did of it, and who the rest.
    """
    lines = list(order.lines.prefetch_related("parts").order_by("position", "pk"))
    adjustments = list(order.adjustments.order_by("pk"))
    by_line = receipts.lines_of_order(order, lines, adjustments)
    return Letter(
        kind=f"orders/{kind}",
        to=order.email,
        key=key,
        reference=order.number,
        language=order.language,
        context={
            "order": order,
            "rows": [(line, by_line[line.pk]) for line in lines],
            "sums": receipts.sums_of(order, lines, adjustments, paid=paid),
            "is_sent": any(line.is_shipped for line in lines),
            "url": absolute(order),
            "bank": settings.SHOP["bank"] if order.payment_method == "bank_transfer" else None,
            **(extra or {}),
        },
    )
