"""Documents, and the grants that credit notes are written for."""

import itertools
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from catalog.models import TaxRegistration
from orders.models import Adjustment, Order, OrderLine, OrderLinePart, TaxLine
from payments.models import Document, GrantedLine, GrantedRefund, Series
from payments.services import documents
from shop.lib.money import ZERO, round_money
from shop.lib.tax import relieved_amount, tax_amount
from tests.factories.value import bare_order

count = itertools.count(1)


def invoice_of(order):
    return Document.objects.get(order=order, kind=Series.Kind.INVOICE)


def granted(order, *, share=Decimal(1), quantity=None, **fields):
    """A grant over every tax line of an order, or the same share of each."""
    parts = [
        (tax, round_money(tax.base * share, order.currency), _tax(tax, share, order))
        for tax in TaxLine.objects.filter(order=order).order_by("pk")
        if tax.base
    ]
    net, tax = sum((one[1] for one in parts), ZERO), sum((one[2] for one in parts), ZERO)
    facts = {
        "reason": "Arrived broken",
        "granted_at": timezone.now(),
        "key": f"test-{next(count)}",
        "net": net,
        "tax": tax,
        "total": net + tax,
    }
    grant = GrantedRefund.objects.create(order=order, **facts | fields)
    GrantedLine.objects.bulk_create(
        GrantedLine(
            grant=grant,
            tax_line=row,
            line=row.line,
            quantity=quantity if quantity is not None else (row.line.quantity if row.line else 0),
            net=base,
            tax=amount,
            gross=base + amount,
        )
        for row, base, amount in parts
    )
    return grant


def _tax(row, share, order):
    return round_money(row.amount * share, order.currency)


def credit_note_of(order, **fields):
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order.pk)
        return documents.credit_note(grant=granted(order, **fields), now=timezone.now())


def issue_when(moment):
    series = documents.series_of(Series.Kind.INVOICE)
    series.issue = moment
    series.save()


# Orders written down line by line, for what a checkout takes long to bring about


def written_order(*goods, delivery=("4.50",), included=True, relief="", region="", **fields):
    """A confirmed order. goods: dicts of `line` fields with `price` and maybe `rate`, `quantity`.

    delivery: gross or net prices, one a rate ("4.50" or ("4.50", "20")).
    """
    currency, country = fields.get("currency", "GBP"), fields.get("country", "GB")
    order = bare_order("0", net=ZERO, tax=ZERO, shipping_name="Tracked 48", **fields)
    order.tax_relief = relief
    place = {"country": country, "region": region, "name": "VAT", "included": included}
    for position, one in enumerate(goods):
        _write_line(order, position, dict(one), place)
    for share in delivery:
        price, rate = (share, "20") if isinstance(share, str) else share
        amount = _taxed(Decimal(price), Decimal(rate), order, included=included)
        _write_tax(order, None, amount, Decimal(rate), place)
        order.shipping_net += amount.net
        order.shipping_tax += amount.tax
    order.shipping_gross = order.shipping_net + order.shipping_tax
    rows = TaxLine.objects.filter(order=order)
    order.net = sum((row.base for row in rows), ZERO)
    order.tax = sum((row.amount for row in rows), ZERO)
    order.total = order.net + order.tax
    order.confirmed_at = timezone.now()
    order.save()
    assert order.currency == currency
    return order


def _write_line(order, position, one, place):
    price, rate = Decimal(one.pop("price")), Decimal(one.pop("rate", "20"))
    quantity, discount = one.pop("quantity", 1), Decimal(one.pop("discount", "0"))
    parts = one.pop("parts", ())
    amount = _taxed(price * quantity - discount, rate, order, included=place["included"])
    line = OrderLine.objects.create(
        **{
            "order": order,
            "position": position,
            "sku": f"SKU-{position}",
            "title": f"Piece {position}",
            "quantity": quantity,
            "unit_price": price,
            "discount": discount,
            "net": amount.net,
            "tax": amount.tax,
            "gross": amount.gross,
            **one,
        }
    )
    for title, units in parts:
        OrderLinePart.objects.create(line=line, sku=title, title=title, quantity=units)
    if discount:
        Adjustment.objects.create(
            order=order, line=line, promotion=1, label="Winter sale", amount=-discount
        )
    _write_tax(order, line, amount, rate, place)


def _taxed(price, rate, order, *, included):
    if order.tax_relief:
        return relieved_amount(price, rate=rate, included=included, currency=order.currency)
    return tax_amount(price, rate=rate, included=included, currency=order.currency)


def _write_tax(order, line, amount, rate, place):
    TaxLine.objects.create(
        order=order,
        line=line,
        tax_class="standard",
        rate=ZERO if order.tax_relief else rate,
        base=amount.net,
        amount=amount.tax,
        **place,
    )


def registered(country="GB", number="GB943932601", scheme="domestic"):
    return TaxRegistration.objects.create(
        country=country, number=number, scheme=scheme, valid=DateRange(None, None)
    )


def invoice(order, *, when=Series.When.CONFIRMED, now=None):
    with transaction.atomic():
        return documents.happened(order=order, when=when, now=now or timezone.now())
