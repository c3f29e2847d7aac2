"""A variant's own page: what few variants have, so that the grid of all of them stays calm."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin.bundles import BundlePartInline
from catalog.admin.digital import DigitalFileInline
from catalog.models import Variant
from inventory.models import LicenceKey
from shop.admin.base import OnPages, ShopAdmin
from shop.processes import browsing


@admin.register(Variant)
class VariantAdmin(OnPages, ShopAdmin):
    """Reached from its product: parts of a bundle, files, keys, and papers for the customs."""

    fields = ("of", "sku", "label", ("origin", "hs_code"), "uses_keys", "keys")
    readonly_fields = ("of", "sku", "label", "keys")
    inlines = (BundlePartInline, DigitalFileInline)
    search_fields = ("sku",)
    ordering = ("sku",)

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @admin.display(description=lazy("variant of"))
    def of(self, variant: Variant) -> SafeString:
        link = '<a class="text-primary-600" href="{}">{}</a>'
        return format_html(link, address_of(variant), variant.product)

    @admin.display(description=lazy("keys"))
    def keys(self, variant: Variant) -> SafeString:
        """How many are left, and where more are put in."""
        pool = LicenceKey.objects.filter(variant=variant)
        told = {
            "left": pool.filter(holder=None).count(),
            "taken": pool.exclude(holder=None).count(),
        }
        add = reverse("admin:inventory_licencekey_add")
        return format_html(
            '{} · <a class="text-primary-600" href="{}?{}">{}</a>',
            _("%(left)s left, %(taken)s taken") % told,
            add,
            urlencode({"variant": variant.pk}),
            _("Put in keys"),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        rows: QuerySet[Variant] = super().get_queryset(request).select_related("product__type")
        return rows

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Variant],
        search_term: str,
    ) -> tuple[QuerySet[Variant], bool]:
        for word in search_term.split():
            named = Q(sku__icontains=word) | Q(product__title__icontains=word)
            queryset = queryset.filter(named | Q(barcode=word) | Q(label__icontains=word))
        return queryset, False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002
        """Variants have no list of their own: products have."""
        return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        product_id = form.instance.product_id
        browsing.cards_are_stale(product_ids=[product_id], now=timezone.now())

    def response_change(self, request: HttpRequest, obj: Variant) -> HttpResponse:
        if {"_continue", "_popup"} & request.POST.keys():
            return super().response_change(request, obj)
        return HttpResponseRedirect(address_of(obj))


def address_of(variant: Variant) -> str:
    """The variant's row on the page of its product."""
    page = reverse("admin:catalog_product_change", args=[variant.product_id])
    return f"{page}?{urlencode({'variant': variant.sku})}#variants"
