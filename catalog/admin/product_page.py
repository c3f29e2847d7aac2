"""A product's page: what is asked at first sight, what waits behind tabs, and what saving does."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.models import User
from catalog.admin import product_state, safety, snippet
from catalog.admin.attributes import PREFIX as ANSWER
from catalog.admin.extras import ExtraInline
from catalog.admin.option import OptionInline
from catalog.admin.pictures import PictureInline
from catalog.admin.product_form import ProductForm, product_form
from catalog.admin.uploads import keep_all, kept_words, owe_copies
from catalog.admin.variants import VariantFormSet, VariantInline
from catalog.models import Image, Product
from catalog.services import duplicates, news, options
from inventory.models import StockMovement
from inventory.services import stock
from inventory.services.stock import StockRefused, Why
from shop.admin.base import OnPages, ShopAdmin
from shop.lib.errors import Refused
from shop.processes import browsing, stocktaking

MOVE = "_move"
FIRST = ("title", "slug", "subtitle", ("type", "category"), ("brand", "tags"))
DATES = ("published_at", "unpublished_at")
TEXT = ("description", "specs", "care")
SEARCH = ("snippet", "meta_title", "meta_description")


class ProductPage(OnPages, ShopAdmin):
    """The form side of a product's admin."""

    form = ProductForm
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("goes_with", "manufacturer", "responsible")
    readonly_fields = ("snippet",)
    inlines = (VariantInline, OptionInline, PictureInline, ExtraInline)
    change_form_outer_before_template = "admin/catalog/product/_head.html"

    class Media:
        css = {"all": ("css/admin_product.css",)}
        js = tuple(
            Script(f"js/{name}.js", type="module")
            for name in ("variant_grid", "seo_preview", "show_variant")
        )

    # What is asked

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 — as Django calls it
        **kwargs: Any,
    ) -> Any:
        return super().get_form(request, obj, change, **{**kwargs, "form": product_form(obj)})

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        names = list(product_form(obj).base_fields)
        may_edit = obj is None or self.has_change_permission(request, obj)
        answers = tuple(name for name in names if name.startswith(ANSWER)) if may_edit else ()
        warnings = [name for name in names if name.startswith(safety.PREFIX)] if may_edit else []
        tabs = [
            (lazy("Text"), TEXT),
            (lazy("Details"), answers),
            (lazy("Safety"), (*safety.FIELDS, *warnings)),
            (lazy("Search engines"), SEARCH),
            (lazy("Goes with"), ("goes_with", "popularity")),
        ]
        shown = [(name, {"classes": ["tab"], "fields": fields}) for name, fields in tabs if fields]
        dates = [(lazy("On sale"), {"fields": DATES})]
        return [(None, {"fields": FIRST}), *dates, *shown]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Only where there is a page; the others have their preview."""
        if obj is None or not obj.is_on_sale(now=timezone.now()):
            return None
        return super().get_view_on_site_url(obj)

    @admin.display(description=lazy("As a search engine may show it"))
    def snippet(self, product: Product) -> str:
        return render_to_string(
            "admin/catalog/product/_snippet.html", {"snippet": snippet.snippet_of(product)}
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and obj.pk:
            context["state"] = product_state.state_of(
                Product.objects.get(pk=obj.pk),
                now=timezone.now(),
                can_change=self.has_change_permission(request, obj),
                can_add=self.has_add_permission(request),
            )
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        if isinstance(formset, VariantFormSet):
            formset.free_labels()
        formset.save()
        if isinstance(formset, VariantFormSet):
            _count_again(request, formset)
        elif formset.model is Image:
            _owe_copies(formset)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        product, now = form.instance, timezone.now()
        options.relabel(product=product)
        form.save_answers()
        _keep_pictures(request, product, form.cleaned_data.get("new_pictures") or [])
        if step := request.POST.get(MOVE):
            _move(request, product, step)
        browsing.cards_are_stale(product_ids=[product.pk], now=now)

    def delete_model(self, request: HttpRequest, obj: Product) -> None:
        pk = obj.pk
        super().delete_model(request, obj)
        news.deleted(product_ids=[pk], now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        news.deleted(product_ids=ids, now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Product, *args: Any, **kwargs: Any) -> Any:
        if MOVE in request.POST:
            return HttpResponseRedirect(_page_of(obj.pk))
        return super().response_add(request, obj, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Product) -> HttpResponse:
        if MOVE in request.POST:
            return HttpResponseRedirect(_page_of(obj.pk))
        return super().response_change(request, obj)

    # Further pages

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/combinations/", view(self.missing_view), name="catalog_product_missing"),
            path(
                "<int:pk>/duplicate/", view(self.duplicate_view), name="catalog_product_duplicate"
            ),
            *super().get_urls(),
        ]

    def missing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Variants for every combination of values."""
        product = get_object_or_404(Product, pk=pk)
        if not self.has_change_permission(request, product):
            raise PermissionDenied
        back = f"{_page_of(pk)}#variants"
        if request.method == "POST":
            _make_missing(request, product)
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

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a draft after this product and go there."""
        product = get_object_or_404(Product, pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(_page_of(pk))
        twin = duplicates.duplicate(product=product)
        self.log_addition(request, twin, _("Duplicated from %(title)s.") % {"title": product})
        text = _("This is the copy: a draft with SKUs of its own and no stock.")
        messages.success(request, text)
        return HttpResponseRedirect(_page_of(twin.pk))


def _page_of(pk: int) -> str:
    return reverse("admin:catalog_product_change", args=[pk])


def _move(request: HttpRequest, product: Product, step: str) -> None:
    try:
        product_state.move(product=product, step=step, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, _("Saved. %(why)s") % {"why": refusal.message})
    else:
        state = Product.Status(product.status).label
        messages.success(request, _("Saved, and now: %(state)s.") % {"state": state})


def _make_missing(request: HttpRequest, product: Product) -> None:
    try:
        made = options.make_missing(product=product)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return
    browsing.cards_are_stale(product_ids=[product.pk], now=timezone.now())
    told = ngettext("%(count)s variant made.", "%(count)s variants made.", len(made))
    messages.success(request, told % {"count": len(made)})


def _keep_pictures(request: HttpRequest, product: Product, files: Sequence[Any]) -> None:
    if not files:
        return
    kept, refused = keep_all(product=product, files=list(files), now=timezone.now())
    if kept:
        messages.success(request, kept_words(len(kept)))
    for words in refused:
        messages.error(request, words)


def _count_again(request: HttpRequest, formset: VariantFormSet) -> None:
    """Bring stock to the counts that were typed, and leave the others alone."""
    why = Why(
        kind=StockMovement.Kind.ADJUSTMENT,
        now=timezone.now(),
        reason=_("edited on the product page"),
        actor=request.user if isinstance(request.user, User) else None,
    )
    typed = [
        (form, form.cleaned_data["on_hand"])
        for form in formset.forms
        if "on_hand" in form.changed_data
        and form.cleaned_data.get("on_hand") is not None
        and form.instance.pk is not None
    ]
    # All of them are locked before the first one changes, as dispatch and checkout do.
    stock.hold(variant_ids=[form.instance.pk for form, _counted in typed])
    for form, counted in typed:
        try:
            stocktaking.correct(variant_id=form.instance.pk, on_hand=counted, why=why)
        except StockRefused as refusal:
            messages.error(request, f"{form.instance.sku}: {refusal.message}")


def _owe_copies(formset: Any) -> None:
    """Owe the smaller copies of every picture that has just come."""
    for form in formset.forms:
        if form.instance.pk and form.cleaned_data.get("upload"):
            owe_copies(form.instance, timezone.now())
