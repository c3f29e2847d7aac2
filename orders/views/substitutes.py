"""What the basket offers in place of a line that ran out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.urls import reverse

from catalog.models import Market
from catalog.queries.pictures import picture_of
from inventory.queries import Availability
from orders.queries import LineInCart, picture_for
from orders.services import substitutes
from orders.services.substitutes import Substitute
from orders.views.page import Help, Instead, Line
from orders.views.takes import with_takes
from orders.views.wishlist_page import alert_url


def with_help(
    lines: list[Line],
    rows: Iterable[LineInCart],
    stock: Mapping[int, Availability],
    market: Market,
) -> list[Line]:
    """The lines of a basket, those that ran out with a way on. No query while none did.

    Those of which there is less than was wanted may be lowered with one click.
    """
    known = list(rows)
    lines = with_takes(lines, known, stock)
    gone = {row.line.pk: row for row in known if _is_gone(row, stock)}
    if not gone:
        return lines
    found = substitutes.offers(
        lines=[row.line for row in gone.values()],
        market=market,
        taken=[row.line.variant_id for row in known],
    )
    return [
        replace(line, help=_help(gone[line.id], found.get(line.id, [])))
        if line.id in gone
        else line
        for line in lines
    ]


def _is_gone(row: LineInCart, stock: Mapping[int, Availability]) -> bool:
    return row.price is None or not stock[row.line.variant_id].sellable


def _help(row: LineInCart, found: Sequence[Substitute]) -> Help | None:
    can_return = row.price is not None
    if not found and not can_return:
        return None
    return Help(
        swap_url=reverse("orders:cart_line_swap", args=[row.line.pk]),
        alert_url=alert_url(row.variant.sku, is_sold_out=True) if can_return else "",
        pieces=tuple(instead(one) for one in found),
    )


def instead(one: Substitute) -> Instead:
    """A piece as it is offered."""
    variant, image = one.variant, picture_for(one.variant)
    return Instead(
        title=variant.product.title,
        options_text=variant.label,
        url=f"{variant.product.get_absolute_url()}?v={variant.sku}",
        picture=picture_of(image) if image else None,
        sku=variant.sku,
        price=one.price,
    )
