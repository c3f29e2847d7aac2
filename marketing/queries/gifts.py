"""Gifts that promotions add: what they would cost, whether there are any, and what they are."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from catalog.models import BundlePart, Image, Market, Price, Variant
from catalog.queries import on_sale
from inventory.queries import availability
from marketing.models import Benefit
from marketing.queries.params import read_benefit
from marketing.queries.stored import Rule, Rules
from orders.services.pricing import Code, Facts, Item, Reason

GIFT = Benefit.Kind.GIFT


@dataclass(frozen=True, slots=True)
class Shelf:
    """What may be given in a market: prices by variant, and what is left."""

    prices: Mapping[int, Price] = field(default_factory=dict)
    left: Mapping[int, int] = field(default_factory=dict)

    def item(self, gift: Rule) -> Item | Reason:
        """The line of a gift, keyed below zero by its benefit; or why there is none."""
        values = gift.values or {}
        quantity = values.get("quantity") or 1
        price = self.prices.get(values.get("variant", 0))
        if price is None:
            return Reason(Code.SOLD_OUT)
        product = price.variant.product
        if self.left.get(price.variant_id, 0) < quantity:
            return Reason(Code.SOLD_OUT, {"name": product.title})
        return Item(
            key=-gift.id,
            quantity=quantity,
            unit_price=price.current,
            tax_class=product.type.tax_class.code,
            facts=Facts(product=product.pk),
        )


def shelf(found: Iterable[Rules], *, market: Market, now: dt.datetime) -> Shelf:
    """What these promotions give away. Two queries, none without gifts."""
    wanted = {
        rule.values["variant"]
        for one in found
        for rule in one.benefits
        if rule.kind == GIFT and rule.values is not None
    }
    if not wanted:
        return Shelf()
    rows = on_sale.prices().filter(market=market, variant__in=wanted)
    prices = {
        row.variant_id: row
        for row in rows.select_related("variant__product__type__tax_class")
        if on_sale.is_offered(row.variant, market, now=now)
    }
    left = {pk: one.available for pk, one in availability(prices).items()}
    return Shelf(prices, left)


def gift_variants(keys: Iterable[int]) -> dict[int, Variant]:
    """What the gift lines of a quote are, by the key of their item, with all an order copies."""
    ids = [-key for key in keys if key < 0]
    if not ids:
        return {}
    rows = Benefit.objects.filter(pk__in=ids, kind=GIFT)
    wanted = {-row.pk: read_benefit(GIFT, row.params)["variant"] for row in rows}
    variants = _told_in_full().in_bulk(set(wanted.values()))
    return {key: variants[pk] for key, pk in wanted.items() if pk in variants}


def _told_in_full() -> "QuerySet[Variant]":
    """Variants as orders.queries.lines_in_cart reads them."""
    parts = BundlePart.objects.select_related("part__product").order_by("position", "pk")
    images = Image.objects.exclude(file="").order_by("position", "pk")
    return Variant.objects.select_related("product__type__tax_class").prefetch_related(
        "values",
        Prefetch("parts", queryset=parts),
        Prefetch("product__images", queryset=images),
    )
