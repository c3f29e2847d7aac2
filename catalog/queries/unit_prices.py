"""The price per 100 g, 100 ml, metre … that lets shoppers compare packs (Directive 98/6/EC)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Variant
from shop.lib.money import round_money
from shop.templatetags.shop_text import money

Unit = Variant.Unit
# unit -> (how many of the reference's unit it is, units in the reference, the reference's unit)
REFERENCES: dict[str, tuple[Decimal, int, Unit]] = {
    Unit.GRAM: (Decimal(1), 100, Unit.GRAM),
    Unit.KILOGRAM: (Decimal(1000), 100, Unit.GRAM),
    Unit.MILLILITRE: (Decimal(1), 100, Unit.MILLILITRE),
    Unit.LITRE: (Decimal(1000), 100, Unit.MILLILITRE),
    Unit.CENTIMETRE: (Decimal("0.01"), 1, Unit.METRE),
    Unit.METRE: (Decimal(1), 1, Unit.METRE),
    Unit.SQUARE_METRE: (Decimal(1), 1, Unit.SQUARE_METRE),
    Unit.PIECE: (Decimal(1), 1, Unit.PIECE),
}


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """amount: for `reference` of `unit`, in the market's currency; content: what a pack holds."""

    amount: Decimal
    currency: str
    reference: int
    unit: str
    content: Decimal
    content_unit: str

    @property
    def text(self) -> str:
        price = money(self.amount, self.currency)
        unit = Unit(self.unit).label
        if self.reference == 1:
            return _("%(price)s per %(unit)s") % {"price": price, "unit": unit}
        told = {"price": price, "count": self.reference, "unit": unit}
        return _("%(price)s per %(count)s %(unit)s") % told


def unit_price(
    price: Decimal, *, content: Decimal | None, unit: str, currency: str
) -> UnitPrice | None:
    """The price of the reference amount; None without a content, or when it is the price itself."""
    if not content or unit not in REFERENCES:
        return None
    factor, reference, of = REFERENCES[unit]
    inside = content * factor
    if inside == reference:
        return None
    amount = round_money(price * reference / inside, currency)
    return UnitPrice(amount, currency, reference, of.value, content, unit)
