"""What a document says: all of Article 226 of Directive 2006/112/EC, in the order's language.

Amounts are text, exact; days are ISO. Nothing in it is worked out again later.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from catalog.models import Market
from orders.models import Order, OrderEdit, TaxLine
from payments.models import Document, GrantedRefund, Series
from payments.services.documents import lines, parties, paying
from payments.services.documents.amounts import written
from payments.services.documents.lines import Line, Sheet
from payments.services.documents.parties import Registrations
from shop.lib.money import ZERO, round_money
from shop.lib.workdays import shop_day

VERSION = 1
Content = dict[str, Any]


def of_invoice(order: Order, *, when: str, now: dt.datetime) -> Content:
    """The invoice of an order as it stands. when: what happened, a Series.When."""
    with translation.override(order.language):
        sheet = Sheet.of(order, Registrations(shop_day(now)))
        taxes = lines.tax_lines_of(order)
        return {
            **_head(sheet, Series.Kind.INVOICE, taxes),
            **_body(sheet, lines.sold(sheet, taxes), (order.net, order.tax, order.total)),
            "supply": _supply(order, taxes, when, now),
            "payment": paying.of_invoice(order),
            "invoice": None,
            "reason": "",
        }


def of_addition(edit: OrderEdit, *, now: dt.datetime) -> Content:
    """The invoice of what a change added to an order that was invoiced before."""
    order = edit.order
    with translation.override(order.language):
        sheet = Sheet.of(order, Registrations(shop_day(now)))
        taxes = [
            one for one in lines.tax_lines_of(order) if one.line and one.line.edit_id == edit.pk
        ]
        net = sum((one.base for one in taxes), ZERO)
        tax = sum((one.amount for one in taxes), ZERO)
        return {
            **_head(sheet, Series.Kind.INVOICE, taxes),
            **_body(sheet, lines.goods(sheet, taxes), (net, tax, net + tax)),
            "supply": _supply(order, taxes, "", now),
            "payment": paying.of_addition(order, net + tax),
            "invoice": None,
            "reason": edit.reason,
        }


def of_credit_note(grant: GrantedRefund, *, invoice: Document, now: dt.datetime) -> Content:
    """The credit note of a grant, against the invoice that it corrects."""
    order = grant.order
    with translation.override(order.language):
        sheet = Sheet.of(order, Registrations(shop_day(now)))
        taxes = [row.tax_line for row in grant.lines.select_related("tax_line")]
        return {
            **_head(sheet, Series.Kind.CREDIT_NOTE, taxes),
            **_body(sheet, lines.taken_back(sheet, grant), (grant.net, grant.tax, grant.total)),
            "supply": invoice.content["supply"],
            "payment": paying.of_credit_note(grant),
            "invoice": {"label": invoice.label, "issued_on": invoice.issued_on.isoformat()},
            "reason": grant.reason,
        }


def _head(sheet: Sheet, kind: str, taxes: list[TaxLine]) -> Content:
    order = sheet.order
    used = [sheet.number_for(tax) for tax in taxes]
    return {
        "version": VERSION,
        "kind": kind,
        "language": order.language,
        "currency": order.currency,
        "order": order.number,
        "ordered_on": shop_day(order.placed_at).isoformat(),
        "seller": parties.seller(sheet.registered, used),
        "buyer": parties.buyer(order),
    }


def _body(sheet: Sheet, rows: list[Line], totals: tuple[Decimal, Decimal, Decimal]) -> Content:
    net, tax, total = totals
    taxes = lines.by_rate(rows)
    return {
        "lines": rows,
        "taxes": taxes,
        "notes": list(dict.fromkeys(one["reason"] for one in taxes if one["reason"])),
        "net": written(net, sheet.order.currency),
        "tax": written(tax, sheet.order.currency),
        "total": written(total, sheet.order.currency),
        "own_currency": _own_currency(sheet.order, tax),
    }


def _own_currency(order: Order, tax: Decimal) -> dict[str, str] | None:
    """The tax in the currency the shop pays it in, where that is another (Article 230)."""
    main = Market.objects.in_order().values_list("currency", flat=True).first()
    if main is None or main == order.currency:
        return None
    amount = round_money(tax * order.exchange_rate, main)
    rate = f"{order.exchange_rate.normalize():f}"
    return {"currency": main, "rate": rate, "tax": str(amount)}


def _supply(order: Order, taxes: list[TaxLine], when: str, now: dt.datetime) -> Content:
    """The day of supply where it is known, else when it is expected."""
    is_sent = any(tax.line is not None and tax.line.is_shipped for tax in taxes)
    if when == Series.When.SHIPPED or (not is_sent and order.paid_at is not None):
        return {"on": shop_day(now).isoformat(), "words": ""}
    if not is_sent:
        return {"on": "", "words": _("With your payment")}
    return {
        "on": "",
        "from": order.arrives_from.isoformat() if order.arrives_from else "",
        "by": order.arrives_by.isoformat() if order.arrives_by else "",
        "words": _("With the parcel"),
    }
