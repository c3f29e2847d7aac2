"""Products: found by what is on the shelf label, edited with variants and pictures in one form."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from catalog.admin.pictures import thumbnail
from catalog.admin.product_list import GapFilter, ProductList
from catalog.admin.product_page import ProductPage
from catalog.admin.product_state import TONES
from catalog.models import Image, Product, Variant
from shop.admin.base import badge, is_list
from shop.templatetags.shop_text import money


class PictureFilter(admin.SimpleListFilter):
    title = lazy("pictures")
    parameter_name = "pictures"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [("failed", lazy("Failed")), ("none", lazy("None"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:  # noqa: ARG002
        match self.value():
            case "failed":
                failed = Image.objects.filter(status=Image.Status.FAILED)
                return queryset.filter(pk__in=failed.values("product"))
            case "none":
                return queryset.exclude(pk__in=Image.objects.exclude(file="").values("product"))
        return queryset


@admin.register(Product)
class ProductAdmin(ProductList, ProductPage):
    list_display = (
        *("picture", "title", "state", "category", "price", "in_stock", "complete", "updated_at"),
    )
    list_display_links = ("title",)
    list_select_related = ("category",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("category", RelatedDropdownFilter),
        ("type", RelatedDropdownFilter),
        GapFilter,
        PictureFilter,
    )
    search_fields = ("title",)
    search_help_text = lazy("Title, SKU or barcode")
    ordering = ("-updated_at", "-id")

    @admin.display(description="")
    def picture(self, product: Product) -> SafeString | str:
        return thumbnail(next(iter(product.images.all()), None))

    @badge(lazy("status"), TONES, ordering="status")
    def state(self, product: Product) -> tuple[str, str]:
        return product.status, product.get_status_display()

    @admin.display(description=lazy("price"))
    def price(self, product: Product) -> str:
        prices = [price for variant in product.variants.all() for price in variant.prices.all()]
        if not prices:
            return "–"
        first = min(price.market.position for price in prices)
        amounts = sorted({price.amount for price in prices if price.market.position == first})
        currency = next(p.market.currency for p in prices if p.market.position == first)
        return " – ".join(
            money(amount, currency) for amount in amounts[:: max(1, len(amounts) - 1)]
        )

    @admin.display(description=lazy("available"))
    def in_stock(self, product: Product) -> int:
        return sum(
            item.available
            for variant in product.variants.all()
            for item in variant.stock_items.all()
        )

    # Finding

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows = super().get_queryset(request)
        return rows.prefetch_related(*FOR_LIST) if is_list(request) else rows

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Product],
        search_term: str,
    ) -> tuple[QuerySet[Product], bool]:
        for word in search_term.split():
            coded = Variant.objects.filter(Q(sku__istartswith=word) | Q(barcode=word))
            queryset = queryset.filter(Q(title__icontains=word) | Q(pk__in=coded.values("product")))
        return queryset, False


FOR_LIST = (
    Prefetch("images", Image.objects.exclude(file="").order_by("position", "pk")),
    "variants__prices__market",
    "variants__stock_items",
)
