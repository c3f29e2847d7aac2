"""Lines of an order that is no sale yet: written anew, for nothing of it is in the books."""

from decimal import Decimal

from django.db.models import Sum

from orders.models import Adjustment, Order, OrderLine, TaxLine
from orders.services.additions import class_of_service
from orders.services.pricing import TaxRules
from shop.lib.money import ZERO, round_money, split
from shop.lib.tax import NOTHING, Taxed


def resize(
    *, line: OrderLine, units: int, price: Decimal | None, rules: TaxRules, currency: str
) -> None:
    """Another quantity, another price, or both. price: after all discounts; None: as it was."""
    if price is not None:
        line.adjustments.all().delete()
        line.unit_price, line.discount = price, ZERO
    elif line.discount:
        _share_discount(line, units, currency)
    line.quantity = units
    entered = round_money(line.unit_price * units, currency) - line.discount
    tax_line = line.tax_lines.get()
    _tax(tax_line, entered, rules, currency)
    line.net, line.tax = tax_line.base, tax_line.amount
    line.gross = line.net + line.tax
    line.save(update_fields=["unit_price", "discount", "quantity", "net", "tax", "gross"])


def _share_discount(line: OrderLine, units: int, currency: str) -> None:
    """What was taken off so many, of what was taken off all; each promotion by its part."""
    line.discount = round_money(line.discount * units / line.quantity, currency)
    rows = list(line.adjustments.order_by("pk"))
    parts = split(line.discount, [-row.amount for row in rows], currency) if rows else []
    for row, part in zip(rows, parts, strict=True):
        if part:
            row.amount = -part
            row.save(update_fields=["amount"])
        else:
            row.delete()


def deliver(*, order: Order, price: Decimal, rules: TaxRules) -> None:
    """Another price of delivery, shared over its taxes as the old one was."""
    Adjustment.objects.filter(order=order, line=None).delete()
    rows = list(TaxLine.objects.filter(order=order, line=None).order_by("pk"))
    rows = rows or [TaxLine(order=order, tax_class=class_of_service(order, rules))]
    parts = split(
        price, [row.base + row.amount if row.pk else ZERO for row in rows], order.currency
    )
    total = NOTHING
    for row, part in zip(rows, parts, strict=True):
        total += _tax(row, part, rules, order.currency)
    order.shipping_net, order.shipping_tax, order.shipping_gross = total.net, total.tax, total.gross


def _tax(row: TaxLine, entered: Decimal, rules: TaxRules, currency: str) -> Taxed:
    amount, rate = rules.taxed(entered, row.tax_class, currency), rules.charged(row.tax_class)
    row.country, row.region, row.included = rules.country, rules.region, rules.included
    row.name, row.rate, row.base, row.amount = rate.name, rate.rate, amount.net, amount.tax
    row.save()
    return amount


def sum_up(*, order: Order) -> None:
    """The sums of the order, from its lines and its delivery."""
    sums = order.lines.aggregate(
        net=Sum("net", default=ZERO),
        tax=Sum("tax", default=ZERO),
        off=Sum("discount", default=ZERO),
    )
    delivery = Adjustment.objects.filter(order=order, line=None).aggregate(
        off=Sum("amount", default=ZERO)
    )
    order.net = sums["net"] + order.shipping_net
    order.tax = sums["tax"] + order.shipping_tax
    order.total = order.net + order.tax
    order.discount = sums["off"] - delivery["off"]
    order.save(
        update_fields=[
            *("net", "tax", "total", "discount"),
            *("shipping_net", "shipping_tax", "shipping_gross"),
        ]
    )
