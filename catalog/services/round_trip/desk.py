"""The pieces that are being worked on, fetched together and shared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog.models import Product, Variant
from catalog.services.round_trip.pieces import Goods, Piece


@dataclass
class Desk:
    """Pieces of one product share it, so that a later row sees what an earlier one did."""

    goods: dict[int, Goods] = field(default_factory=dict)
    pieces: dict[int, Piece] = field(default_factory=dict)

    def fetch(
        self,
        *,
        variant_ids: Iterable[int] = (),
        product_ids: Iterable[int] = (),
        on_hand: Mapping[int, int] | None = None,
    ) -> None:
        """Put pieces on the desk, in as many queries for a thousand as for one."""
        rows = Variant.objects.filter(pk__in=list(variant_ids))
        variants = list(rows.prefetch_related("prices", "values__option"))
        self._fetch_goods({*product_ids, *(variant.product_id for variant in variants)})
        for variant in variants:
            goods = self.goods[variant.product_id]
            variant.product = goods.product
            self.pieces[variant.pk] = _piece(variant, goods, (on_hand or {}).get(variant.pk))

    def _fetch_goods(self, product_ids: set[int]) -> None:
        missing = product_ids - self.goods.keys()
        for product in Product.objects.filter(pk__in=missing).prefetch_related("answers"):
            answers = {answer.attribute_id: answer for answer in product.answers.all()}
            self.goods[product.pk] = Goods(product, answers)

    def of_variant(self, variant_id: int) -> Piece | None:
        if variant_id not in self.pieces:
            self.fetch(variant_ids=[variant_id])
        return self.pieces.get(variant_id)

    def of_product(self, product_id: int) -> Piece | None:
        """The product alone, for what is said of all its variants."""
        if product_id not in self.goods:
            self.fetch(product_ids=[product_id])
        goods = self.goods.get(product_id)
        return Piece(goods) if goods else None

    def forget(self, product_id: int) -> None:
        """Fetch a product anew when it is asked for again: a row of it failed halfway."""
        self.goods.pop(product_id, None)
        for variant_id, piece in list(self.pieces.items()):
            if piece.product.pk == product_id:
                del self.pieces[variant_id]


def _piece(variant: Variant, goods: Goods, on_hand: int | None) -> Piece:
    values = sorted(
        variant.values.all(), key=lambda value: (value.option.position, value.option_id)
    )
    return Piece(
        goods=goods,
        variant=variant,
        prices={price.market_id: price for price in variant.prices.all()},
        on_hand=on_hand,
        choices=[(value.option.name, value.name) for value in values],
    )
