"""Letters about an order."""

from typing import Any

from django.conf import settings
from django.urls import set_script_prefix

from orders.models import Order
from shop.outbox.mail import Letter


def absolute(order: Order) -> str:
    """The order's page with its key, for a mail."""
    set_script_prefix(order.market.prefix)
    try:
        return f"{settings.SITE_URL}{order.get_absolute_url()}"
    finally:
        set_script_prefix("/")


def letter(order: Order, kind: str, *, key: str, extra: dict[str, Any] | None = None) -> Letter:
    """A letter to the buyer, from the templates emails/orders/<kind>."""
    return Letter(
        kind=f"orders/{kind}",
        to=order.email,
        key=key,
        reference=order.number,
        language=order.language,
        context={
            "order": order,
            "lines": list(order.lines.order_by("position", "pk")),
            "taxes": list(order.tax_lines.order_by("-rate", "pk")),
            "url": absolute(order),
            "bank": settings.SHOP["bank"] if order.payment_method == "bank_transfer" else None,
            **(extra or {}),
        },
    )
