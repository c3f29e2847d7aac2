"""Products with their variants and prices, to be read."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from pydantic import Field

from catalog.models import OptionValue, Price, Product, Variant
from shop.api.operations import reads
from shop.api.pages import Cursor, Limit, Page, cut
from shop.api.terms import Id, Moment, Sku

router = Router(tags=["Products"])
SCOPE = "products:read"
# Spelled out: whoever writes against the API reads it here, and another enum is called Status, too.
Status = Literal["idea", "sourcing", "draft", "active", "phase_out", "archived"]


class PriceShape(Schema):
    """What a variant costs in a market."""

    market: str = Field(description="Code of the market.")
    currency: str
    amount: Decimal = Field(description="The regular price, as the market enters prices.")
    was: Decimal | None = Field(description="The price that is shown struck through.")
    current: Decimal = Field(description="What a shopper pays today, sales included.")


class OptionShape(Schema):
    name: str
    value: str


class VariantShape(Schema):
    """What can be put in a basket."""

    id: int
    sku: str
    barcode: str
    part_number: str
    label: str = Field(description="The chosen options in one line.")
    options: list[OptionShape]
    grams: int = Field(description="Weight of one unit.")
    origin: str = Field(description="Country of origin, ISO 3166.")
    customs_code: str
    is_for_sale: bool
    prices: list[PriceShape]


class ProductShape(Schema):
    """A product as the catalogue has it."""

    id: int
    title: str
    slug: str
    subtitle: str
    type: str = Field(description="Code of the product type.")
    category: str | None = Field(description="Path of the category.")
    brand: str
    description: str = Field(description="HTML.")
    tags: list[str]
    status: Status
    published_at: dt.datetime | None
    unpublished_at: dt.datetime | None
    created_at: dt.datetime
    changed_at: dt.datetime
    variants: list[VariantShape]


class ProductPage(Page):
    data: list[ProductShape]


@reads(router, "/products", scope=SCOPE, answer=ProductPage)
def list_products(
    request: HttpRequest,  # noqa: ARG001
    status: Annotated[Status | None, Query(description="Only in this state.")] = None,
    sku: Annotated[Sku | None, Query(description="Only the one with this SKU.")] = None,
    changed_since: Annotated[Moment | None, Query(description="Only changed since.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """All products, the oldest first."""
    rows = _products()
    if status is not None:
        rows = rows.filter(status=status)
    if sku is not None:
        rows = rows.filter(pk__in=Variant.objects.filter(sku__iexact=sku).values("product"))
    if changed_since is not None:
        rows = rows.filter(updated_at__gte=changed_since)
    page = cut(rows, cursor=cursor, limit=limit)
    return {**page, "data": [_shape(product) for product in page["data"]]}


@reads(router, "/products/{int:product_id}", scope=SCOPE, answer=ProductShape)
def read_product(request: HttpRequest, product_id: Annotated[Id, Path()]) -> ProductShape:  # noqa: ARG001
    """One product."""
    return _shape(get_object_or_404(_products(), pk=product_id))


def _products() -> Any:
    values = OptionValue.objects.select_related("option").order_by("option__position", "pk")
    prices = Price.objects.select_related("market").order_by("market__position", "market")
    variants = Variant.objects.order_by("position", "pk").prefetch_related(
        Prefetch("values", queryset=values), Prefetch("prices", queryset=prices)
    )
    return Product.objects.select_related("type", "category").prefetch_related(
        Prefetch("variants", queryset=variants)
    )


def _shape(product: Product) -> ProductShape:
    same = ("title", "slug", "subtitle", "brand", "description", "tags", "status")
    dates = ("published_at", "unpublished_at", "created_at")
    return ProductShape(
        id=product.pk,
        type=product.type.code,
        category=product.category.url_path if product.category else None,
        changed_at=product.updated_at,
        variants=[_variant(variant) for variant in product.variants.all()],
        **{name: getattr(product, name) for name in (*same, *dates)},
    )


def _variant(variant: Variant) -> VariantShape:
    return VariantShape(
        id=variant.pk,
        sku=variant.sku,
        barcode=variant.barcode,
        part_number=variant.mpn,
        label=variant.label,
        options=[
            OptionShape(name=value.option.name, value=value.name) for value in variant.values.all()
        ],
        grams=variant.grams,
        origin=variant.origin,
        customs_code=variant.hs_code,
        is_for_sale=variant.is_active,
        prices=[_price(price) for price in variant.prices.all()],
    )


def _price(price: Price) -> PriceShape:
    return PriceShape(
        market=price.market.code,
        currency=price.market.currency,
        amount=price.amount,
        was=price.compare_at,
        current=price.current,
    )
