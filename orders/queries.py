"""What the cart, the checkout and the order's page need to know."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from catalog.models import Image, Market, Price, Variant
from orders.models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class LineInCart:
    """A cart line beside what it costs today. price is None when it is not sold here now."""

    line: CartLine
    price: Decimal | None

    @property
    def variant(self) -> Variant:
        return self.line.variant

    @property
    def tax_class(self) -> str:
        return self.variant.product.type.tax_class.code


def lines_in_cart(cart: Cart, *, now: dt.datetime) -> list[LineInCart]:
    """The lines in the order they were added, with product, pictures and today's price."""
    lines = list(
        CartLine.objects.filter(cart=cart)
        .select_related("variant__product__type__tax_class")
        .prefetch_related(
            "variant__values",
            Prefetch(
                "variant__product__images",
                queryset=Image.objects.exclude(file="").order_by("position", "pk"),
            ),
        )
        .order_by("added_at", "pk")
    )
    prices = prices_of(cart.market, [line.variant_id for line in lines])
    return [LineInCart(line, _price(line, prices, now)) for line in lines]


def _price(line: CartLine, prices: dict[int, Decimal], now: dt.datetime) -> Decimal | None:
    variant = line.variant
    if not variant.is_active or not variant.product.is_on_sale(now=now):
        return None
    return prices.get(variant.pk)


def prices_of(market: Market, variant_ids: Iterable[int]) -> dict[int, Decimal]:
    rows = Price.objects.filter(market=market, variant_id__in=list(variant_ids))
    return dict(rows.values_list("variant_id", "amount"))


def picture_for(variant: Variant) -> Image | None:
    """The picture that shows this variant, else the product's first."""
    images: list[Image] = list(variant.product.images.all())
    chosen = {value.pk for value in variant.values.all()}
    return next(
        (image for image in images if image.value_id in chosen), images[0] if images else None
    )
