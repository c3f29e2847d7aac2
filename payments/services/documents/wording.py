"""What is printed, ready to read: amounts and days as the active language writes them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from payments.services.documents.amounts import decimals
from shop.templatetags.shop_text import current_locale, longdate

Content = dict[str, Any]
Row = list[str]


def page(content: Content) -> Content:
    """All of a page as text, for the template."""
    seller = content["seller"]
    heading = _("Invoice") if content["kind"] == "invoice" else _("Credit note")
    return {
        "lang": (get_language() or "en")[:2],
        "issued_on": content["issued_on"],
        "heading": heading,
        "title": f"{heading} {content['label']}",
        "seller": {
            "name": seller["name"],
            "company": seller["company"],
            "address": [*seller["address"], seller["country_name"]],
            "contact": [seller["email"], seller["phone"]],
            "numbers": [_("VAT number %(number)s") % one for one in seller["vat_numbers"]],
        },
        "buyer": _buyer(content["buyer"]),
        "facts": _facts(content),
        "lines": [_line(line, content) for line in content["lines"]],
        "sums": _sums(content),
        "total": [_total_name(content), amount(content["total"], content["currency"])],
        "taxes": [_tax(tax, content) for tax in content["taxes"]],
        "notes": _notes(content),
        "paid": _paid(content),
        "bank": _bank(content),
        "footer": _footer(seller),
        "words": _words(),
    }


def amount(value: str, currency: str) -> str:
    """An amount with all of its decimals, at least as many as the currency has."""
    found = Decimal(value)
    places = decimals(found, currency)
    pattern = current_locale().currency_formats["standard"].pattern
    fine = pattern.replace("0.00", f"0.{'0' * places}" if places else "0")
    return str(
        format_currency(found, currency, fine, locale=current_locale(), currency_digits=False)
    )


def day(value: str) -> str:
    return longdate(dt.date.fromisoformat(value)) if value else ""


def _words() -> Content:
    return {
        "to": _("To"),
        "page": _("Page"),
        "attached": _("The same document for machines (EN 16931)"),
        "columns": [
            _("Item"),
            _("Quantity"),
            _("Unit price before tax"),
            _("Tax"),
            _("Net"),
            _("With tax"),
        ],
        "tax_columns": [_("Tax"), _("Taxable amount"), _("Tax amount"), _("With tax")],
    }


def _buyer(buyer: Content) -> Row:
    number = _("VAT number %(number)s") % {"number": buyer["vat_number"]}
    said = [
        buyer["company"],
        buyer["name"],
        *buyer["address"],
        buyer["country_name"],
        number if buyer["vat_number"] else "",
    ]
    return [words for words in said if words]


def _facts(content: Content) -> list[Row]:
    rows = [
        [_("Number"), content["label"]],
        [_("Date"), day(content["issued_on"])],
        [_("Order number"), f"{content['order']}, {day(content['ordered_on'])}"],
    ]
    if invoice := content["invoice"]:
        rows.append([_("For invoice"), f"{invoice['label']}, {day(invoice['issued_on'])}"])
    rows.append([_("Date of supply"), _supply(content["supply"])])
    if content["reason"]:
        rows.append([_("Reason"), content["reason"]])
    return rows


def _supply(supply: Content) -> str:
    if supply["on"]:
        return day(supply["on"])
    if supply.get("by"):
        return _("expected by %(day)s") % {"day": day(supply["by"])}
    return str(supply["words"])


def _line(line: Content, content: Content) -> Content:
    currency = content["currency"]
    offs = [
        f"{one['label']}: −{amount(one['amount'], currency)}"
        for one in line["discounts"]
        if Decimal(one["amount"])
    ]
    return {
        "title": line["title"],
        "sku": line["sku"],
        "details": [*line["details"], *offs],
        "quantity": str(line["quantity"]),
        "unit": amount(line["unit"], currency),
        "rate": f"{line['rate']}%{_mark(line, content)}",
        "net": amount(line["net"], currency),
        "gross": amount(line["gross"], currency),
    }


def _sums(content: Content) -> list[Row]:
    currency = content["currency"]
    rows = [[_("Net"), amount(content["net"], currency)]]
    rows += [
        [tax_name(tax, content), amount(tax["amount"], currency)]
        for tax in content["taxes"]
        if Decimal(tax["amount"])
    ]
    return rows


def _total_name(content: Content) -> str:
    return _("Total") if content["kind"] == "invoice" else _("Total credited")


def tax_name(tax: Content, content: Content) -> str:
    """ "VAT 20%", with its territory, or its country where that is not the seller's."""
    is_home = tax["country"] == content["seller"]["country"]
    place = tax["region"] or ("" if is_home else tax["country"])
    return f"{tax['tax_name']} {tax['rate']}% {place}".strip() + _mark(tax, content)


def _mark(taxed: Content, content: Content) -> str:
    """ " (1)": which of the notes says why no tax is charged."""
    reason = taxed["reason"]
    return f" ({content['notes'].index(reason) + 1})" if reason else ""


def _tax(tax: Content, content: Content) -> Row:
    currency = content["currency"]
    gross = str(Decimal(tax["base"]) + Decimal(tax["amount"]))
    return [
        tax_name(tax, content),
        amount(tax["base"], currency),
        amount(tax["amount"], currency),
        amount(gross, currency),
    ]


def _notes(content: Content) -> Row:
    notes = [f"({number}) {words}" for number, words in enumerate(content["notes"], 1)]
    own = content["own_currency"]
    if own and Decimal(own["tax"]):
        words = _("Tax in %(currency)s: %(tax)s (1 %(foreign)s = %(rate)s %(currency)s).")
        notes.append(
            words
            % {
                "currency": own["currency"],
                "tax": amount(own["tax"], own["currency"]),
                "foreign": content["currency"],
                "rate": own["rate"],
            }
        )
    return notes


def _paid(content: Content) -> Row:
    payment, currency = content["payment"], content["currency"]
    rows = [
        _("Paid by %(name)s on %(day)s: %(amount)s.")
        % {
            "name": one["name"],
            "day": day(one["on"]),
            "amount": amount(one["amount"], currency),
        }
        for one in payment["paid"]
    ]
    if content["kind"] == "invoice":
        return [*rows, *_due(payment, currency)]
    if Decimal(payment["unpaid"]):
        never = _("Never paid, and not owed any more: %(amount)s.")
        rows.append(never % {"amount": amount(payment["unpaid"], currency)})
    return [*rows, payment["words"]] if payment["words"] else rows


def _due(payment: Content, currency: str) -> Row:
    if not Decimal(payment["due"]):
        return [_("Paid in full. This invoice is your receipt.")]
    said = [_("To be paid: %(amount)s.") % {"amount": amount(payment["due"], currency)}]
    if payment.get("due_on"):
        said = [
            _("To be paid by %(day)s: %(amount)s.")
            % {"day": day(payment["due_on"]), "amount": amount(payment["due"], currency)}
        ]
    return [*said, payment["words"]] if payment.get("words") else said


def _bank(content: Content) -> list[Row]:
    bank = content["payment"].get("bank")
    if not bank:
        return []
    return [
        [_("Account"), bank["account_name"]],
        ["IBAN", bank["iban"]],
        ["BIC", bank["bic"]],
        [_("Reference"), bank["reference"]],
    ]


def _footer(seller: Content) -> Row:
    numbers = ", ".join(one["number"] for one in seller["vat_numbers"])
    first = ", ".join([seller["company"], *seller["address"], seller["country_name"]])
    second = [seller["email"], seller["phone"], numbers]
    return [first, " · ".join(part for part in second if part)]
