"""What customs forms and commercial invoices say, ready to read."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import gettext as _

from shipping.models import Fulfilment
from shipping.services.papers import addresses
from shipping.services.papers.declared import Declared
from shipping.services.papers.gathering import parcel_code
from shop.lib.barcodes import code128
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day
from shop.templatetags.shop_text import current_locale, longdate, money

Content = dict[str, Any]
HEADINGS = {
    "cn22": "Customs declaration CN 22",
    "cn23": "Customs declaration CN 23",
    "invoice": "Commercial invoice",
}


def page(fulfilment: Fulfilment, rows: Sequence[Declared], kind: str) -> Content:
    """All of a form as text. Delivery is charged once, with the first parcel."""
    order = fulfilment.order
    goods = sum((one.value for one in rows), ZERO)
    freight = order.shipping_net if fulfilment.position == 1 else ZERO
    code = parcel_code(fulfilment)
    heading = HEADINGS[kind]
    number = fulfilment.tracking_number or code
    return {
        "lang": "en",
        "heading": heading,
        "title": f"{heading} {code}",
        "code": number,
        "bars": code128(number),
        "sender": [*addresses.sender(fulfilment.location), *_contact()],
        "receiver": [*addresses.receiver(order), *filter(None, (order.phone, order.email))],
        "facts": _facts(fulfilment, code),
        "columns": _columns(),
        "lines": [_line(one, order.currency) for one in rows],
        "goods": money(goods, order.currency),
        "freight": money(freight, order.currency),
        "total": money(goods + freight, order.currency),
        "net_weight": weight(sum(one.grams for one in rows)),
        "gross_weight": weight(fulfilment.grams or sum(one.grams for one in rows)),
        "signed": _("%(company)s, %(day)s")
        % {
            "company": settings.SHOP["company"],
            "day": longdate(shop_day(fulfilment.packed_at or fulfilment.created_at)),
        },
        "words": _words(),
    }


def weight(grams: int) -> str:
    """ "1.25 kg", to the gram."""
    kilos = format_decimal(Decimal(grams) / 1000, "0.0##", locale=current_locale())
    return f"{kilos} kg"


def _contact() -> list[str]:
    shop = settings.SHOP
    eori = shop.get("eori", "")
    return [shop["phone"], shop["email"], *([f"EORI {eori}"] if eori else [])]


def _facts(fulfilment: Fulfilment, code: str) -> list[list[str]]:
    order = fulfilment.order
    rows = [
        [_("Number"), code],
        [_("Date"), longdate(shop_day(fulfilment.packed_at or fulfilment.created_at))],
        [_("Order number"), order.number],
        [_("Delivery"), " ".join(filter(None, (fulfilment.carrier, fulfilment.tracking_number)))],
        [_("Category"), _("Sale of goods")],
        [_("Terms"), _("DAP: duties and taxes are paid by the receiver")],
        [_("Receiver's VAT number"), order.vat_number],
    ]
    return [[name, words] for name, words in rows if words]


def _columns() -> list[str]:
    return [
        _("Description"),
        _("Units"),
        _("HS code"),
        _("Origin"),
        _("Net weight"),
        _("Value"),
    ]


def _line(one: Declared, currency: str) -> Content:
    return {
        "words": one.words,
        "sku": one.sku,
        "units": str(one.units),
        "hs_code": one.hs_code,
        "origin": addresses.country(one.origin),
        "weight": weight(one.grams),
        "value": money(one.value, currency),
    }


def _words() -> Content:
    return {
        "sender": _("Sender"),
        "receiver": _("Receiver"),
        "page": _("Page"),
        "may_be_opened": _("May be opened officially"),
        "goods": _("Value of goods"),
        "freight": _("Delivery"),
        "total": _("Total value"),
        "net_weight": _("Net weight"),
        "gross_weight": _("Gross weight"),
        "sale": _("Sale of goods"),
        "others": [_("Gift"), _("Documents"), _("Samples"), _("Returned goods"), _("Other")],
        "declaration": _(
            "I declare that what is said here is true, and that this item holds nothing dangerous, "
            "and nothing that postal or customs rules forbid."
        ),
        "signed": _("Signed"),
    }
