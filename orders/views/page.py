"""How lines and figures look on the shopper's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.queries.pictures import Picture, picture_of
from inventory.queries import Availability
from orders.models import OrderLine
from orders.queries import LineInCart, picture_for
from orders.services.pricing import Quote
from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a basket, a summary or an order."""

    id: int
    title: str
    options_text: str
    url: str
    picture: Picture | None
    sku: str
    unit_price: Decimal
    quantity: int
    total: Decimal
    max_quantity: int = 99
    problem: str = ""
    notes: tuple[str, ...] = ()
    update_url: str = ""


def cart_lines(lines: Iterable[LineInCart], stock: dict[int, Availability]) -> list[Line]:
    return [_cart_line(line, stock[line.line.variant_id]) for line in lines]


def _cart_line(line: LineInCart, stock: Availability) -> Line:
    variant, row = line.variant, line.line
    image = picture_for(variant)
    return Line(
        id=row.pk,
        title=variant.product.title,
        options_text=variant.label,
        url=f"{variant.product.get_absolute_url()}?v={variant.sku}",
        picture=picture_of(image) if image else None,
        sku=variant.sku,
        unit_price=line.price or ZERO,
        quantity=row.quantity,
        total=(line.price or ZERO) * row.quantity,
        max_quantity=variant.max_quantity,
        problem=_problem(line, stock),
        notes=_notes(line),
        update_url=reverse("orders:cart_line_update", args=[row.pk]),
    )


def _problem(line: LineInCart, stock: Availability) -> str:
    """What keeps this line from being ordered."""
    if line.price is None:
        return _("This is not for sale any more. Please remove it.")
    if not line.variant.product.type.is_shipped or stock.available >= line.line.quantity:
        return ""
    if stock.available == 0:
        return _("Sold out since you added it. Please remove it.")
    return _("Only %(count)s left. Please lower the quantity.") % {"count": stock.available}


def _notes(line: LineInCart) -> tuple[str, ...]:
    if line.price is None or line.price == line.line.price_seen:
        return ()
    if line.price < line.line.price_seen:
        return (_("The price has gone down since you added it."),)
    return (_("The price has gone up since you added it."),)


def order_lines(lines: Iterable[OrderLine], *, tax_included: bool) -> list[Line]:
    return [
        Line(
            id=line.pk,
            title=line.title,
            options_text=line.variant_label,
            url="",
            picture=Picture.from_json(line.image) if line.image else None,
            sku=line.sku,
            unit_price=line.unit_price,
            quantity=line.quantity,
            total=line.gross if tax_included else line.net,
        )
        for line in lines
    ]


def tax_text(quote: Quote) -> str:
    """ "Including VAT" or "VAT", with the rate when there is only one."""
    rates = {priced.rate.rate for priced in quote.items} | {quote.delivery_rate.rate}
    rates.discard(ZERO)
    name = quote.items[0].rate.name if quote.items else "VAT"
    if len(rates) == 1:
        name = f"{name} {rates.pop().normalize():f}%"
    return _("Including %(tax)s") % {"tax": name} if quote.rules.included else name
