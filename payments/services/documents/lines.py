"""What is on the page, line by line: goods and delivery as sold, or what is taken back of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from orders.models import Adjustment, Order, OrderLine, OrderLinePart, TaxLine
from orders.services.receipts import Off, territories
from payments.models import GrantedLine, GrantedRefund
from payments.services.documents.amounts import unit_price, written
from payments.services.documents.parties import Registrations
from payments.services.documents.taxation import Reason, Supply, reason_of
from shop.lib.money import ZERO, round_money, split

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document in the making: its order, the shop's numbers, names of territories."""

    order: Order
    registered: Registrations
    regions: dict[str, str]

    @classmethod
    def of(cls, order: Order, registered: Registrations) -> "Sheet":
        rows = order.tax_lines.values_list("country", "region").distinct()
        names: dict[str, str] = {}
        for country in {country for country, region in rows if region}:
            names |= territories(country, [region for at, region in rows if at == country])
        return cls(order, registered, names)

    def number_for(self, tax: TaxLine) -> tuple[str, str]:
        return self.registered.charging(tax.country, self.order.tax_relief)

    def taxed(self, tax: TaxLine, line: OrderLine | None) -> Line:
        """How a line is taxed: name, rate, place, and why when there is none."""
        reason = self._reason(tax, line)
        return {
            "tax_name": tax.name,
            "rate": f"{tax.rate.normalize():f}",
            "country": tax.country,
            "region": self.regions.get(tax.region, tax.region),
            "category": reason.category,
            "reason": reason.words,
            "reason_code": reason.code,
        }

    def _reason(self, tax: TaxLine, line: OrderLine | None) -> Reason:
        return reason_of(
            Supply(
                name=tax.name,
                rate=tax.rate,
                relief=self.order.tax_relief,
                is_goods=line is None or line.is_shipped,
                is_voucher=line is not None and is_voucher(line),
                law=self.number_for(tax)[0],
            )
        )


def is_voucher(line: OrderLine) -> bool:
    return line.variant is not None and line.variant.product.type.is_gift_card


def tax_lines_of(order: Order) -> list[TaxLine]:
    """The taxes of an order beside their lines: goods first as they stand, then delivery."""
    parts = Prefetch("line__parts", queryset=OrderLinePart.objects.order_by("pk"))
    rows = (
        TaxLine.objects.filter(order=order)
        .select_related("line__variant__product__type")
        .prefetch_related(parts)
    )
    return sorted(
        rows,
        key=lambda tax: (tax.line is None, tax.line.position if tax.line else 0, tax.pk),
    )


def sold(sheet: Sheet, taxes: Sequence[TaxLine]) -> list[Line]:
    """The lines of an invoice."""
    charged = [tax for tax in taxes if tax.line is None]
    # Free delivery is told once; a share of nought beside others says nothing.
    shares = [tax for tax in charged if tax.base or tax.amount] or charged[:1]
    delivery = [_delivery(sheet, tax) for tax in shares if sheet.order.shipping_name]
    return [*goods(sheet, taxes), *delivery]


def goods(sheet: Sheet, taxes: Sequence[TaxLine]) -> list[Line]:
    """The lines of an invoice without the delivery."""
    offs: dict[int | None, list[Adjustment]] = defaultdict(list)
    for one in Adjustment.objects.filter(order=sheet.order).order_by("pk"):
        offs[one.line_id].append(one)
    return [_goods(sheet, tax, tax.line, offs[tax.line_id]) for tax in taxes if tax.line]


def _goods(sheet: Sheet, tax: TaxLine, line: OrderLine, offs: Sequence[Adjustment]) -> Line:
    currency = sheet.order.currency
    discount = _net_discount(line, tax, currency)
    listed = tax.base + discount
    parts = split(discount, [-one.amount for one in offs], currency) if offs else []
    return {
        "kind": "goods",
        "title": line.title,
        "details": details(line),
        "sku": line.sku,
        "quantity": line.quantity,
        "unit": unit_price(listed, line.quantity, currency),
        "listed": written(listed, currency),
        "discounts": [
            {"label": Off(one.label, one.code, part).text, "amount": written(part, currency)}
            for one, part in zip(offs, parts, strict=True)
        ],
        **sums(tax.base, tax.amount, currency),
        **sheet.taxed(tax, line),
    }


def _net_discount(line: OrderLine, tax: TaxLine, currency: str) -> Decimal:
    """What came off a line, before tax: discounts are entered as the market enters prices."""
    entered = line.unit_price * line.quantity - line.discount
    if not line.discount or not tax.included:
        return line.discount
    share = tax.base / entered if entered else 100 / (100 + tax.rate)
    return round_money(line.discount * share, currency)


def _delivery(sheet: Sheet, tax: TaxLine) -> Line:
    currency = sheet.order.currency
    return {
        "kind": "delivery",
        "title": _("Delivery: %(name)s") % {"name": sheet.order.shipping_name},
        "details": [],
        "sku": "",
        "quantity": 1,
        "unit": written(tax.base, currency),
        "listed": written(tax.base, currency),
        "discounts": [],
        **sums(tax.base, tax.amount, currency),
        **sheet.taxed(tax, None),
    }


def taken_back(sheet: Sheet, grant: GrantedRefund) -> list[Line]:
    """The lines of a credit note."""
    rows = (
        GrantedLine.objects.filter(grant=grant)
        .select_related("tax_line", "line__variant__product__type")
        .prefetch_related("line__parts")
    )
    by_place = sorted(
        rows, key=lambda row: (row.line is None, row.line.position if row.line else 0, row.pk)
    )
    return [_taken(sheet, row) for row in by_place]


def _taken(sheet: Sheet, row: GrantedLine) -> Line:
    line, currency = row.line, sheet.order.currency
    quantity = row.quantity or 1
    name = line.title if line else _("Delivery: %(name)s") % {"name": sheet.order.shipping_name}
    is_reduced = line is not None and not row.quantity
    return {
        "kind": "goods" if line else "delivery",
        "title": _("Price reduced: %(title)s") % {"title": name} if is_reduced else name,
        "details": details(line) if line else [],
        "sku": line.sku if line else "",
        "quantity": quantity,
        "unit": unit_price(row.net, quantity, currency),
        "listed": written(row.net, currency),
        "discounts": [],
        **sums(row.net, row.tax, currency),
        **sheet.taxed(row.tax_line, line),
    }


def details(line: OrderLine) -> list[str]:
    """What else was agreed: the variant, extras, the parts of a bundle, a special price."""
    # To whom a card goes, and with which words, is nobody else's business.
    extras = [] if is_voucher(line) else [_extra(one) for one in line.extras]
    parts = [f"{one.quantity} × {one.title}" for one in line.parts.all()]
    gift = [_("Free gift")] if line.is_gift else []
    said = [line.variant_label, *extras, *parts, line.price_note, *gift]
    return [words for words in said if words]


def _extra(extra: dict[str, str]) -> str:
    value = _("your picture") if extra.get("picture") else extra["value"]
    return f"{extra['name']}: {value}"


def sums(net: Decimal, tax: Decimal, currency: str) -> dict[str, str]:
    return {
        "net": written(net, currency),
        "tax": written(tax, currency),
        "gross": written(net + tax, currency),
    }


def by_rate(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The taxable amount and the tax of each rate and place, the highest rate first."""
    said = ("category", "rate", "tax_name", "country", "region", "reason", "reason_code")
    found: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in lines:
        total = found[tuple(line[name] for name in said)]
        total[0] += Decimal(line["net"])
        total[1] += Decimal(line["tax"])
    rows = sorted(found.items(), key=lambda row: (-Decimal(row[0][1]), row[0]))
    return [
        dict(zip(said, key, strict=True)) | {"base": str(base), "amount": str(amount)}
        for key, (base, amount) in rows
    ]
