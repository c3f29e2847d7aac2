"""Segments: rules as fields, how many customers follow them now, and who they are."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.admin.rule_offers import Offers, offers
from marketing.admin.rules import offers_for
from marketing.admin.segment_parts import PARTS, words
from marketing.models import Segment
from marketing.queries import segments
from marketing.services import segments as services
from marketing.services.segments import BadRules
from shop.admin.base import ShopAdmin
from shop.admin.discretion import SEE_PEOPLE
from shop.audit import reading

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Segment]
else:
    ModelForm = forms.ModelForm

PER_PAGE = 50


class SegmentForm(ModelForm):
    """Made by segment_form(), which adds what may be asked."""

    class Meta:
        model = Segment
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = _kept(self.instance.rules)
        for part in PARTS:
            self.initial |= part.read(kept)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rules = [
            {"field": field, "value": value}
            for part in PARTS
            for field, value in part.write(cleaned).items()
        ]
        if not self.errors:
            self._check(rules)
        self.instance.rules = rules
        return cleaned

    def _check(self, rules: list[dict[str, Any]]) -> None:
        try:
            services.check(rules)
        except BadRules as refusal:
            for problem in refusal.problems or [refusal.message]:
                self.add_error(None, str(problem))


def _kept(rules: Any) -> dict[str, Any]:
    """Values by what they are asked of."""
    listed = rules if isinstance(rules, list) else []
    return {one["field"]: one["value"] for one in listed if {"field", "value"} <= set(one)}


def segment_form(offers: Offers) -> type[SegmentForm]:
    fields: dict[str, Any] = {}
    for part in PARTS:
        fields |= part.fields(offers)
    return type("AskingSegmentForm", (SegmentForm,), fields)


@admin.register(Segment)
class SegmentAdmin(ShopAdmin):
    """People by what they bought; a promotion may be for one of these."""

    list_display = ("name", "rules_words", "customers_now")
    search_fields = ("name",)
    ordering = ("name", "id")
    form = SegmentForm

    class Media:
        css = {"all": ("css/admin_promotions.css",)}
        js: ClassVar[Any] = (Script("js/rule_rows.js", type="module"),)

    @admin.display(description=lazy("rules, all of which hold"))
    def rules_words(self, segment: Segment) -> str:
        known: str | None = getattr(segment, "in_words", None)
        return words(segment.rules, offers()) if known is None else known

    @admin.display(description=lazy("customers now"))
    def customers_now(self, segment: Segment) -> SafeString:
        count = segments.size(segment, now=timezone.now())
        page = reverse("admin:marketing_segment_customers", args=[segment.pk])
        return format_html('<a class="text-primary-600" href="{}">{}</a>', page, count)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Rows know their rules in words: the names in them are looked up once for all."""
        page = super().get_changelist_instance(request)
        rows, found = list(page.result_list), offers_for(request)
        for row in rows:
            row.in_words = words(row.rules, found)
        page.result_list = rows
        return page

    # The page

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 — as Django calls it
        **kwargs: Any,
    ) -> Any:
        return super().get_form(
            request, obj, change, **{**kwargs, "form": segment_form(offers_for(request))}
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("customers_now", "rules_words") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = ("customers_now",) if obj else ()
        if obj and not self.has_change_permission(request, obj):
            return [(None, {"fields": ("name", "rules_words", "customers_now")})]
        names = tuple(name for part in PARTS for name in part.fields(offers_for(request)))
        told = _("What is filled in has to hold, all of it. Leave the rest empty.")
        return [
            (None, {"fields": ("name", *shown)}),
            (_("Who is in it"), {"fields": names, "description": told}),
        ]

    # Who is in it

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.customers_view)
        here = path("<int:pk>/customers/", view, name="marketing_segment_customers")
        return [here, *super().get_urls()]

    def customers_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        segment = get_object_or_404(Segment, pk=pk)
        if not self.has_view_permission(request, segment):
            raise PermissionDenied
        with_names = request.user.has_perm(SEE_PEOPLE)
        rows = segments.customers(segment, now=timezone.now()).order_by("email")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        if with_names:
            reading.seen(request, act=f"segment {segment.pk}", count=len(page.object_list))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Customers in “%(name)s”") % {"name": segment},
            "opts": self.opts,
            "words": words(segment.rules, offers_for(request)),
            "page": page,
            "customers": page.object_list if with_names else (),
            "with_names": with_names,
            "back": reverse("admin:marketing_segment_change", args=[pk]),
        }
        return TemplateResponse(request, "admin/marketing/segment/customers.html", context)
