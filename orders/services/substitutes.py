"""What can be had instead of a piece that ran out: in the basket, or of an order.

An order's units are set aside when it is placed, but what is set aside may still turn out not to be
there: counted, broken, past its date. Such a line is short, and its buyer is asked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from catalog.models import Card, Image, Market, Price, Variant
from catalog.models.card import CardQuerySet
from inventory.queries import availability
from orders.models import CartLine, OrderLine
from orders.services import replacing

MOST = 3
# Lines that are helped at once; a basket has rarely more than one that ran out.
MOST_LINES = 5
# How many cards of a shelf are compared with the one that is gone.
POOL = 60
# An order's piece may be replaced, at the price that was paid, by one that costs so much more.
DEARER = Decimal("1.15")


@dataclass(frozen=True, slots=True)
class Substitute:
    """A variant in stock. price: in the market's currency; available: units there are."""

    variant: Variant
    price: Decimal
    available: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """A piece that ran out: the line it is missed in, and what it cost there."""

    id: int
    variant: Variant
    price: Decimal


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece that ran out, with what it was about."""

    gone: Gone
    card: Card | None
    like: Sequence[int]


def offers(
    *, lines: Iterable[CartLine], market: Market, taken: Iterable[int] = ()
) -> dict[int, list[Substitute]]:
    """Up to three substitutes by line id: other variants first, then what is most alike.

    taken: variants not to offer, such as those in the basket already. A fixed number of queries.
    Lines with extras are left out: what was to be engraved on one piece may not fit another.
    """
    plain = [line for line in lines if not line.answers][:MOST_LINES]
    gone = [Gone(line.pk, line.variant, line.price_seen) for line in plain]
    return _offers(gone, market, taken=taken)


def alternatives(*, line: OrderLine, market: Market) -> list[Substitute]:
    """Up to three substitutes for all that is left of an order's line, for its buyer to choose.

    They cost at most DEARER more than what was paid, and are taxed alike. None for a line with
    extras, for a bundle, and for one of which a part has left.
    """
    if line.extras or not replacing.can_be_replaced(line) or line.variant is None:
        return []
    paid, tax_classes = replacing.paid_per_unit(line), replacing.tax_classes(line)

    def fits(one: Substitute) -> bool:
        return (
            one.available >= line.unfulfilled
            and one.price <= paid * DEARER
            and one.variant.product.type.tax_class.code in tax_classes
            and replacing.is_single(one.variant)
        )

    return _offers([Gone(line.pk, line.variant, paid)], market, fits=fits)[line.pk]


def _offers(
    gone: Sequence[Gone],
    market: Market,
    *,
    taken: Iterable[int] = (),
    fits: Callable[[Substitute], bool] = bool,
) -> dict[int, list[Substitute]]:
    if not gone:
        return {}
    wanted = _wanted(gone, market)
    products = {pk for one in wanted for pk in (one.gone.variant.product_id, *one.like)}
    known = _in_stock(products, market, exclude={one.variant.pk for one in gone} | set(taken))
    there = {
        product: fitting
        for product, found in known.items()
        if (fitting := [one for one in found if fits(one)])
    }
    return {one.gone.id: _best(one, there) for one in wanted}


def _wanted(gone: Sequence[Gone], market: Market) -> list[Wanted]:
    cards = Card.objects.in_market(market)
    products = [one.variant.product_id for one in gone]
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
    for one in gone:
        card = own.get(one.variant.product_id)
        pool = near.get(_shelf(card), []) if card else []
        found.append(Wanted(one, card, _alike(card, pool) if card else ()))
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
        .select_related("variant__product__type__tax_class")
        .prefetch_related("variant__values", Prefetch("variant__product__images", queryset=images))
        .order_by("variant__position", "variant_id")
    )
    stock = availability(row.variant_id for row in rows)
    found: dict[int, list[Substitute]] = {}
    for row in rows:
        if units := stock[row.variant_id].available:
            one = Substitute(row.variant, row.current, units)
            found.setdefault(row.variant.product_id, []).append(one)
    return found


def _best(wanted: Wanted, there: Mapping[int, list[Substitute]]) -> list[Substitute]:
    gone = wanted.gone
    values = {value.pk for value in gone.variant.values.all()}

    def unlike(one: Substitute) -> tuple[int, Decimal]:
        shared = len(values & {value.pk for value in one.variant.values.all()})
        return -shared, abs(one.price - gone.price)

    same = sorted(there.get(gone.variant.product_id, []), key=unlike)
    others = [
        min(there[pk], key=lambda one: abs(one.price - gone.price))
        for pk in wanted.like
        if pk in there
    ]
    return [*same, *others][:MOST]
