"""Variants on the product's page: a grid that is edited in place."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin.variant_form import LIMITS, PLAIN, variant_form
from catalog.models import BundlePart, DigitalFile, Variant
from inventory.models import LicenceKey, StockItem
from shop.admin.base import LabelledFormSet, ShopInline


class VariantFormSet(LabelledFormSet):
    """Rows that are unlike each other."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if _is_kept(form)]
        skus = Counter(form.cleaned_data["sku"].upper() for form in kept)
        labels = Counter(form.instance.label for form in kept)
        for form in kept:
            if skus[form.cleaned_data["sku"].upper()] > 1:
                form.add_error("sku", _("Another row has this SKU."))
            if labels[form.instance.label] > 1:
                form.add_error(None, _("Another row stands for the same values."))

    def free_labels(self) -> None:
        """Give up the labels that are about to change, so that two variants can swap theirs."""
        ids = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        for variant_id in ids:
            Variant.objects.filter(pk=variant_id).update(label=f"#{variant_id}")


def _is_kept(form: Any) -> bool:
    cleaned = getattr(form, "cleaned_data", {})
    return bool(cleaned.get("sku")) and not cleaned.get("DELETE") and not form.errors


class VariantInline(ShopInline):
    model = Variant
    formset = VariantFormSet
    tab = True
    hide_title = True
    ordering_field = "position"
    template_before = "admin/catalog/product/_variants.html"
    readonly_fields = ("more",)
    verbose_name_plural = lazy("variants")
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Variant]:
        rows = super().get_queryset(request)
        counted: models.QuerySet[Variant] = rows.annotate(
            part_count=_count(BundlePart, "bundle"),
            file_count=_count(DigitalFile, "variant"),
            key_count=_count(LicenceKey.objects.filter(holder=None), "variant"),
        ).prefetch_related("values", "prices__market", "stock_items")
        return counted

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, form=variant_form(obj), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.has_change_permission(request, obj):
            return ("sku", "label", "barcode", "prices", "grams", "on_hand", "is_active", "more")
        form = variant_form(obj)
        asked = [
            name for name in form.base_fields if name.startswith(("option_", "price_", "was_"))
        ]
        options, prices, reductions = (
            [name for name in asked if name.startswith(start)]
            for start in ("option_", "price_", "was_")
        )
        first = ("sku", *options, *prices, "on_hand", *PLAIN[1:3])
        return (*first, *reductions, *PLAIN[3:], *LIMITS, "more")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.readonly_fields
        return ("prices", "on_hand", "more")

    @admin.display(description="")
    def more(self, variant: Variant) -> SafeString | str:
        """What hangs on the variant, and the way to its own page."""
        if not variant.pk:
            return ""
        counts = (
            (_("%(count)s parts"), variant.part_count),  # type: ignore[attr-defined]
            (_("%(count)s files"), variant.file_count),  # type: ignore[attr-defined]
            (_("%(count)s keys left"), variant.key_count),  # type: ignore[attr-defined]
        )
        words = [words % {"count": count} for words, count in counts if count]
        return format_html(
            '<a class="more" href="{}" aria-label="{}">{}</a>',
            reverse("admin:catalog_variant_change", args=[variant.pk]),
            _("Parts, files and keys of %(sku)s") % {"sku": variant.sku},
            ", ".join(words) or _("More"),
        )

    def prices(self, variant: Variant) -> str:
        return ", ".join(
            f"{price.amount:.2f} {price.market.currency}" for price in variant.prices.all()
        )

    def on_hand(self, variant: Variant) -> int:
        items: list[StockItem] = list(variant.stock_items.all())
        return sum(item.on_hand for item in items)


def _count(rows: Any, name: str) -> Coalesce:
    """How many of these rows hang on the variant, by the name of their key to it."""
    found = getattr(rows, "objects", rows).filter(**{name: models.OuterRef("pk")})
    counted = found.values(name).annotate(count=models.Count("pk")).values("count")
    return Coalesce(models.Subquery(counted), 0)
