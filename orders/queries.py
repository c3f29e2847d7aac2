"""What the cart, the checkout and the order's page need to know."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.services.customers import customer_groups
from catalog.models import BundlePart, Image, Variant
from catalog.queries.current_prices import PriceNow, prices_now
from catalog.queries.extras import BadExtras, Chosen, Offered, chosen, extras_of
from catalog.queries.on_sale import is_offered
from catalog.queries.price_lists import list_prices
from catalog.queries.quantities import Quantities
from orders.models import Cart, CartLine, OrderLine
from shop.lib.prepared import Prepared, known


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


def told_in_full(variants: Sequence[Variant]) -> None:
    """Read options, parts and pictures of variants, as if they had been prefetched. Three queries."""
    ids = sorted({variant.pk for variant in variants})
    if not ids:
        return
    values, parts = defaultdict(list), defaultdict(list)
    images: dict[int, list[Image]] = defaultdict(list)
    for row in VALUES.rows(variants=ids):
        values[row.variant_id].append(row.optionvalue)
    for part in PARTS.rows(variants=ids):
        parts[part.bundle_id].append(part)
    for image in IMAGES.rows(products=sorted({variant.product_id for variant in variants})):
        images[image.product_id].append(image)
    for variant in variants:
        known(variant, values=values[variant.pk], parts=parts[variant.pk])
        known(variant.product, images=images[variant.product_id])


LINES = Prepared(
    lambda cart: (
        CartLine.objects.filter(cart=cart)
        .select_related(
            "variant__product__type__tax_class",
            "variant__product__manufacturer",
            "variant__product__responsible",
        )
        .order_by("added_at", "pk")
    )
)
VALUES = Prepared(
    lambda variants: (
        Variant.values.through.objects.filter(variant__in=variants)
        .select_related("optionvalue")
        .order_by("pk")
    )
)
PARTS = Prepared(
    lambda variants: (
        BundlePart.objects.filter(bundle__in=variants)
        .select_related("part__product")
        .order_by("position", "pk")
    )
)
IMAGES = Prepared(
    lambda products: (
        Image.objects.filter(product__in=products).exclude(file="").order_by("position", "pk")
    )
)


def lines_in_cart(cart: Cart, *, now: dt.datetime) -> list[LineInCart]:
    """The lines in the order they were added, with product, pictures, extras and today's price."""
    lines = LINES.rows(cart=cart.pk)
    for line in lines:
        line.cart = cart
    told_in_full([line.variant for line in lines])
    offered = extras_of({line.variant.product_id for line in lines}, cart.market)
    units = Counter[int]()
    for line in lines:
        units[line.variant_id] += line.quantity
    prices = _prices(cart, units, now)
    return [
        _line(
            _priced(line, prices, now),
            offered.get(line.variant.product_id, []),
            units[line.variant_id],
        )
        for line in lines
    ]


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


def _prices(cart: Cart, units: Mapping[int, int], now: dt.datetime) -> dict[int, PriceNow]:
    """What a unit costs this buyer who takes so many: sales first, then price lists."""
    prices = prices_now(cart.market, units, now)
    listed = list_prices(
        market=cart.market,
        groups=customer_groups(cart.customer),
        units=units,
        base={variant_id: price.amount for variant_id, price in prices.items()},
        now=now,
    )
    return {
        variant_id: price._replace(amount=listed[variant_id][0], note=listed[variant_id][1])
        if listed[variant_id][0] < price.amount
        else price
        for variant_id, price in prices.items()
    }


def _priced(line: CartLine, prices: Mapping[int, PriceNow], now: dt.datetime) -> LineInCart:
    price = prices.get(line.variant_id)
    if price is None or not is_offered(line.variant, line.cart.market, now=now):
        return LineInCart(line, None)
    return LineInCart(line, price.amount, price_note=price.note, is_on_sale=price.is_on_sale)


def holders_of(line: OrderLine) -> dict[UUID, tuple[int | None, int]]:
    """Who holds stock for a line: {holder: (variant id, units for one of the line)}.

    The line itself, or each of its parts. No id: the variant is deleted by now.
    """
    parts = {one.holder: (one.variant_id, one.quantity) for one in line.parts.all()}
    return parts or {line.holder: (line.variant_id, 1)}


def needs_parcel(cart: Cart) -> bool:
    """Whether anything in the cart has to be sent; an empty cart might yet."""
    found = SHIPPED.rows(cart=cart.pk)
    return any(found) or not found


SHIPPED = Prepared(
    lambda cart: CartLine.objects.filter(cart=cart).values_list(
        "variant__product__type__is_shipped", flat=True
    )
)


def picture_for(variant: Variant) -> Image | None:
    """The picture that shows this variant, else the product's first."""
    images: list[Image] = list(variant.product.images.all())
    shown = {value.pk for value in variant.values.all()}
    return next(
        (image for image in images if image.value_id in shown), images[0] if images else None
    )
