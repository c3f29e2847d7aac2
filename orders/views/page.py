"""How lines and figures look on the shopper's pages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.queries.pictures import Picture, picture_of
from catalog.queries.quantities import Quantities
from inventory.queries import Availability
from orders.models import OrderLine
from orders.queries import LineInCart, picture_for
from orders.services.pricing import Quote
from shop.lib.money import ZERO

ANY = Quantities(1, 1, 99)


@dataclass(frozen=True, slots=True)
class Added:
    """Something a shopper added to a piece, and what it costs per unit."""

    name: str
    words: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Instead:
    """A piece that one click puts in the line's place."""

    title: str
    options_text: str
    url: str
    picture: Picture | None
    sku: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Help:
    """What can be done about a line that ran out."""

    swap_url: str
    alert_url: str
    pieces: tuple[Instead, ...]


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
    quantities: Quantities = ANY
    extras: tuple[Added, ...] = ()
    parts: tuple[str, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    update_url: str = ""
    help: Help | None = None


def cart_lines(lines: Iterable[LineInCart], stock: dict[int, Availability]) -> list[Line]:
    lines = list(lines)
    units = Counter[int]()
    for line in lines:
        units[line.line.variant_id] += line.line.quantity
    return [
        _cart_line(line, stock[line.line.variant_id], units[line.line.variant_id]) for line in lines
    ]


def _cart_line(line: LineInCart, stock: Availability, units: int) -> Line:
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
        quantities=Quantities.of(variant),
        extras=tuple(Added(one.name, one.words, one.amount) for one in line.extras),
        parts=tuple(
            part_text(one.quantity, one.part.product.title, one.part.label) for one in line.parts
        ),
        problem=line.problem or _problem(stock, units),
        notes=_notes(line),
        update_url=reverse("orders:cart_line_update", args=[row.pk]),
    )


def part_text(quantity: int, title: str, label: str = "") -> str:
    """ "2 × Foot-ring mug, Ash"."""
    return f"{quantity} × {title}" + (f", {label}" if label else "")


def _problem(stock: Availability, units: int) -> str:
    """What the stock has against so many units of a variant in one cart."""
    if stock.available >= units:
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
            extras=tuple(
                Added(one["name"], one["value"], Decimal(one["amount"])) for one in line.extras
            ),
            parts=tuple(part_text(one.quantity, one.title) for one in line.parts.all()),
            total=line.gross if tax_included else line.net,
        )
        for line in lines
    ]


def tax_text(quote: Quote) -> str:
    """ "Including VAT" or "VAT", with the rate when there is only one."""
    rates = {priced.rate.rate for priced in quote.items} | {
        share.rate.rate for share in quote.delivery_shares
    }
    rates.discard(ZERO)
    name = quote.items[0].rate.name if quote.items else "VAT"
    if len(rates) == 1:
        name = f"{name} {rates.pop().normalize():f}%"
    return _("Including %(tax)s") % {"tax": name} if quote.rules.included else name
