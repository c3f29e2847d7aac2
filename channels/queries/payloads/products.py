"""What is told of a product with its variants and prices."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from catalog.models import Price, Product, Variant
from catalog.queries.seo import absolute
from shop.lib.money import round_money


def subject_of(product_id: int) -> str:
    return f"product-{product_id}"


def found(product_ids: Iterable[int]) -> "QuerySet[Product]":
    """Products with all that `data` reads, in a few queries for all of them."""
    prices = Price.objects.select_related("market").order_by("market_id")
    variants = Variant.objects.order_by("position", "pk").prefetch_related(
        Prefetch("prices", prices)
    )
    rows = Product.objects.filter(pk__in=list(product_ids)).select_related("type", "category")
    return rows.prefetch_related(Prefetch("variants", variants), "images").order_by("pk")


def data(product: Product) -> dict[str, Any]:
    return {
        "id": product.pk,
        "slug": product.slug,
        "title": product.title,
        "subtitle": product.subtitle,
        "brand": product.brand,
        "description": product.description,
        "type": product.type.code,
        "category": product.category.url_path if product.category else None,
        "tags": product.tags,
        "status": product.status,
        "published_at": product.published_at and product.published_at.isoformat(),
        "unpublished_at": product.unpublished_at and product.unpublished_at.isoformat(),
        "url": absolute(product.get_absolute_url()),
        "images": [
            {"url": absolute(one.file.url), "alt": one.alt}
            for one in sorted(product.images.all(), key=lambda one: (one.position, one.pk))
            if one.file
        ],
        "variants": [_variant(one) for one in product.variants.all()],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "id": variant.pk,
        "sku": variant.sku,
        "barcode": variant.barcode,
        "label": variant.label,
        "is_active": variant.is_active,
        "grams": variant.grams,
        "prices": [_price(one) for one in variant.prices.all()],
    }


def _price(price: Price) -> dict[str, Any]:
    """amount: the regular price; current: what is paid today, in a sale perhaps."""
    currency = price.market.currency
    return {
        "market": price.market.code,
        "currency": currency,
        "amount": str(round_money(price.amount, currency)),
        "current": str(round_money(price.current, currency)),
    }
