"""Lines that come into an order after it was placed, each with its own tax.

What stood there stays as it was: the order's sums grow by what is added.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from catalog.models import Image, Variant
from catalog.queries.pictures import picture_of
from orders.models import Order, OrderEdit, OrderLine, OrderLinePart, TaxLine
from orders.queries import picture_for
from orders.services import taxes
from orders.services.pricing import TaxRules
from shop.lib.errors import Refused
from shop.lib.money import ZERO, round_money
from shop.lib.tax import Taxed
from shop.lib.workdays import shop_day

MOST_UNITS = 999


class CannotAdd(Refused):
    """Raised when a line can't come into an order like this."""


@dataclass(frozen=True, slots=True)
class Added:
    """What comes in. unit_price: as the order's market shows prices; 0 for nothing to pay.

    Without a variant it is a service, such as dearer delivery: title says what, and nothing of it
    is sent.
    """

    variant: Variant | None
    quantity: int
    unit_price: Decimal
    title: str = ""
    price_note: str = ""

    @property
    def name(self) -> str:
        if self.title or self.variant is None:
            return self.title
        return self.variant.product.title


@dataclass(frozen=True, slots=True)
class Priced:
    """A line to come, with the tax class it is taxed by and its figures."""

    added: Added
    tax_class: str
    amount: Taxed


def rules_for(order: Order, *, now: dt.datetime) -> TaxRules:
    """The taxes of today for an order; relieved of them as the order was when it was placed."""
    found = _rules(order, shop_day(now))
    if found.relief == order.tax_relief:
        return found
    return replace(_rules(order, shop_day(order.placed_at)), relief=order.tax_relief)


def _rules(order: Order, on: dt.date) -> TaxRules:
    return taxes.rules(
        market=order.market,
        country=order.country,
        postcode=order.postcode,
        on=on,
        customer=order.customer,
        vat_number=order.vat_number,
    )


def price(*, order: Order, added: Sequence[Added], rules: TaxRules) -> list[Priced]:
    """What the lines would come to, nothing written. Raises CannotAdd."""
    return [_priced(order, one, rules) for one in added]


def _priced(order: Order, added: Added, rules: TaxRules) -> Priced:
    if not 1 <= added.quantity <= MOST_UNITS:
        raise CannotAdd(_("Enter a whole number from 1 to %(most)s.") % {"most": MOST_UNITS})
    if added.unit_price < ZERO or added.unit_price != round_money(added.unit_price, order.currency):
        raise CannotAdd(_("%(name)s: this is no price.") % {"name": added.name})
    if added.variant is None:
        tax_class = class_of_service(order, rules)
    else:
        tax_class = added.variant.product.type.tax_class.code
    listed = round_money(added.unit_price * added.quantity, order.currency)
    return Priced(added, tax_class, rules.taxed(listed, tax_class, order.currency))


def class_of_service(order: Order, rules: TaxRules) -> str:
    """As the order's delivery is taxed, by its larger share; else as most of its goods are."""
    rows = TaxLine.objects.filter(order=order).order_by("-base", "pk")
    found = rows.filter(line=None, base__gt=0).first() or rows.filter(base__gt=0).first()
    return found.tax_class if found else rules.usual_class


def add(
    *, order: Order, priced: Sequence[Priced], rules: TaxRules, edit: OrderEdit | None
) -> list[OrderLine]:
    """Write the lines and let the order's sums grow. It must be locked.

    edit: the change that adds them; None while the order's own sale is not in the books.
    """
    last = order.lines.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    pictured = _pictured(priced)
    lines = OrderLine.objects.bulk_create(
        _line(order, first + place, one, edit, pictured) for place, one in enumerate(priced)
    )
    pairs = list(zip(lines, priced, strict=True))
    OrderLinePart.objects.bulk_create(part for line, one in pairs for part in _parts(line, one))
    TaxLine.objects.bulk_create(_tax_line(order, line, one, rules) for line, one in pairs)
    for one in priced:
        order.net += one.amount.net
        order.tax += one.amount.tax
        order.total += one.amount.gross
    order.save(update_fields=["net", "tax", "total"])
    return lines


def _pictured(priced: Sequence[Priced]) -> dict[int, Variant]:
    """The variants with what their pictures are chosen by."""
    images = Image.objects.exclude(file="").order_by("position", "pk")
    rows = Variant.objects.filter(
        pk__in=[one.added.variant.pk for one in priced if one.added.variant]
    )
    found = rows.select_related("product__type").prefetch_related(
        "values", Prefetch("product__images", queryset=images)
    )
    return {one.pk: one for one in found}


def _line(
    order: Order,
    position: int,
    one: Priced,
    edit: OrderEdit | None,
    pictured: dict[int, Variant],
) -> OrderLine:
    added = one.added
    variant = pictured[added.variant.pk] if added.variant else None
    image = picture_for(variant) if variant else None
    return OrderLine(
        order=order,
        edit=edit,
        position=position,
        variant=variant,
        sku=variant.sku if variant else "",
        title=added.name[:200],
        variant_label=variant.label if variant else "",
        image=picture_of(image).as_json() if image else None,
        is_shipped=variant.product.type.is_shipped if variant else False,
        quantity=added.quantity,
        # A service is done with when it is agreed.
        fulfilled=0 if variant else added.quantity,
        unit_price=added.unit_price,
        price_note=added.price_note[:120],
        unit_cost=variant.cost or ZERO if variant else ZERO,
        net=one.amount.net,
        tax=one.amount.tax,
        gross=one.amount.gross,
    )


def _parts(line: OrderLine, one: Priced) -> list[OrderLinePart]:
    if one.added.variant is None:
        return []
    rows = one.added.variant.parts.select_related("part__product").order_by("position", "pk")
    return [
        OrderLinePart(
            line=line,
            variant=row.part,
            sku=row.part.sku,
            title=", ".join(filter(None, (row.part.product.title, row.part.label)))[:255],
            quantity=row.quantity,
        )
        for row in rows
    ]


def _tax_line(order: Order, line: OrderLine, one: Priced, rules: TaxRules) -> TaxLine:
    rate = rules.charged(one.tax_class)
    return TaxLine(
        order=order,
        line=line,
        country=rules.country,
        region=rules.region,
        tax_class=one.tax_class,
        name=rate.name,
        rate=rate.rate,
        base=one.amount.net,
        amount=one.amount.tax,
        included=rules.included,
    )


def is_service(line: OrderLine) -> bool:
    """Whether nothing of it is ever sent or handed over: delivery, a fee."""
    return not line.sku
