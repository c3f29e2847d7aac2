"""The same document for machines: EN 16931 in CII syntax, as Factur-X and ZUGFeRD embed it.

Imported where it is needed: the classes of its schema take half a second.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from drafthorse.models.accounting import (  # type: ignore[import-untyped]
    ApplicableTradeTax,
    CategoryTradeTax,
    TradeAllowanceCharge,
)
from drafthorse.models.document import Document  # type: ignore[import-untyped]
from drafthorse.models.note import IncludedNote  # type: ignore[import-untyped]
from drafthorse.models.party import TaxRegistration  # type: ignore[import-untyped]
from drafthorse.models.payment import PaymentMeans, PaymentTerms  # type: ignore[import-untyped]
from drafthorse.models.tradelines import LineItem  # type: ignore[import-untyped]

from shop.lib.money import ZERO

PROFILE = "urn:cen.eu:en16931:2017"
SCHEMA = "FACTUR-X_EN16931"
# UNTDID 1001, and how a sum is paid: UNTDID 4461.
TYPES = {"invoice": "380", "credit_note": "381"}
TRANSFER, OTHER = "58", "1"
# One of a thing, UN/ECE recommendation 20.
PIECE = "C62"
Content = dict[str, Any]


def xml(content: Content, *, schema: str | None = None) -> bytes:
    """The structured invoice. schema: checked against it when given; raises XMLSyntaxError."""
    document = Document()
    _head(document, content)
    _parties(document, content)
    for number, line in enumerate(_lines(content, "goods"), 1):
        document.trade.items.add(_line(number, line))
    _delivery(document, content)
    _settlement(document, content)
    _sums(document, content)
    written: bytes = document.serialize(schema=schema)
    return written


def _head(document: Document, content: Content) -> None:
    document.context.guideline_parameter.id = PROFILE
    document.header.id = content["label"]
    document.header.type_code = TYPES[content["kind"]]
    document.header.issue_date_time = dt.date.fromisoformat(content["issued_on"])
    for words in filter(None, [*content["notes"], content["reason"]]):
        document.header.notes.add(_note(words))


def _note(words: str) -> Any:
    note = IncludedNote()
    note.content = words
    return note


def _parties(document: Document, content: Content) -> None:
    seller, buyer = content["seller"], content["buyer"]
    agreement = document.trade.agreement
    agreement.seller.name = seller["company"]
    _address(agreement.seller.address, seller["address"], seller["country"])
    agreement.seller.contact.person_name = seller["name"]
    agreement.seller.contact.telephone.number = seller["phone"]
    agreement.seller.contact.email.address = seller["email"]
    agreement.seller.electronic_address.uri_ID = ("EM", seller["email"])
    for number in seller["vat_numbers"][:1]:
        agreement.seller.tax_registrations.add(_registration(number["number"]))
    agreement.buyer.name = buyer["company"] or buyer["name"]
    if buyer["company"]:
        agreement.buyer.contact.person_name = buyer["name"]
    _address(agreement.buyer.address, [buyer["line1"], buyer["line2"]], buyer["country"])
    agreement.buyer.address.city_name = buyer["city"]
    agreement.buyer.address.postcode = buyer["postcode"] or None
    agreement.buyer.electronic_address.uri_ID = ("EM", buyer["email"])
    if buyer["vat_number"]:
        agreement.buyer.tax_registrations.add(_registration(buyer["vat_number"]))
    agreement.seller_order.issuer_assigned_id = content["order"]


def _address(address: Any, lines: list[str], country: str) -> None:
    names = ("line_one", "line_two", "line_three")
    for name, line in zip(names, lines, strict=False):
        setattr(address, name, line or None)
    address.country_id = country


def _registration(number: str) -> Any:
    registration = TaxRegistration()
    registration.id = ("VA", number)
    return registration


def _lines(content: Content, kind: str) -> list[Content]:
    return [line for line in content["lines"] if line["kind"] == kind]


def _line(number: int, line: Content) -> Any:
    item = LineItem()
    item.document.line_id = str(number)
    item.product.name = line["title"]
    item.product.seller_assigned_id = line["sku"] or None
    item.product.description = ", ".join(line["details"]) or None
    item.agreement.net.amount = Decimal(line["unit"])
    item.agreement.net.basis_quantity = (Decimal(1), PIECE)
    item.delivery.billed_quantity = (Decimal(line["quantity"]), PIECE)
    item.settlement.trade_tax.type_code = "VAT"
    item.settlement.trade_tax.category_code = line["category"]
    item.settlement.trade_tax.rate_applicable_percent = Decimal(line["rate"])
    for off in line["discounts"]:
        item.settlement.allowance_charge.add(_change(off["amount"], off["label"]))
    item.settlement.monetary_summation.total_amount = Decimal(line["net"])
    return item


def _change(amount: str, reason: str, *, adds: bool = False) -> Any:
    change = TradeAllowanceCharge()
    change.indicator = adds
    change.actual_amount = Decimal(amount)
    change.reason = reason
    return change


def _delivery(document: Document, content: Content) -> None:
    buyer, delivery = content["buyer"], document.trade.delivery
    delivery.ship_to.name = buyer["name"]
    _address(delivery.ship_to.address, [buyer["line1"], buyer["line2"]], buyer["country"])
    delivery.ship_to.address.city_name = buyer["city"]
    delivery.ship_to.address.postcode = buyer["postcode"] or None
    supply = content["supply"]
    if supply["on"]:
        delivery.event.occurrence = dt.date.fromisoformat(supply["on"])
    elif supply.get("from") and supply.get("by"):
        document.trade.settlement.period.start = dt.date.fromisoformat(supply["from"])
        document.trade.settlement.period.end = dt.date.fromisoformat(supply["by"])


def _settlement(document: Document, content: Content) -> None:
    settlement = document.trade.settlement
    settlement.payment_reference = content["order"]
    settlement.currency_code = content["currency"]
    if own := content["own_currency"]:
        settlement.tax_currency_code = own["currency"]
    settlement.payment_means.add(_means(content["payment"]))
    for tax in content["taxes"]:
        settlement.trade_tax.add(_tax(tax))
    for share in _lines(content, "delivery"):
        if Decimal(share["net"]):
            charge = _change(share["net"], share["title"], adds=True)
            charge.trade_tax.add(_tax_of_charge(share))
            settlement.allowance_charge.add(charge)
    if Decimal(content["payment"]["due"]):
        settlement.terms.add(_terms(content["payment"]))
    if invoice := content["invoice"]:
        settlement.invoice_referenced_document.issuer_assigned_id = invoice["label"]
        day = dt.date.fromisoformat(invoice["issued_on"])
        settlement.invoice_referenced_document.issue_date_time = day


def _means(payment: Content) -> Any:
    means = PaymentMeans()
    bank = payment.get("bank")
    means.type_code = TRANSFER if bank else OTHER
    if bank:
        means.payee_account.iban = bank["iban"].replace(" ", "")
        means.payee_account.account_name = bank["account_name"]
        means.payee_institution.bic = bank["bic"]
    elif payment["paid"]:
        means.information.add(", ".join(one["name"] for one in payment["paid"]))
    return means


def _tax(tax: Content) -> Any:
    row = ApplicableTradeTax()
    row.calculated_amount = Decimal(tax["amount"])
    row.type_code = "VAT"
    row.exemption_reason = tax["reason"] or None
    row.basis_amount = Decimal(tax["base"])
    row.category_code = tax["category"]
    row.exemption_reason_code = tax["reason_code"] or None
    row.rate_applicable_percent = Decimal(tax["rate"])
    return row


def _tax_of_charge(share: Content) -> Any:
    row = CategoryTradeTax()
    row.type_code = "VAT"
    row.category_code = share["category"]
    row.rate_applicable_percent = Decimal(share["rate"])
    return row


def _terms(payment: Content) -> Any:
    terms = PaymentTerms()
    terms.description = payment.get("words") or payment["terms"]
    if payment.get("due_on"):
        terms.due = dt.date.fromisoformat(payment["due_on"])
    return terms


def _sums(document: Document, content: Content) -> None:
    goods = sum((Decimal(line["net"]) for line in _lines(content, "goods")), ZERO)
    delivery = sum((Decimal(line["net"]) for line in _lines(content, "delivery")), ZERO)
    total, due = Decimal(content["total"]), Decimal(content["payment"]["due"])
    sums = document.trade.settlement.monetary_summation
    sums.line_total = goods
    sums.charge_total = delivery
    sums.allowance_total = ZERO
    sums.tax_basis_total = Decimal(content["net"])
    sums.tax_total = (Decimal(content["tax"]), content["currency"])
    if own := content["own_currency"]:
        sums.tax_total_other_currency.add((Decimal(own["tax"]), own["currency"]))
    sums.grand_total = total
    sums.prepaid_total = total - due
    sums.due_amount = due
