"""Invoices and credit notes: found, read, downloaded; one by one or by the month."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.models import Document
from payments.services import documents
from payments.services.documents import printing, wording
from payments.views.documents import as_file, file_response
from shop.admin.base import ReadOnlyAdmin, badge, button, is_list
from shop.audit.exports import taken
from shop.lib.batches import read_in_parts
from shop.templatetags.shop_text import money

NAME = "payments_document"
MONTH = "month"
CHUNK = 50
MOST_IN_A_BUNDLE = 5000


class MonthFilter(admin.SimpleListFilter):
    title = lazy("month")
    parameter_name = MONTH

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        months = Document.objects.annotate(month=TruncMonth("issued_on")).values_list("month")
        return [
            (f"{month:%Y-%m}", date_format(month, "F Y"))
            for (month,) in months.distinct().order_by("-month")
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:  # noqa: ARG002
        month = month_of(self.value())
        return (
            queryset.filter(issued_on__gte=month[0], issued_on__lt=month[1]) if month else queryset
        )


def month_of(value: str | None) -> tuple[dt.date, dt.date] | None:
    """First day, and the first day after; None for what is no month."""
    try:
        first = parse_date(f"{value or ''}-01")
    except ValueError:
        return None
    if first is None:
        return None
    return first, (first + dt.timedelta(days=31)).replace(day=1)


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """What was issued; nobody changes it."""

    list_display = ("label", "kind", "order", "buyer", "sum", "issued_on", "state")
    list_select_related = ("order",)
    list_filter = ("kind", MonthFilter)
    search_fields = ("label", "=order__number", "order__name", "order__company", "=order__email")
    search_help_text = lazy("Number, order, name or e-mail")
    ordering = ("-issued_at", "-id")
    fields = ("label", "kind", "order", "issued_at", "state", "digest", "made_at", "sheet")
    readonly_fields = ("state", "sheet")
    actions = ("bundle",)
    actions_detail = ("pdf", "xml")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        rows = super().get_queryset(request)
        return rows.defer("content") if is_list(request) else rows

    @admin.display(description=lazy("buyer"), ordering="order__name")
    def buyer(self, document: Document) -> str:
        return document.order.company or document.order.name

    @admin.display(description=lazy("total"), ordering="total")
    def sum(self, document: Document) -> str:
        return money(document.total, document.currency)

    @badge(lazy("PDF"), {"made": "success", "waiting": "warning"}, ordering="made_at")
    def state(self, document: Document) -> tuple[str, str]:
        return ("made", _("made")) if document.pdf else ("waiting", _("being made"))

    @admin.display(description=lazy("content"))
    def sheet(self, document: Document) -> SafeString:
        with translation.override(document.content["language"]):
            page = wording.page(document.content)
        return render_to_string("admin/payments/document/_sheet.html", {"page": page})

    # Files

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/pdf/", wrap(self.pdf_view), name=f"{NAME}_pdf"),
            path("<int:pk>/xml/", wrap(self.xml_view), name=f"{NAME}_xml"),
            path("month.zip", wrap(self.month_view), name=f"{NAME}_month"),
            *super().get_urls(),
        ]

    @button(lazy("PDF"), "picture_as_pdf")
    def pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse(f"admin:{NAME}_pdf", args=[object_id]))

    @button(lazy("XML (EN 16931)"), "data_object")
    def xml(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse(f"admin:{NAME}_xml", args=[object_id]))

    def pdf_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._allowed(request, pk)
        if found.pdf:
            return file_response(found)
        documents.ask_for(found, now=timezone.now())
        self.message_user(request, _("The page is still being made. Please try again."))
        return HttpResponseRedirect(reverse(f"admin:{NAME}_change", args=[pk]))

    def xml_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self._allowed(request, pk)
        xml = printing.xml(found.content)
        return as_file(xml, name=f"{found.label}.xml", mime="application/xml")

    def _allowed(self, request: HttpRequest, pk: int) -> Document:
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(Document, pk=pk)

    # Many at once

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        tools = super().list_tools(request)
        month = request.GET.get(MONTH, "")
        if not month_of(month):
            return tools
        link = f"{reverse(f'admin:{NAME}_month')}?{MONTH}={month}"
        return [{"words": _("The month as ZIP"), "link": link}, *tools]

    def month_view(self, request: HttpRequest) -> HttpResponseBase:
        month = month_of(request.GET.get(MONTH))
        if not month or not self.has_view_permission(request):
            raise Http404
        rows = Document.objects.filter(issued_on__gte=month[0], issued_on__lt=month[1])
        return _bundle(request, rows, f"documents-{month[0]:%Y-%m}.zip")

    @admin.action(description=lazy("Download as ZIP"), permissions=["view"])
    def bundle(self, request: HttpRequest, chosen: QuerySet[Document]) -> HttpResponseBase:
        return _bundle(request, chosen, "documents.zip")


def _bundle(request: HttpRequest, rows: QuerySet[Document], name: str) -> StreamingHttpResponse:
    in_order = rows.defer("content").order_by("kind", "number")[:MOST_IN_A_BUNDLE]
    mark = taken(request, act=name, count=in_order.count())
    return StreamingHttpResponse(
        _pieces(in_order, mark),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _pieces(rows: QuerySet[Document], mark: str) -> Iterator[bytes]:
    yield from documents.zipped(read_in_parts(rows, CHUNK), mark=mark)
