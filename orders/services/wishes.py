"""From a wish list into the basket, with a word on each piece."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Market
from inventory.queries import availability
from orders.models import Cart, WishlistLine
from orders.services import carts
from shop.lib.errors import Refused


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    text: str
    is_moved: bool


@dataclass(slots=True)
class Moved:
    """The basket, if anything went in, and what became of each wish."""

    cart: Cart | None = None
    reports: list[Report] = field(default_factory=list)


def to_basket(
    *, lines: Iterable[WishlistLine], cart_token: str, market: Market, now: dt.datetime
) -> Moved:
    """Move wishes into the basket; what can't be bought stays on its list.

    The lines come with variant, product and type.
    """
    wanted = list(lines)
    stock = availability(line.variant_id for line in wanted)
    moved = Moved()
    token = cart_token
    for line in wanted:
        title = _title(line)
        if not stock[line.variant_id].sellable:
            moved.reports.append(
                Report(title, _("Sold out: it stays on the list."), is_moved=False)
            )
            continue
        try:
            changed = _take(line, token, market, now)
        except Refused as error:
            moved.reports.append(Report(title, error.message, is_moved=False))
            continue
        moved.cart, token = changed.cart, changed.cart.token
        text = changed.note or _("In your basket.")
        moved.reports.append(Report(title, text, is_moved=True))
    return moved


@transaction.atomic
def _take(line: WishlistLine, token: str, market: Market, now: dt.datetime) -> carts.Changed:
    changed = carts.add(
        token=token,
        market=market,
        sku=line.variant.sku,
        quantity=line.variant.min_quantity,
        now=now,
    )
    line.delete()
    return changed


def _title(line: WishlistLine) -> str:
    label = line.variant.label
    return f"{line.variant.product.title}, {label}" if label else line.variant.product.title
