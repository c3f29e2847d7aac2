"""Letters about an order."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse, set_script_prefix
from django.utils import translation

from inventory.queries import Waiting, waiting_for
from orders.models import Order, OrderLine
from orders.services import receipts, return_policy
from orders.services.downloads import handed_over
from orders.services.placeholders import placeholders
from orders.services.receipts import Row
from shop.outbox.mail import Letter

BY_TRANSFER = ("bank_transfer", "invoice")


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
    waiting = waiting_for(line.holder for line in lines)
    by_line = receipts.lines_of_order(order, lines, adjustments)
    return Letter(
        kind=f"orders/{kind}",
        to=order.email,
        key=key,
        reference=order.number,
        language=order.language,
        words=_words(order, extra or {}),
        context={
            "order": order,
            "rows": [(line, by_line[line.pk]) for line in lines],
            "sums": receipts.sums_of(order, lines, adjustments, paid=paid),
            "is_sent": any(line.is_shipped for line in lines),
            "coming": [(one, waiting[one.holder]) for one in lines if one.holder in waiting],
            "is_packed_now": any(
                line.is_shipped and _units_now(line, waiting) > 0 for line in lines
            ),
            "url": absolute(order),
            "bank": settings.SHOP["bank"] if order.payment_method in BY_TRANSFER else None,
            "is_invoice": order.payment_method == "invoice",
            "is_cash": order.payment_method == "cash_on_delivery",
            **(_rights(order) if kind == "order_confirmation" else {}),
            **(extra or {}),
        },
    )


def _rights(order: Order) -> dict[str, Any]:
    """What a consumer is told with the confirmation: the policy, and where to withdraw."""
    if not return_policy.is_consumer_sale(order):
        return {"policy": None}
    with translation.override(order.language):
        policy = return_policy.words(product=None, country=order.country)
    return {"policy": policy, "withdraw_url": withdraw_url(order)}


def withdraw_url(order: Order) -> str:
    """The page of withdrawal with the order's key, for a mail."""
    set_script_prefix(order.market.prefix)
    try:
        path = reverse("orders:withdraw")
    finally:
        set_script_prefix("/")
    return f"{settings.SITE_URL}{path}?order={order.number}&t={order.link_token}"


def _words(order: Order, extra: Mapping[str, Any]) -> dict[str, str]:
    parcel = extra.get("fulfilment")
    if parcel is None:
        return placeholders(order)
    return placeholders(order, carrier=parcel.carrier, tracking_number=parcel.tracking_number)


def _units_now(line: OrderLine, waiting: Mapping[UUID, Waiting]) -> int:
    """Units that need not be waited for."""
    follows = waiting.get(line.holder)
    return line.unfulfilled - (follows.units if follows else 0)


def backorder_letter(order: Order, kind: str, line: OrderLine, *, key: str) -> Letter:
    """The letter about a line whose units came, or come later than was told."""
    day = waiting_for([line.holder]).get(line.holder)
    return letter(order, kind, key=key, extra={"line": line, "day": day.day if day else None})


def rule_letter(order: Order, *, to: str, rule: str, key: str) -> Letter:
    """The letter to a colleague or a partner whom a rule for orders names."""
    return Letter(
        kind="orders/order_rule",
        to=to,
        key=key,
        reference=order.number,
        language=settings.LANGUAGE_CODE,
        context={
            "order": order,
            "rule": rule,
            "url": f"{settings.SITE_URL}/admin/orders/order/{order.pk}/change/",
        },
    )
