"""Packing slips: what is in the box, for whoever packs and whoever opens it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.services import receipts
from shipping.models import Fulfilment
from shipping.services.papers import addresses, gathering
from shipping.services.papers.gathering import Contents
from shop.lib.barcodes import code128
from shop.lib.money import round_money
from shop.lib.paper import printed
from shop.lib.workdays import shop_day
from shop.templatetags.shop_text import longdate, money

Content = dict[str, Any]
TEMPLATE = "slips.typ"


def packing_slips(fulfilments: Iterable[Fulfilment], *, prices: bool) -> bytes:
    """One PDF of the slips of many parcels. Raises NotPrinted."""
    return pdf_of(gathering.of_parcels(fulfilments), prices=prices)


def slips_of_orders(orders: Iterable[Order], *, prices: bool) -> bytes:
    """The same of what is left to send, before there are parcels. Raises NotPrinted."""
    return pdf_of(gathering.of_orders(orders), prices=prices)


def pdf_of(contents: Sequence[Contents], *, prices: bool) -> bytes:
    """The slips as one PDF, in their order. Raises NotPrinted."""
    return printed(TEMPLATE, page(contents, prices=prices), is_tagged=False)


def page(contents: Iterable[Contents], *, prices: bool) -> Content:
    """All slips as text, each in the language of its order."""
    return {"slips": [_slip(one, prices=prices) for one in contents]}


def _slip(contents: Contents, *, prices: bool) -> Content:
    order = contents.order
    with translation.override(order.language):
        heading = _("Packing slip")
        return {
            "lang": (get_language() or "en")[:2],
            "heading": heading,
            "title": f"{heading} {contents.code}",
            "code": contents.code,
            "bars": code128(contents.code),
            "seller": addresses.seller(),
            "buyer": addresses.receiver(order),
            "facts": _facts(contents),
            "columns": _columns(prices=prices),
            "lines": _lines(contents, prices=prices),
            "follows": [f"{units} × {_title(line)}" for line, units in contents.follows],
            "gift": order.gift_note.strip(),
            "notes": [_("Fragile: please pack with padding.")] if contents.is_fragile else [],
            "words": _words(),
        }


def _facts(contents: Contents) -> list[list[str]]:
    order = contents.order
    rows = [
        [_("Order number"), order.number],
        [_("Ordered on"), longdate(shop_day(order.placed_at))],
    ]
    if contents.position is not None:
        rows.append([_("Parcel"), str(contents.position)])
    if order.reference:
        rows.append([_("Your reference"), order.reference])
    if order.shipping_name:
        rows.append([_("Delivery"), order.shipping_name])
    return rows


def _columns(*, prices: bool) -> list[str]:
    columns = [_("Units"), _("Item"), _("SKU")]
    return [*columns, _("Unit price"), _("Sum")] if prices else columns


def _words() -> Content:
    return {
        "to": _("To"),
        "page": _("Page"),
        "follows": _("Follows in another parcel"),
    }


def _lines(contents: Contents, *, prices: bool) -> list[Content]:
    order = contents.order
    lines = [line for line, _units in contents.lines]
    sums = receipts.lines_of_order(order, lines, order.adjustments.all()) if prices else {}
    rows = []
    for line, units in contents.lines:
        row = {
            "units": str(units),
            "title": _title(line),
            "sku": line.sku,
            "details": _details(line),
            "parts": [_part(units * one.quantity, one.title, one.sku) for one in line.parts.all()],
        }
        if prices:
            shown = sums[line.pk]
            amount = round_money(shown.amount * units / line.quantity, order.currency)
            row |= {
                "unit": money(shown.unit, order.currency),
                "sum": money(amount, order.currency),
            }
        rows.append(row)
    return rows


def _part(units: int, title: str, sku: str) -> list[str]:
    return [str(units), title, sku]


def _title(line: OrderLine) -> str:
    return ", ".join(filter(None, (line.title, line.variant_label)))


def _details(line: OrderLine) -> list[str]:
    extras = [
        f"{one['name']}: {_('your picture') if one.get('picture') else one['value']}"
        for one in line.extras
    ]
    return [*extras, _("Free gift")] if line.is_gift else extras
