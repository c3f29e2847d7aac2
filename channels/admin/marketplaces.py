"""Marketplaces: their files are brought here, their orders listed, the refused tried again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.models import ImportedOrder, Marketplace, OrderImport
from shop.admin.base import NEVER, ReadOnlyAdmin, ShopAdmin, badge
from shop.admin.kit import DropdownFilter, FileInput, Select
from shop.processes import marketplaces

RIGHT = "orders.enter_order"
LARGEST = 10 * 1024 * 1024
TAKEN, REFUSED = "taken", "refused"


class UploadForm(forms.Form):
    marketplace = forms.ModelChoiceField(
        queryset=Marketplace.objects.filter(is_active=True).order_by("name"),
        label=lazy("Marketplace"),
        widget=Select(),
    )
    file = forms.FileField(
        label=lazy("File"),
        help_text=lazy("A table (CSV) with a row per piece, or JSON. At most 10 MB."),
        widget=FileInput(),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("At most 10 MB: split the file."))
        return file


@admin.register(Marketplace)
class MarketplaceAdmin(ShopAdmin):
    list_display = ("name", "code", "market", "is_active")
    list_select_related = ("market",)
    search_fields = ("name", "code")
    ordering = ("name",)


@admin.register(OrderImport)
class OrderImportAdmin(ReadOnlyAdmin):
    list_display = ("name", "marketplace", "asked_at", "total", "news", "known", "left", "state")
    list_select_related = ("marketplace",)
    list_filter = ("marketplace",)
    search_fields = ("name",)
    ordering = ("-asked_at", "-id")

    @admin.display(description=lazy("new"), ordering="created")
    def news(self, run: OrderImport) -> SafeString | str:
        return _rows(run, run.created, TAKEN)

    @admin.display(description=lazy("refused"), ordering="refused")
    def left(self, run: OrderImport) -> SafeString | str:
        return _rows(run, run.refused, REFUSED)

    @badge(lazy("state"), {"done": "success", "failed": "danger", "waits": "info"})
    def state(self, run: OrderImport) -> tuple[str, str]:
        if run.problem:
            return "failed", run.problem
        return ("done", _("Read")) if run.finished_at else ("waits", _("Being read"))

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = [*super().list_tools(request)]
        if request.user.has_perm(RIGHT):
            link = reverse("admin:channels_orderimport_upload")
            tools.insert(0, {"words": _("Bring a file of orders"), "link": link})
        return tools

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("upload/", wrap(self.upload_view), name="channels_orderimport_upload"),
            *super().get_urls(),
        ]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file; a worker reads it."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            marketplaces.bring(
                marketplace=form.cleaned_data["marketplace"],
                file=form.cleaned_data["file"],
                actor=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
            messages.success(request, _("The file is being read: look again in a moment."))
            return HttpResponseRedirect(reverse("admin:channels_orderimport_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring a file of orders"),
            "form": form,
            "has_any": Marketplace.objects.filter(is_active=True).exists(),
        }
        status = 422 if form.is_bound else 200
        template = "admin/channels/orderimport/upload.html"
        return TemplateResponse(request, template, context, status=status)


class StateFilter(DropdownFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(TAKEN, _("Taken")), (REFUSED, _("Refused"))]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[ImportedOrder],
    ) -> QuerySet[ImportedOrder]:
        if self.value() not in (TAKEN, REFUSED):
            return queryset
        return queryset.filter(order__isnull=self.value() == REFUSED)


def refused_orders() -> QuerySet[ImportedOrder]:
    return ImportedOrder.objects.filter(order=None)


@admin.register(ImportedOrder)
class ImportedOrderAdmin(ReadOnlyAdmin):
    list_display = ("reference", "marketplace", "link", "problem", "at")
    list_select_related = ("marketplace", "order")
    list_filter = (StateFilter, "marketplace", "run")
    search_fields = ("reference", "order__number")
    search_help_text = lazy("Their number or ours")
    ordering = ("-at", "-id")
    actions = ("try_again",)

    @admin.display(description=lazy("order"))
    def link(self, row: ImportedOrder) -> SafeString | str:
        if row.order is None:
            return NEVER
        url = reverse("admin:orders_order_change", args=[row.order_id])
        return format_html('<a href="{}">{}</a>', url, row.order.number)

    def has_enter_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    @admin.action(description=lazy("Try again"), permissions=["enter"])
    def try_again(self, request: HttpRequest, chosen: QuerySet[ImportedOrder]) -> None:
        """Each for itself, with its own word."""
        for row in chosen.filter(order=None).select_related("run__marketplace__market"):
            again = marketplaces.try_again(row=row, now=timezone.now())
            if again.order is None:
                words = f"{again.reference}: {again.problem}"
                self.message_user(request, words, messages.ERROR)
            else:
                words = f"{again.reference}: {again.order.number}"
                self.message_user(request, words, messages.SUCCESS)


def _rows(run: OrderImport, count: int, state: str) -> SafeString | str:
    if not count:
        return "0"
    url = reverse("admin:channels_importedorder_changelist")
    query = f"?run__id__exact={run.pk}&state={state}"
    return format_html('<a href="{}{}">{}</a>', url, query, count)
