"""What Ctrl+K finds: orders, products and people by what staff have in hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from catalog.models import Product, Variant
from catalog.queries import variants
from orders.models import Order

PER_KIND = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the answer, as the search window wants it."""

    title: str
    description: str
    link: str
    icon: str


def find(request: HttpRequest, term: str) -> list[Found]:
    """The first few of each kind that this person may see."""
    return [
        *_scanned(request, term),
        *_look(request, term, Order, icon="receipt_long"),
        *_look(request, term, Product, icon="local_cafe"),
        *_look(request, term, Customer, icon="group"),
        *_look(request, term, User, icon="person"),
    ]


def _scanned(request: HttpRequest, term: str) -> Iterable[Found]:
    """The variant whose SKU or barcode this is, first of all: a scanner types it whole."""
    page = admin.site.get_model_admin(Variant)
    if not page.has_view_permission(request):
        return []
    return [
        Found(
            title=f"{one.sku} – {one.product}",
            description=", ".join(filter(None, (one.label, one.barcode))) or _("Variant"),
            link=_row_of(one),
            icon="barcode_scanner",
        )
        for one in variants.scanned(term)
    ]


def _row_of(variant: Variant) -> str:
    page = reverse("admin:catalog_product_change", args=[variant.product_id])
    return f"{page}?{urlencode({'variant': variant.sku})}#variants"


def _look(request: HttpRequest, term: str, model: type[Model], *, icon: str) -> Iterable[Found]:
    page = admin.site.get_model_admin(model)
    if not page.has_view_permission(request):
        return []
    rows, _may_repeat = page.get_search_results(request, page.get_queryset(request), term)
    name = page.opts.label_lower.replace(".", "_")
    return [
        Found(
            title=str(row),
            description=_describe(row, page.opts.verbose_name),
            link=reverse(f"admin:{name}_change", args=[row.pk]),
            icon=icon,
        )
        for row in rows[:PER_KIND]
    ]


def _describe(row: Model, kind: object) -> str:
    if isinstance(row, Order):
        return _("Order, %(name)s, %(email)s") % {"name": row.name, "email": row.email}
    return str(kind).capitalize()
