"""Whether something may be bought in a market at this moment: the one rule for all who ask."""

import datetime as dt

from django.db.models import QuerySet, Value
from django.db.models.functions import Upper

from catalog.models import Market, Price, Variant
from catalog.queries.safety import may_be_sold
from shop.lib.prepared import Prepared


def is_offered(variant: Variant, market: Market, *, now: dt.datetime) -> bool:
    """Reads the product, its type and its safety parties; whether it has a price is not asked."""
    product = variant.product
    return variant.is_active and product.is_on_sale(now=now) and may_be_sold(product, market)


def prices() -> "QuerySet[Price]":
    """Prices with all that is_offered() reads."""
    return Price.objects.select_related(
        "variant__product__type",
        "variant__product__manufacturer",
        "variant__product__responsible",
    )


def priced(sku: str, market: int) -> "QuerySet[Price]":
    """The price of a SKU, in any case."""
    named = Variant.objects.annotate(any_case=Upper("sku")).filter(any_case=Upper(Value(sku)))
    return prices().filter(market=market, variant__in=named.values("pk")).order_by("pk")


PRICE = Prepared(priced)


def price_of(sku: str, market: Market, *, now: dt.datetime) -> Price | None:
    """The price of a SKU, in any case, that may be bought here; None when it may not."""
    price = PRICE.first(sku=sku, market=market.pk)
    return price if price and is_offered(price.variant, market, now=now) else None
