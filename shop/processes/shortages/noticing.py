"""Units that were promised are not there: the orders' histories say so, and their buyers are asked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Shortage
from orders.emails import letter
from orders.models import Order, OrderLine, OrderLinePart
from orders.services import orders
from orders.services.orders import Move
from shop.outbox import delivery as outbox
from shop.outbox.mail import Letter
from shop.outbox.models import post
from shop.processes import assigning
from shop.processes.checkout.telling import key_of, owe_mail
from shop.processes.shortages import lines
from shop.processes.shortages.options import options_of


def noticed(*, shortages: Sequence[Shortage], now: dt.datetime) -> None:
    """Owe the orders the news, in the transaction that took the units back.

    Only the outbox is written: stock is locked here, and orders are locked before it elsewhere.
    """
    if not shortages:
        return
    ids = sorted(one.pk for one in shortages)
    post(
        topic="stock.tell_short",
        key=f"short-{ids[0]}-{ids[-1]}-{now.timestamp():.6f}",
        payload={"shortage_ids": ids},
        now=now,
    )
    outbox.ring()


@transaction.atomic
def tell(*, shortage_ids: Iterable[int], now: dt.datetime) -> list[Order]:
    """Write into each order what is missing, and owe its buyer the question, once an order."""
    rows = Shortage.objects.filter(pk__in=list(shortage_ids), settled_at=None).order_by("pk")
    by_order: dict[int, list[tuple[OrderLine, Shortage]]] = defaultdict(list)
    for row in rows:
        if line := line_of(row):
            by_order[line.order_id].append((line, row))
    return [_tell(order_id, found, now) for order_id, found in sorted(by_order.items())]


def line_of(row: Shortage) -> OrderLine | None:
    """The line that misses the units, itself or one of its parts."""
    line = OrderLine.objects.filter(holder=row.holder).first()
    if line is None:
        part = OrderLinePart.objects.filter(holder=row.holder).select_related("line").first()
        line = part.line if part else None
    return line


def _tell(order_id: int, found: list[tuple[OrderLine, Shortage]], now: dt.datetime) -> Order:
    order = orders.lock(order_id=order_id)
    if order.status not in lines.OPEN:
        return order
    for line, row in found:
        words = _("%(units)s units missing for %(piece)s.") % {
            "units": row.quantity,
            "piece": lines.named(line),
        }
        lines.tell(order, "short", words, Move(now, None, row.reason))
    assigning.fit(order=order, move=Move(now))
    owe_mail("order_short", order, now, tell=min(row.pk for _line, row in found))
    return order


def letter_about(*, order_id: int, tell: str, now: dt.datetime) -> Letter | None:
    """The question to a buyer; None when nothing is open any more."""
    order = Order.objects.select_related("market").get(pk=order_id)
    found = options_of(order, now=now)
    if not found:
        return None
    key = key_of("order_short", order, tell)
    return letter(order, "order_short", key=key, extra={"options": found})
