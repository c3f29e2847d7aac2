"""What is done with a whole list of products: exported as filtered, edited together, worst first."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.admin import bulk, grid, history
from catalog.models import Product
from catalog.services import completeness
from shop.admin.base import ShopAdmin
from shop.admin.saved import tidy
from shop.audit.exports import marked, taken
from shop.processes import round_trip

CSV, XLSX = "csv", "xlsx"
# A workbook is written while somebody waits; a list streams.
MOST_IN_WORKBOOK = 5_000
GAPS_SHOWN = 2
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class GapFilter(admin.SimpleListFilter):
    title = lazy("what is missing")
    parameter_name = "gap"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return [(check.code, check.label) for check in completeness.CHECKS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:  # noqa: ARG002
        return queryset.filter(gaps__contains=[self.value()]) if self.value() else queryset


class ProductList(ShopAdmin):
    """Mixed into the list of products, which has the columns."""

    actions = ("edit_several", "export_csv", "export_xlsx")

    @admin.display(description=lazy("complete"), ordering="completeness")
    def complete(self, product: Product) -> SafeString:
        """The score, and the weightiest gaps as links to where they are filled."""
        form = reverse("admin:catalog_product_change", args=[product.pk])
        gaps = completeness.gaps_of(product)
        links = format_html_join(
            "", '<a href="{}#{}">{}</a>', ((form, g.anchor, g.label) for g in gaps[:GAPS_SHOWN])
        )
        more = f" +{len(gaps) - GAPS_SHOWN}" if len(gaps) > GAPS_SHOWN else ""
        return format_html(
            '<span class="score"><progress class="score__bar" max="100" value="{}"></progress>{} %'
            '</span><span class="gaps">{}{}</span>',
            product.completeness,
            product.completeness,
            links,
            more,
        )

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        here = tidy(request.GET)
        column = list(self.get_list_display(request)).index("complete") + 1
        tools = [(_("Worst first"), "", f"o={column}")]
        if self.has_change_permission(request):
            tools.append((_("Edit in a grid"), reverse("admin:catalog_product_grid"), here))
        if request.user.has_perms(["catalog.view_price", round_trip.COST]):
            tools.append((_("Price sheet"), reverse("admin:catalog_price_changelist"), ""))
        if request.user.has_perm("catalog.add_importrun"):
            tools.append((_("Import"), reverse("admin:catalog_importrun_add"), ""))
        for words, kind in ((_("Export CSV"), CSV), (_("Export Excel"), XLSX)):
            tools.append((words, reverse("admin:catalog_product_export", args=[kind]), here))
        return [
            {"words": words, "link": f"{page}?{query}" if query else page}
            for words, page, query in tools
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("export/<slug:kind>/", view(self.export_view), name="catalog_product_export"),
            path("several/", view(self.several_view), name="catalog_product_several"),
            path("grid/", view(self.grid_view), name="catalog_product_grid"),
            path("<int:pk>/changes/", view(self.changes_view), name="catalog_product_changes"),
            *super().get_urls(),
        ]

    # Going out

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The list as it is filtered, searched and ordered."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = self.listed(request)
        return self._export(request, kind, list(chosen.values_list("pk", flat=True)))

    @admin.action(description=lazy("Export as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, chosen: QuerySet[Product]) -> HttpResponseBase:
        return self._export(request, CSV, list(chosen.values_list("pk", flat=True)))

    @admin.action(description=lazy("Export as Excel"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, chosen: QuerySet[Product]) -> HttpResponseBase:
        return self._export(request, XLSX, list(chosen.values_list("pk", flat=True)))

    def _export(self, request: HttpRequest, kind: str, ids: list[int]) -> HttpResponseBase:
        ids = list(dict.fromkeys(ids))
        name = f"products-{timezone.localdate():%Y-%m-%d}.{kind}"
        with_cost = request.user.has_perm(round_trip.COST)
        if kind == CSV:
            mark = taken(request, act=name, count=len(ids))
            lines = marked(round_trip.as_csv(product_ids=ids, with_cost=with_cost), mark)
            told = {"Content-Disposition": f'attachment; filename="{name}"'}
            return StreamingHttpResponse(
                lines, content_type="text/csv; charset=utf-8", headers=told
            )
        if kind != XLSX or len(ids) > MOST_IN_WORKBOOK:
            words = _("A workbook takes %(count)s products: take CSV for more.")
            messages.error(request, words % {"count": MOST_IN_WORKBOOK})
            return HttpResponseRedirect(reverse("admin:catalog_product_changelist"))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            mark = taken(request, act=name, count=len(ids))
            round_trip.as_workbook(product_ids=ids, with_cost=with_cost, path=file, mark=mark)
            # An open file outlives its name.
            return FileResponse(
                file.open("rb"), filename=name, as_attachment=True, content_type=KIND
            )

    # Several at once, each on a page of its own

    @admin.action(description=lazy("Edit several …"), permissions=["change"])
    def edit_several(self, request: HttpRequest, chosen: QuerySet[Product]) -> HttpResponse:
        return bulk.ask(self, request, list(chosen.values_list("pk", flat=True)))

    def several_view(self, request: HttpRequest) -> HttpResponse:
        return bulk.show(self, request)

    def grid_view(self, request: HttpRequest) -> HttpResponse:
        return grid.show(self, request)

    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return history.show(self, request, pk)

    def history_view(
        self,
        request: HttpRequest,  # noqa: ARG002
        object_id: str,
        extra_context: Any = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Django's own log knows only that something was saved here."""
        return HttpResponseRedirect(reverse("admin:catalog_product_changes", args=[object_id]))
