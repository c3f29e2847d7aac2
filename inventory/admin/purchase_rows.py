"""What the page of a purchase order tells, row by row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.admin.purchase_forms import LineForm
from inventory.models import PurchaseOrder, PurchaseOrderLine, ReceiptLine
from inventory.queries.purchase_sums import Sums, line_sum
from inventory.services import reasons
from inventory.services.purchase_moves import AXIS
from inventory.services.purchase_wording import packs_of, unit_money
from shop.templatetags.shop_text import money

Status = PurchaseOrder.Status


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is shown; form: in a draft."""

    line: PurchaseOrderLine
    form: LineForm
    cost: str
    sum: Decimal
    packs: str
    why: str


def rows(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> list[Row]:
    return [
        Row(
            line=line,
            form=LineForm(line=line),
            cost=unit_money(line.unit_cost, order.currency),
            sum=line_sum(line, order.currency),
            packs=packs_of(line),
            why=reasons.words(line.reasons),
        )
        for line in lines
    ]


def warnings(order: PurchaseOrder, sums: Sums) -> list[str]:
    """What is worth knowing before it is ordered."""
    if order.status != Status.DRAFT:
        return []
    supplier, told = order.supplier, []
    least, free = supplier.minimum, supplier.freight_free_from
    if sums.goods < least:
        words = _("%(supplier)s takes orders from %(least)s on.")
        told.append(words % {"supplier": supplier, "least": money(least, order.currency)})
    if order.freight and free is not None and sums.goods >= free:
        words = _("Freight is free from %(free)s on.")
        told.append(words % {"free": money(free, order.currency)})
    if not supplier.email:
        words = _("%(supplier)s has no e-mail address: print the order and send it yourself.")
        told.append(words % {"supplier": supplier})
    if sums.base is None:
        words = _("There is no exchange rate for %(currency)s yet: enter one first.")
        told.append(words % {"currency": order.currency})
    return told


def deliveries(order: PurchaseOrder, currency: str) -> list[dict[str, Any]]:
    """Each receipt with its lines, the newest first. currency: the books'."""
    lines: dict[int, list[ReceiptLine]] = {}
    found = ReceiptLine.objects.filter(receipt__order=order).order_by("pk")
    for one in found.select_related("line__variant", "batch"):
        lines.setdefault(one.receipt_id, []).append(one)
    receipts = order.receipts.select_related("received_by").order_by("-received_at", "-pk")
    return [
        {
            "receipt": receipt,
            "lines": lines.get(receipt.pk, []),
            "landed": sum(one.landed for one in lines.get(receipt.pk, [])),
            "currency": currency,
        }
        for receipt in receipts
    ]


def history(order: PurchaseOrder) -> list[dict[str, Any]]:
    """Who did what, the newest first."""
    events = order.events.select_related("actor").order_by("-at", "-pk")
    return [{"event": event, "words": _words(event)} for event in events]


def _words(event: Any) -> str:
    if event.axis == AXIS:
        return str(Status(event.to_state).label)
    return _("Expected on %(day)s instead of %(before)s") % {
        "day": _day(event.to_state),
        "before": _day(event.from_state),
    }


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "j M Y") if text else "–"
