"""Rechecking: whether an order still has all that it was promised, before somebody confirms it."""

import datetime as dt

from django.db import transaction

from inventory.services import shortages
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import orders
from orders.services.promises import NOTHING, held_by


@transaction.atomic
def recheck(*, order_id: int, now: dt.datetime) -> str:
    """Set aside what went missing and is there again; what is not becomes a shortage.

    Returns what is missing in words, "2 × MUG-1, 1 × BOWL-3", and nothing when all is well.
    """
    order = orders.lock(order_id=order_id)
    if order.status not in (Order.Status.PENDING, Order.Status.CONFIRMED):
        return ""
    lines = list(order.lines.filter(is_shipped=True).prefetch_related("parts").order_by("pk"))
    for line in lines:
        _notice(line, order, now)
    holders = [holder for line in lines for holder in holders_of(line)]
    missing = shortages.open_of(holders)
    shortages.find(
        variant_ids=missing.values_list("variant_id", flat=True), now=now, reference=order.number
    )
    return _words(lines)


def _notice(line: OrderLine, order: Order, now: dt.datetime) -> None:
    """A promise that nobody keeps any more."""
    held = held_by(holders_of(line))
    for holder, (variant_id, each) in holders_of(line).items():
        units = line.unfulfilled * each - held.get(holder, NOTHING).all
        if variant_id is not None and units > 0:
            shortages.notice(
                holder=holder, variant_id=variant_id, units=units, reason=order.number, now=now
            )


def _words(lines: list[OrderLine]) -> str:
    known = {holder: line for line in lines for holder in holders_of(line)}
    rows = shortages.open_of(known).select_related("variant").order_by("pk")
    return ", ".join(f"{row.quantity} × {row.variant.sku}" for row in rows)
