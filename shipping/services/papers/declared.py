"""What customs officers are told of a parcel, and what is missing to tell it.

The value of goods is what the buyer paid for them: after discounts, before tax.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.models.market import EU
from orders.models import OrderLine
from shipping.models import Fulfilment, FulfilmentLine, Method
from shipping.services.papers.addresses import sender_country
from shop.lib.money import ZERO, round_money, split

# Places in the customs territory of another country.
WITHIN = {"MC": "FR", "IM": "GB"}
FEWEST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Declared:
    """A row of a declaration: units of one SKU. grams and value: of all of them together."""

    sku: str
    words: str
    units: int
    grams: int
    value: Decimal
    hs_code: str
    origin: str

    def missing(self) -> str:
        """What is not known about it, in words; empty when all is."""
        found = [
            "" if sum(map(str.isdigit, self.hs_code)) >= FEWEST_DIGITS else _("customs code"),
            "" if self.origin else _("country of origin"),
            "" if self.grams else _("weight"),
            "" if self.value > 0 else _("value"),
        ]
        what = ", ".join(filter(None, found))
        words = _("%(sku)s cannot be declared to customs without: %(what)s.")
        return words % {"sku": self.sku, "what": what} if what else ""


def crosses_border(fulfilment: Fulfilment) -> bool:
    """Whether a parcel has to be declared: another customs territory, or a zone that says so."""
    order = fulfilment.order
    ends = [WITHIN.get(code, code) for code in (sender_country(fulfilment.location), order.country)]
    if ends[0] != ends[1] and not EU.issuperset(ends):
        return True
    return Method.objects.filter(code=order.shipping_method, zone__needs_customs=True).exists()


def missing_for_customs(fulfilment: Fulfilment) -> list[str]:
    """A sentence for each SKU that cannot be declared; none where no border is crossed."""
    if not crosses_border(fulfilment):
        return []
    return list(filter(None, (one.missing() for one in declared(fulfilment))))


def declared(fulfilment: Fulfilment) -> list[Declared]:
    """Everything in a parcel, SKU by SKU; a bundle by its parts unless it has a code of its own."""
    lines = fulfilment.lines.select_related("order_line__variant__product")
    rows = lines.prefetch_related("order_line__parts__variant__product")
    found: dict[tuple[str, str], Declared] = {}
    for row in rows.order_by("order_line__position", "pk"):
        for one in _rows(fulfilment, row):
            known = found.get((one.sku, one.words))
            found[one.sku, one.words] = _both(known, one) if known else one
    return list(found.values())


def _both(one: Declared, other: Declared) -> Declared:
    return replace(
        one,
        units=one.units + other.units,
        grams=one.grams + other.grams,
        value=one.value + other.value,
    )


def _rows(fulfilment: Fulfilment, row: FulfilmentLine) -> Iterator[Declared]:
    line = row.order_line
    value = _value(fulfilment, row)
    parts = list(line.parts.all())
    if not parts or (line.variant is not None and line.variant.hs_code):
        yield _declared(line.sku, line.title, line.variant, row.quantity, value)
        return
    units = [one.quantity * row.quantity for one in parts]
    worth = _weights((one.variant, each) for one, each in zip(parts, units, strict=True))
    values = split(value, worth, fulfilment.order.currency)
    for part, each, share in zip(parts, units, values, strict=True):
        yield _declared(part.sku, part.title, part.variant, each, share)


def _declared(
    sku: str, title: str, variant: Variant | None, units: int, value: Decimal
) -> Declared:
    return Declared(
        sku=sku,
        words=(variant.customs_words if variant else "") or title,
        units=units,
        grams=variant.grams * units if variant else 0,
        value=value,
        hs_code=variant.hs_code if variant else "",
        origin=variant.origin if variant else "",
    )


def _weights(pieces: Iterable[tuple[Variant | None, int]]) -> list[Decimal]:
    """By what the parts of a bundle cost us; by their units where that is not known of all."""
    rows = [(one.cost if one and one.cost else ZERO, units) for one, units in pieces]
    if all(cost for cost, _units in rows):
        return [cost * units for cost, units in rows]
    return [Decimal(units) for _cost, units in rows]


def _value(fulfilment: Fulfilment, row: FulfilmentLine) -> Decimal:
    """A parcel's share of what a line came to: the parcels of a line add up to it.

    What was given for nothing is worth what it cost.
    """
    order, line = fulfilment.order, row.order_line
    if not line.net:
        return round_money(line.unit_cost * row.quantity / order.exchange_rate, order.currency)
    before = _units_before(fulfilment, line)
    upto = [round_money(line.net * n / line.quantity, order.currency) for n in
            (before, before + row.quantity)]  # fmt: skip
    return upto[1] - upto[0]


def _units_before(fulfilment: Fulfilment, line: OrderLine) -> int:
    earlier = FulfilmentLine.objects.filter(
        order_line=line, fulfilment__position__lt=fulfilment.position
    ).exclude(fulfilment__status=Fulfilment.Status.CANCELED)
    return earlier.aggregate(units=Sum("quantity"))["units"] or 0
