"""What the cart, the checkout and the order's page need to know."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.services.customers import customer_groups
from catalog.models import BundlePart, Image, Market, OptionValue, Variant
from catalog.queries import extras
from catalog.queries.current_prices import PriceNow, price_now, read_again, written_for
from catalog.queries.extras import BadExtras, Chosen, Offered, chosen
from catalog.queries.membership import Membership, belonging, read_with
from catalog.queries.on_sale import is_offered
from catalog.queries.price_lists import list_prices
from catalog.queries.price_lists import written_for as listed_for
from catalog.queries.quantities import Quantities
from catalog.queries.sales import Piece, Rule, rules_now
from orders.models import Cart, CartCode, CartLine, OrderLine
from shop.lib import rulebook
from shop.lib.prepared import Prepared, known
from shop.lib.told import ToldRows, as_json, from_json

NOWHERE = Membership()


@dataclass(frozen=True, slots=True)
class LineInCart:
    """A cart line beside what a unit costs today, extras included.

    price is None when it can't be had like this now. problem: why it can't be ordered, in words.
    price_note: why this price, when it is not the regular one.
    """

    line: CartLine
    price: Decimal | None
    extras: tuple[Chosen, ...] = ()
    problem: str = ""
    price_note: str = ""
    is_on_sale: bool = False
    belongs: Membership = NOWHERE
    # Whether its cart has codes.
    has_codes: bool = False

    @property
    def variant(self) -> Variant:
        return self.line.variant

    @property
    def tax_class(self) -> str:
        return self.variant.product.type.tax_class.code

    @property
    def parts(self) -> list[BundlePart]:
        """What the variant consists of; empty unless it is a bundle."""
        return list(self.variant.parts.all())

    @property
    def grams(self) -> int:
        """What a unit weighs: a bundle without a weight of its own as much as its parts."""
        return self.variant.grams or sum(one.part.grams * one.quantity for one in self.parts)


def priced_with(market: str) -> dict[str, Any]:
    """What prices depend on, to be read with rows that have a variant. market: the way to it."""
    return {
        "told_price": Subquery(written_for(OuterRef("variant"), OuterRef(market))),
        "told_lists": ToldRows(listed_for(OuterRef("variant"))),
        "path": F("variant__product__category__path"),
        **read_with("variant__product"),
        "told_extras": extras.read_with("variant__product", market),
        "rules_at": rulebook.VersionNow(),
    }


def _lines(cart: int) -> "QuerySet[CartLine]":
    """All that a basket's prices, pictures and parcels depend on, in one query."""
    answers = Variant.values.through.objects.filter(variant=OuterRef("variant")).order_by("pk")
    images = Image.objects.filter(product=OuterRef("variant__product")).exclude(file="")
    return (
        CartLine.objects.filter(cart=cart)
        .select_related(
            "variant__product__type__tax_class",
            "variant__product__manufacturer",
            "variant__product__responsible",
        )
        .annotate(
            told_values=ToldRows(answers.values_list(as_json(OptionValue, "optionvalue__"))),
            told_images=ToldRows(images.order_by("position", "pk").values_list(as_json(Image))),
            **priced_with("cart__market"),
            has_parts=Exists(BundlePart.objects.filter(bundle=OuterRef("variant"))),
            has_codes=Exists(CartCode.objects.filter(cart=OuterRef("cart"))),
        )
        .order_by("added_at", "pk")
    )


LINES = Prepared(_lines)
PARTS = Prepared(
    lambda variants: (
        BundlePart.objects.filter(bundle__in=variants)
        .select_related("part__product")
        .order_by("position", "pk")
    )
)
CODES = Prepared(lambda cart: CartCode.objects.filter(cart=cart).order_by("added_at", "pk"))


@rulebook.one_moment()
def lines_in_cart(cart: Cart, *, now: dt.datetime) -> list[LineInCart]:
    """The lines in the order they were added, with product, pictures, extras and today's price.

    One query, and one more for bundles.
    """
    rows: list[Any] = LINES.rows(cart=cart.pk)
    parts = defaultdict(list)
    for part in _asked(PARTS, variants=[one.variant_id for one in rows if one.has_parts]):
        parts[part.bundle_id].append(part)
    if rows:
        rulebook.told(rows[0].rules_at)
    units = Counter[int]()
    for row in rows:
        row.cart = cart
        units[row.variant_id] += row.quantity
        known(
            row.variant,
            values=from_json(OptionValue, row.told_values),
            parts=parts[row.variant_id],
        )
        known(row.variant.product, images=from_json(Image, row.told_images))
    prices = _prices(cart, rows, units, now)
    return [
        _line(
            _priced(row, prices, now),
            extras.told(row.told_extras),
            units[row.variant_id],
        )
        for row in rows
    ]


def _asked(query: Prepared, **ids: list[int]) -> list[Any]:
    return query.rows(**ids) if all(ids.values()) else []


def codes_in(cart: Cart, lines: Sequence[LineInCart]) -> list[CartCode]:
    """The codes in a cart whose lines were read, as they were entered. No query without any."""
    if lines and not lines[0].has_codes:
        return []
    return CODES.rows(cart=cart.pk)


def _line(found: LineInCart, offered: list[Offered], units: int) -> LineInCart:
    """The line with its extras priced in. units: of its variant in the whole cart."""
    if found.line.agreed_price is not None:
        agreed = found.line.agreed_price
        found = replace(found, price=agreed, price_note=_("Agreed price"), is_on_sale=False)
    if found.price is None:
        gone = _("This is not for sale any more. Please remove it.")
        return replace(found, problem=gone)
    try:
        picked = chosen(answers=found.line.answers, offered=offered)
    except BadExtras as refusal:
        again = _("%(problem)s Please remove it and add it again.")
        return replace(found, price=None, problem=again % {"problem": refusal.message})
    rule = Quantities.of(found.variant)
    return replace(
        found,
        price=found.price + sum(one.amount for one in picked),
        extras=tuple(picked),
        problem=rule.rule_for(found.line.quantity)
        or (rule.rule_for(units) if units > rule.most else ""),
    )


def _prices(
    cart: Cart, rows: Sequence[Any], units: Mapping[int, int], now: dt.datetime
) -> dict[int, PriceNow]:
    """What a unit costs this buyer who takes so many: sales first, then price lists."""
    rules = rules_now(now=now, at=rows[0].rules_at) if rows else []
    prices = {row.variant_id: price_of(row, cart.market, rules) for row in rows if row.told_price}
    listed = list_prices(
        market=cart.market,
        groups=customer_groups(cart.customer),
        units=units,
        base={variant_id: price.amount for variant_id, price in prices.items()},
        now=now,
        # Gift cards are money and stand on no list.
        written={
            row.variant_id: row.told_lists
            for row in rows
            if not row.variant.product.type.is_gift_card
        },
    )
    return {
        variant_id: price._replace(amount=listed[variant_id][0], note=listed[variant_id][1])
        if listed[variant_id][0] < price.amount
        else price
        for variant_id, price in prices.items()
    }


def price_of(row: Any, market: Market, rules: Sequence[Rule]) -> PriceNow:
    """What a unit costs everybody, of a row read with priced_with()."""
    amount, entries, is_reduced = read_again(row.told_price)
    piece = Piece(
        market=market,
        amount=amount,
        product=row.variant.product_id,
        path=row.path or "",
        collections=row.collections,
        entries=entries,
    )
    return price_now(piece, rules, is_reduced=is_reduced)


def _priced(row: Any, prices: Mapping[int, PriceNow], now: dt.datetime) -> LineInCart:
    price = prices.get(row.variant_id)
    belongs = belonging(row.path, row.collections, row.choices)
    found = LineInCart(row, None, belongs=belongs, has_codes=row.has_codes)
    if price is None or not is_offered(row.variant, row.cart.market, now=now):
        return found
    return replace(found, price=price.amount, price_note=price.note, is_on_sale=price.is_on_sale)


def holders_of(line: OrderLine) -> dict[UUID, tuple[int | None, int]]:
    """Who holds stock for a line: {holder: (variant id, units for one of the line)}.

    The line itself, or each of its parts. No id: the variant is deleted by now.
    """
    parts = {one.holder: (one.variant_id, one.quantity) for one in line.parts.all()}
    return parts or {line.holder: (line.variant_id, 1)}


def needs_parcel(cart: Cart) -> bool:
    """Whether anything in the cart has to be sent; an empty cart might yet.

    First thing at a checkout: it brings the version of the rules along.
    """
    ((found, version),) = SHIPPED.rows(cart=cart.pk)
    rulebook.told(version)
    return any(found) or not found


def _shipped(cart: int) -> "QuerySet[Cart, Any]":
    lines = CartLine.objects.filter(cart=OuterRef("pk")).order_by()
    shipped = ArraySubquery(lines.values_list("variant__product__type__is_shipped"))
    return Cart.objects.filter(pk=cart).values_list(shipped, rulebook.VersionNow())


SHIPPED = Prepared(_shipped)


def picture_for(variant: Variant) -> Image | None:
    """The picture that shows this variant, else the product's first."""
    images: list[Image] = list(variant.product.images.all())
    shown = {value.pk for value in variant.values.all()}
    return next(
        (image for image in images if image.value_id in shown), images[0] if images else None
    )
