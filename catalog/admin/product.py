"""Products: found by what is on the shelf label, edited with variants and pictures in one form."""

import datetime as dt
from pathlib import PurePosixPath
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from accounts.models import User
from catalog.admin.option import OptionInline
from catalog.admin.pictures import PictureInline, thumbnail
from catalog.admin.product_form import ProductForm
from catalog.admin.variants import VariantFormSet, VariantInline
from catalog.models import Image, Product, ProductType, Variant
from catalog.services import options
from inventory.models import StockMovement
from inventory.services import stock
from inventory.services.stock import StockRefused, Why
from shop.admin.base import OnPages, ShopAdmin, badge, button, is_list
from shop.lib.errors import Refused
from shop.outbox import delivery
from shop.outbox.models import post
from shop.processes import browsing
from shop.templatetags.shop_text import money

TONES = {
    Product.Status.ACTIVE: "success",
    Product.Status.PHASE_OUT: "info",
    Product.Status.DRAFT: "warning",
    Product.Status.ARCHIVED: "default",
}


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
class ProductAdmin(OnPages, ShopAdmin):
    form = ProductForm
    list_display = ("picture", "title", "state", "category", "price", "in_stock", "updated_at")
    list_display_links = ("title",)
    list_select_related = ("category",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("category", RelatedDropdownFilter),
        ("type", RelatedDropdownFilter),
        PictureFilter,
    )
    search_fields = ("title",)
    search_help_text = lazy("Title, SKU or barcode")
    ordering = ("-updated_at", "-id")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("goes_with",)
    fieldsets = (
        (None, {"fields": ("title", "slug", "subtitle", ("type", "category"), "brand")}),
        (lazy("On sale"), {"fields": ("status", "published_at")}),
        (lazy("Text"), {"classes": ["tab"], "fields": ("description", "specs", "care", "tags")}),
        (lazy("Goes with"), {"classes": ["tab"], "fields": ("goes_with", "popularity")}),
        (
            lazy("Search engines"),
            {"classes": ["tab"], "fields": ("meta_title", "meta_description")},
        ),
    )
    inlines = (VariantInline, OptionInline, PictureInline)
    actions_detail = ("missing_variants",)

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

    # Saving

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        if isinstance(formset, VariantFormSet):
            formset.free_labels()
        formset.save()
        if isinstance(formset, VariantFormSet):
            _count_again(request, formset)
        elif formset.model is Image:
            _owe_copies(formset, timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        options.relabel(product=form.instance)
        browsing.cards_are_stale(product_ids=[form.instance.pk], now=timezone.now())

    # Variants for every combination

    @button(lazy("Make missing variants"), "library_add")
    def missing_variants(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("admin:catalog_product_missing", args=[object_id]))

    def get_urls(self) -> list[URLPattern]:
        missing = self.admin_site.admin_view(self.missing_view)
        return [
            path("<int:pk>/combinations/", missing, name="catalog_product_missing"),
            *super().get_urls(),
        ]

    def missing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = get_object_or_404(Product, pk=pk)
        if not self.has_change_permission(request, product):
            raise PermissionDenied
        back = reverse("admin:catalog_product_change", args=[pk])
        if request.method == "POST":
            self._make_missing(request, product)
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make missing variants"),
            "opts": self.opts,
            "original": product,
            "combinations": [options.label_of(one) for one in options.missing(product=product)],
            "back": back,
        }
        return TemplateResponse(request, "admin/catalog/product/missing.html", context)

    def _make_missing(self, request: HttpRequest, product: Product) -> None:
        try:
            made = options.make_missing(product=product)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return
        browsing.cards_are_stale(product_ids=[product.pk], now=timezone.now())
        told = ngettext("%(count)s variant made.", "%(count)s variants made.", len(made))
        messages.success(request, told % {"count": len(made)})


FOR_LIST = (
    Prefetch("images", Image.objects.exclude(file="").order_by("position", "pk")),
    "variants__prices__market",
    "variants__stock_items",
)


def _count_again(request: HttpRequest, formset: VariantFormSet) -> None:
    """Bring stock to the counts that were typed, and leave the others alone."""
    why = Why(
        kind=StockMovement.Kind.ADJUSTMENT,
        now=timezone.now(),
        reason=_("edited on the product page"),
        actor=request.user if isinstance(request.user, User) else None,
    )
    for form in formset.forms:
        counted = form.cleaned_data.get("on_hand")
        if "on_hand" not in form.changed_data or counted is None or form.instance.pk is None:
            continue
        try:
            stock.set_on_hand(variant_id=form.instance.pk, on_hand=counted, why=why)
        except StockRefused as refusal:
            messages.error(request, f"{form.instance.sku}: {refusal.message}")


def _owe_copies(formset: Any, now: dt.datetime) -> None:
    """Owe the smaller copies of every picture that has just come."""
    for form in formset.forms:
        image = form.instance
        if image.pk and form.cleaned_data.get("upload"):
            key = f"image-{image.pk}-render-{PurePosixPath(image.file.name).stem}"
            post(topic="images.render", key=key, payload={"image_id": image.pk}, now=now)
    delivery.ring()


@admin.register(ProductType)
class ProductTypeAdmin(OnPages, ShopAdmin):
    list_display = ("name", "code", "tax_class", "is_shipped")
    list_select_related = ("tax_class",)
    ordering = ("name", "id")
    prepopulated_fields = {"code": ("name",)}
