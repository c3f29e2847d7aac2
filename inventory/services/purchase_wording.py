"""What a purchase order says on paper, ready to read."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import TaxRegistration
from inventory.models import Location, PurchaseOrder, PurchaseOrderLine, Supplier
from inventory.queries.purchase_sums import goods_of, line_sum
from shop.lib.money import round_money
from shop.lib.workdays import shop_day
from shop.templatetags.shop_text import current_locale, longdate, money

Content = dict[str, Any]


def page(order: PurchaseOrder) -> Content:
    """All of a page as text, for the template."""
    lines = list(order.lines.select_related("variant__product").order_by("position", "pk"))
    heading = _("Purchase order")
    return {
        "lang": (get_language() or "en")[:2],
        "heading": heading,
        "title": f"{heading} {order.number}",
        "seller": _buyer(order),
        "buyer": _supplier(order.supplier),
        "facts": _facts(order),
        "deliver_to": _address(order.location),
        "lines": [_line(line, order.currency) for line in lines],
        "total": [_("Total before tax"), money(goods_of(lines, order.currency), order.currency)],
        "note": order.note.strip(),
        "terms": order.supplier.terms.strip(),
        "words": _words(order),
    }


def _words(order: PurchaseOrder) -> Content:
    return {
        "to": _("To"),
        "page": _("Page"),
        "deliver_to": _("Deliver to"),
        "terms": _("Terms"),
        "quote": _("Please write %(number)s on your delivery note and your invoice.")
        % {"number": order.number},
        "columns": [_("Item"), _("Your number"), _("Units"), _("Unit cost"), _("Sum")],
    }


def _buyer(order: PurchaseOrder) -> Content:
    """The shop, at the head of its paper."""
    shop = settings.SHOP
    numbers = TaxRegistration.objects.filter(
        country=shop["country"],
        scheme=TaxRegistration.Scheme.DOMESTIC,
        valid__contains=shop_day(order.ordered_at or order.created_at),
    ).values_list("number", flat=True)
    return {
        "name": shop["name"],
        "company": shop["company"],
        "address": [*shop["address"], country(shop["country"])],
        "contact": [shop["email"], shop["phone"]],
        "numbers": [_("VAT number %(number)s") % {"number": number} for number in numbers[:1]],
    }


def _supplier(supplier: Supplier) -> list[str]:
    town = f"{supplier.city} {supplier.postcode}".strip()
    said = [supplier.name, supplier.line1, town, country(supplier.country), supplier.email]
    return [words for words in said if words]


def _address(location: Location) -> list[str]:
    shop = settings.SHOP
    if not location.line1:
        return [shop["company"], *shop["address"], country(shop["country"])]
    town = f"{location.city} {location.postcode}".strip()
    said = [shop["company"], location.name, location.line1, town, country(location.country)]
    return [words for words in said if words]


def _facts(order: PurchaseOrder) -> list[list[str]]:
    day = shop_day(order.ordered_at or order.created_at)
    rows = [[_("Number"), order.number], [_("Date"), longdate(day)]]
    if order.expected_on:
        rows.append([_("Wanted by"), longdate(order.expected_on)])
    if number := order.supplier.account_number:
        rows.append([_("Our account with you"), number])
    if days := order.supplier.payment_days:
        rows.append([_("Payment"), _("within %(days)s days") % {"days": days}])
    return rows


def _line(line: PurchaseOrderLine, currency: str) -> Content:
    variant = line.variant
    return {
        "title": ", ".join(filter(None, (variant.product.title, variant.label))),
        "sku": variant.sku,
        "theirs": line.supplier_sku,
        "details": [packs] if (packs := packs_of(line)) else [],
        "quantity": str(line.quantity),
        "unit": unit_money(line.unit_cost, currency),
        "sum": money(line_sum(line, currency), currency),
    }


def packs_of(line: PurchaseOrderLine) -> str:
    """ "4 packs of 6"; empty where the units do not come in whole packs."""
    if line.pack_size < 2 or line.quantity % line.pack_size:
        return ""
    return _("%(packs)s × pack of %(size)s") % {
        "packs": line.quantity // line.pack_size,
        "size": line.pack_size,
    }


def unit_money(amount: Decimal, currency: str) -> str:
    """A unit cost with all of its decimals: "€0.345"."""
    if amount == round_money(amount, currency):
        return money(amount, currency)
    pattern = current_locale().currency_formats["standard"].pattern.replace("0.00", "0.000")
    return str(
        format_currency(amount, currency, pattern, locale=current_locale(), currency_digits=False)
    )


def country(code: str) -> str:
    return str(current_locale().territories.get(code, code))
