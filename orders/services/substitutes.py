"""What can be bought instead of a line that ran out while it lay in the basket.

Only baskets need this. An order's units are set aside when it is placed, all of them or none, and
nothing that is set aside can be counted away or sold again (`stock_never_oversold`): no line of an
order, paid or not, is ever without its goods.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from catalog.models import Card, Image, Market, Price, Variant
from catalog.models.card import CardQuerySet
from catalog.queries.quantities import Quantities
from inventory.queries import availability
from orders.models import Cart, CartLine
from orders.services import carts
from shop.lib.errors import Refused

MOST = 3
# Lines that are helped at once; a basket has rarely more than one that ran out.
MOST_LINES = 5
# How many cards of a shelf are compared with the one that is gone.
POOL = 60


class CannotSwap(Refused):
    """Raised when the other piece has sold out as well."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """A variant in stock. price: in the market's currency."""

    variant: Variant
    price: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line that ran out, with what it was about."""

    line: CartLine
    card: Card | None
    like: Sequence[int]


def offers(
    *, lines: Iterable[CartLine], market: Market, taken: Iterable[int] = ()
) -> dict[int, list[Substitute]]:
    """Up to three substitutes by line id: other variants first, then what is most alike.

    taken: variants not to offer, such as those in the basket already. A fixed number of queries.
    Lines with extras are left out: what was to be engraved on one piece may not fit another.
    """
    gone = [line for line in lines if not line.answers][:MOST_LINES]
    if not gone:
        return {}
    wanted = _wanted(gone, market)
    products = {pk for one in wanted for pk in (one.line.variant.product_id, *one.like)}
    there = _in_stock(products, market, exclude={line.variant_id for line in gone} | set(taken))
    return {one.line.pk: _best(one, there) for one in wanted}


def _wanted(lines: list[CartLine], market: Market) -> list[Wanted]:
    cards = Card.objects.in_market(market)
    products = [line.variant.product_id for line in lines]
    # The heavy columns are for search alone.
    own = {
        card.product_id: card
        for card in cards.filter(product__in=products).only(
            "product_id", "categories", "facets", "price_from"
        )
    }
    shelves = {shelf for card in own.values() if (shelf := _shelf(card))}
    near = {shelf: _pool(cards, shelf, products) for shelf in shelves}
    found = []
    for line in lines:
        card = own.get(line.variant.product_id)
        pool = near.get(_shelf(card), []) if card else []
        found.append(Wanted(line, card, _alike(card, pool) if card else ()))
    return found


def _shelf(card: Card) -> str:
    """The narrowest category a card is in."""
    return max(card.categories, key=len, default="")


def _pool(cards: CardQuerySet, shelf: str, besides: Iterable[int]) -> list[Card]:
    rows = cards.under(shelf).filter(in_stock=True).exclude(product__in=list(besides))
    popular = rows.order_by("-in_stock", "-popularity", "pk")
    return list(popular.only("product_id", "facets", "price_from")[:POOL])


def _alike(card: Card, pool: Iterable[Card]) -> list[int]:
    """Product ids: most shared facets first, then the nearest price, then the more popular."""

    def distance(other: Card) -> tuple[int, Decimal]:
        shared = len(set(card.facets) & set(other.facets))
        return -shared, abs(other.price_from - card.price_from)

    return [other.product_id for other in sorted(pool, key=distance)[:MOST]]


def _in_stock(
    products: Iterable[int], market: Market, *, exclude: Iterable[int]
) -> Mapping[int, list[Substitute]]:
    """What is there of these products, by product."""
    images = Image.objects.exclude(file="").order_by("position", "pk")
    rows = list(
        Price.objects.filter(market=market, variant__product__in=products)
        .filter(variant__is_active=True, variant__product__cards__market=market)
        .exclude(variant__in=list(exclude))
        .select_related("variant__product")
        .prefetch_related("variant__values", Prefetch("variant__product__images", queryset=images))
        .order_by("variant__position", "variant_id")
    )
    stock = availability(row.variant_id for row in rows)
    found: dict[int, list[Substitute]] = {}
    for row in rows:
        if stock[row.variant_id].available:
            one = Substitute(row.variant, row.current)
            found.setdefault(row.variant.product_id, []).append(one)
    return found


def _best(wanted: Wanted, there: Mapping[int, list[Substitute]]) -> list[Substitute]:
    line = wanted.line
    values = {value.pk for value in line.variant.values.all()}

    def unlike(one: Substitute) -> tuple[int, Decimal]:
        shared = len(values & {value.pk for value in one.variant.values.all()})
        return -shared, abs(one.price - line.price_seen)

    same = sorted(there.get(line.variant.product_id, []), key=unlike)
    others = [
        min(there[pk], key=lambda one: abs(one.price - line.price_seen))
        for pk in wanted.like
        if pk in there
    ]
    return [*same, *others][:MOST]


@transaction.atomic
def swap(*, cart: Cart, line_id: int, sku: str, now: dt.datetime) -> carts.Changed:
    """Put another piece in a line's place, as many as can be had of those that were wanted.

    Raises CartLine.DoesNotExist for strangers' lines, NotForSale or CannotSwap.
    """
    line = CartLine.objects.select_for_update(of=("self",)).get(pk=line_id, cart=cart)
    other = Variant.objects.filter(sku__iexact=sku).first()
    if other is None:
        raise carts.NotForSale(_("This piece is not for sale any more."))
    left = availability([other.pk])[other.pk].available
    rule = Quantities.within(other.min_quantity, other.quantity_step, min(left, other.max_quantity))
    if not rule.is_possible:
        raise CannotSwap(_("This has sold out in the meantime, too."))
    quantity = rule.fitting(line.quantity)
    carts.change(cart=cart, line_id=line.pk, quantity=0, now=now)
    changed = carts.add(
        token=cart.token, market=cart.market, sku=other.sku, quantity=quantity, now=now
    )
    if changed.line is not None and changed.line.added_at == now:
        # The same place in the list.
        changed.line.added_at = line.added_at
        changed.line.save(update_fields=["added_at"])
    if changed.note or quantity >= line.quantity:
        return changed
    note = _("There are %(count)s of these, so that is what we put in.") % {"count": quantity}
    return carts.Changed(changed.cart, changed.line, note)
