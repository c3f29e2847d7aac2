"""Sales on the books at a chosen moment."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import time_machine

from analytics.queries import periods
from payments.models import GrantedLine, GrantedRefund
from payments.services.books import sales
from tests.factories import in_stock, paid_order

# A Saturday evening in London, winter time.
NOW = dt.datetime(2026, 11, 21, 19, 0, tzinfo=dt.UTC)


def at(text):
    """A moment in UTC, such as "2026-11-20 10:00"."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def sale(sold_at="2026-11-20 10:00", *, refunded=None, variant=None, **fields):
    """A paid order: one mug for £22.00 and £3.90 of delivery, unless told otherwise.

    refunded: so much of its total was credited an hour later.
    """
    with time_machine.travel(at(sold_at), tick=False):
        order = paid_order(variant=variant or in_stock(99), **fields)
    if refunded is not None:
        credit(order, refunded, on=order.confirmed_at + dt.timedelta(hours=1))
    order.refresh_from_db()
    return order


def credit(order, amount, *, on="2026-11-20 12:00"):
    """Decide to give back a part of an order's total: of each tax line its share, to the cent."""
    parts = _parts(order, Decimal(amount))
    net, tax = (sum((part[key] for part in parts), Decimal(0)) for key in ("net", "tax"))
    grant = GrantedRefund.objects.create(
        order=order,
        reason="Chipped",
        net=net,
        tax=tax,
        total=net + tax,
        granted_at=at(on) if isinstance(on, str) else on,
        key=f"grant-{order.pk}-{GrantedRefund.objects.count()}",
    )
    GrantedLine.objects.bulk_create(GrantedLine(grant=grant, **part) for part in parts)
    sales.post_credit(grant=grant, now=grant.granted_at)
    return grant


def _parts(order, amount):
    parts, left = [], amount
    lines = list(order.tax_lines.order_by("pk"))
    for line in lines:
        is_last = line is lines[-1]
        gross = left if is_last else _cents((line.base + line.amount) * amount / order.total)
        tax = _cents(gross * line.amount / (line.base + line.amount))
        left -= gross
        parts.append(
            {
                "tax_line": line,
                "line": line.line,
                "net": gross - tax,
                "tax": tax,
                "gross": gross,
            }
        )
    return parts


def _cents(amount):
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def november():
    return periods.period("month", now=NOW)
