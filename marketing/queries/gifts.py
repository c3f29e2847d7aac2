"""Gifts that promotions add: what they would cost, whether there are any, and what they are."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from catalog.models import BundlePart, Image, Market, Price, Variant
from catalog.queries import on_sale
from inventory.queries import Availability, availability
from marketing.models import Benefit
from marketing.queries.params import BadParams, Values, read_benefit
from marketing.queries.stored import Rule, Rules
from orders.services.pricing import Code, Facts, Item, Reason
from shop.lib import rulebook
from shop.lib.prepared import Prepared

GIFT = Benefit.Kind.GIFT
# Says what there is of gifts, by variant.
Look = Callable[[Mapping[int, Variant]], Mapping[int, Availability]]


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


def in_all(variants: Mapping[int, Variant]) -> Mapping[int, Availability]:
    """What there is for anybody."""
    return availability(variants)


def shelf(
    found: Iterable[Rules], *, market: Market, now: dt.datetime, look: Look = in_all
) -> Shelf:
    """What these promotions give away. One query and what it takes to look, none without gifts."""
    wanted = {
        rule.values["variant"]
        for one in found
        for rule in one.benefits
        if rule.kind == GIFT and rule.values is not None
    }
    if not wanted:
        return Shelf()
    rows = PRICES.rows(market=market.pk, variants=sorted(wanted))
    prices = {
        row.variant_id: row for row in rows if on_sale.is_offered(row.variant, market, now=now)
    }
    there = look({pk: price.variant for pk, price in prices.items()}) if prices else {}
    return Shelf(prices, {pk: there[pk].available for pk in prices})


def gift_variants(keys: Iterable[int]) -> dict[int, Variant]:
    """What the gift lines of a quote are, by the key of their item, with all an order copies."""
    wanted = _ids(keys)
    variants = _told_in_full().in_bulk(set(wanted.values())) if wanted else {}
    return {key: variants[pk] for key, pk in wanted.items() if pk in variants}


def gifts_among(keys: Iterable[int], variants: Mapping[int, Variant]) -> dict[int, Variant]:
    """The same of variants that were read already."""
    return {key: variants[pk] for key, pk in _ids(keys).items() if pk in variants}


def _ids(keys: Iterable[int]) -> dict[int, int]:
    """The variants of gifts, by the key of their item."""
    given = rulebook.kept("gifts", _given)
    return {key: given[-key] for key in keys if -key in given}


def _given() -> dict[int, int]:
    rows = Benefit.objects.filter(kind=GIFT).order_by("pk")
    found = {row.pk: _values(row.params) for row in rows}
    return {pk: values["variant"] for pk, values in found.items() if values is not None}


def _values(params: Any) -> Values | None:
    try:
        return read_benefit(GIFT, params)
    except BadParams:
        return None


def _prices(market: int, variants: list[int]) -> "QuerySet[Price]":
    rows = on_sale.prices().filter(market=market, variant__in=variants)
    return rows.select_related("variant__product__type__tax_class")


PRICES = Prepared(_prices)


def _told_in_full() -> "QuerySet[Variant]":
    """Variants as orders.queries.lines_in_cart reads them."""
    parts = BundlePart.objects.select_related("part__product").order_by("position", "pk")
    images = Image.objects.exclude(file="").order_by("position", "pk")
    return Variant.objects.select_related("product__type__tax_class").prefetch_related(
        "values",
        Prefetch("parts", queryset=parts),
        Prefetch("product__images", queryset=images),
    )
