"""What one click takes of a basket's line of which there is less than was wanted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.queries.quantities import Quantities
from inventory.queries import Availability
from orders.queries import LineInCart
from orders.views.page import Line, Take
from shop.templatetags.shop_text import monthday


def with_takes(
    lines: list[Line], rows: Iterable[LineInCart], stock: Mapping[int, Availability]
) -> list[Line]:
    """The lines of a basket, those with too many units with what can be had. No query."""
    known = {row.line.pk: row for row in rows}
    units = Counter[int]()
    for one in known.values():
        units[one.line.variant_id] += one.line.quantity
    return [
        replace(line, takes=_takes(row, stock[row.line.variant_id], units[row.line.variant_id]))
        if (row := known.get(line.id)) and row.price is not None
        else line
        for line in lines
    ]


def _takes(row: LineInCart, stock: Availability, units: int) -> tuple[Take, ...]:
    """All that can be promised; and only what is there, where the rest is worth no wait."""
    wanted = row.line.quantity
    # What the same piece in other lines of the basket has already.
    beside = units - wanted
    here = _fitting(row.variant, stock.available - beside)
    ever = _fitting(row.variant, stock.sellable - beside)
    found = []
    if here < ever < wanted:
        found.append(Take(ever, _with_wait(ever, ever - here, stock)))
    if 0 < here < wanted and not stock.is_preorder:
        found.append(Take(here, _("Only the %(count)s that are here now") % {"count": here}))
    return tuple(found)


def _with_wait(units: int, later: int, stock: Availability) -> str:
    words = {"units": units, "later": later, "day": monthday(stock.later_on)}
    if stock.later_on is None:
        return _("Take %(units)s and wait for %(later)s of them") % words
    return _("Take %(units)s and wait for %(later)s of them until %(day)s") % words


def _fitting(variant: Variant, left: int) -> int:
    """As many as are sold at a time, none above what is left."""
    rule = Quantities.within(
        variant.min_quantity, variant.quantity_step, min(left, variant.max_quantity)
    )
    return rule.fitting(left) if left > 0 and rule.is_possible else 0
